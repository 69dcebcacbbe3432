/** What lies at an instruction address, for people (TRM, "System and Memory"). */

const FLASH = { base: 0x400c2000, end: 0x40c00000 } as const;
/** SRAM0 behind the caches' 64 KiB: what a linker script calls `iram0_0_seg`. */
export const IRAM = { base: 0x40080000, end: 0x400a0000 } as const;

const REGIONS: readonly { readonly base: number; readonly end: number; readonly name: string }[] = [
  { base: 0x40000000, end: 0x40060000, name: 'ROM' },
  { base: 0x40070000, end: 0x400c0000, name: 'IRAM' },
  { base: 0x400c0000, end: 0x400c2000, name: 'RTC fast' },
  { ...FLASH, name: 'flash' },
  { base: 0x50000000, end: 0x50002000, name: 'RTC slow' },
];

export function regionName(address: number): string {
  const region = REGIONS.find(({ base, end }) => address >= base && address < end);
  return region?.name ?? 'code';
}

/** Whether instructions there come from flash through the cache. */
export function isFlashCode(address: number): boolean {
  return address >= FLASH.base && address < FLASH.end;
}
