/**
 * NOR flash chips found on ESP32 modules: identity, registers and typical durations.
 *
 * Durations are the "typical" column of the AC characteristics of the makers' data sheets
 * (GD25Q32C, W25Q32JV, XM25QH32B, MX25L3233F, IS25LP032D and their siblings of other sizes); silicon
 * spreads widely around them and slows down with wear. Confidence M for GD and Winbond, L for the rest.
 */
export interface FlashChip {
  readonly name: string;
  /** JEDEC id: manufacturer, type, capacity code (log2 of the bytes). */
  readonly jedec: readonly [number, number, number];
  /** Device id answered to AB and 90. */
  readonly deviceId: number;
  /** Register (1 or 2) and bit of Quad Enable. */
  readonly quadEnable: { readonly register: 1 | 2; readonly bit: number };
  /** Status registers 2 and 3 exist, with their 35/31 and 15/11 commands. */
  readonly threeStatusRegisters: boolean;
  readonly timesUs: FlashTimes;
}

/** Microseconds. */
export interface FlashTimes {
  /** First byte of a page program, each further byte, and the ceiling: a whole page. */
  readonly firstByte: number;
  readonly nextByte: number;
  readonly page: number;
  readonly sector4K: number;
  readonly block32K: number;
  readonly block64K: number;
  readonly chip: number;
  readonly statusWrite: number;
  readonly suspend: number;
  readonly reset: number;
}

const WINBOND: Omit<FlashTimes, 'chip'> = {
  firstByte: 30,
  nextByte: 2.5,
  page: 400,
  sector4K: 45_000,
  block32K: 120_000,
  block64K: 150_000,
  statusWrite: 10_000,
  suspend: 20,
  reset: 30,
};
const GIGADEVICE: Omit<FlashTimes, 'chip'> = {
  firstByte: 30,
  nextByte: 2.5,
  page: 600,
  sector4K: 50_000,
  block32K: 150_000,
  block64K: 250_000,
  statusWrite: 5_000,
  suspend: 20,
  reset: 20,
};

const QE_IN_SR2 = { register: 2, bit: 1 } as const;
const QE_IN_SR1 = { register: 1, bit: 6 } as const;

function gigadevice(name: string, code: number, chipSeconds: number): FlashChip {
  return {
    name,
    jedec: [0xc8, 0x40, code],
    deviceId: code - 1,
    quadEnable: QE_IN_SR2,
    threeStatusRegisters: true,
    timesUs: { ...GIGADEVICE, chip: chipSeconds * 1e6 },
  };
}

function winbond(name: string, code: number, chipSeconds: number): FlashChip {
  return {
    ...gigadevice(name, code, chipSeconds),
    jedec: [0xef, 0x40, code],
    timesUs: { ...WINBOND, chip: chipSeconds * 1e6 },
  };
}

function quadEnableInStatus1(name: string, maker: number, type: number, code: number): FlashChip {
  return {
    ...gigadevice(name, code, 15),
    jedec: [maker, type, code],
    quadEnable: QE_IN_SR1,
    threeStatusRegisters: false,
  };
}

/** Capacity codes: 0x14 1 MB, 0x15 2 MB, 0x16 4 MB, 0x17 8 MB, 0x18 16 MB. */
export const FLASH_CHIPS: readonly FlashChip[] = [
  gigadevice('GD25Q80C', 0x14, 4),
  gigadevice('GD25Q16C', 0x15, 7),
  gigadevice('GD25Q32C', 0x16, 15),
  gigadevice('GD25Q64C', 0x17, 25),
  gigadevice('GD25Q127C', 0x18, 50),
  winbond('W25Q16JV', 0x15, 5),
  winbond('W25Q32JV', 0x16, 10),
  winbond('W25Q64JV', 0x17, 20),
  winbond('W25Q128JV', 0x18, 40),
  { ...winbond('XM25QH32B', 0x16, 12), jedec: [0x20, 0x40, 0x16] },
  { ...winbond('XM25QH64C', 0x17, 24), jedec: [0x20, 0x40, 0x17] },
  { ...winbond('XM25QH128C', 0x18, 48), jedec: [0x20, 0x40, 0x18] },
  quadEnableInStatus1('MX25L3233F', 0xc2, 0x20, 0x16),
  quadEnableInStatus1('MX25L6433F', 0xc2, 0x20, 0x17),
  quadEnableInStatus1('IS25LP032D', 0x9d, 0x60, 0x16),
  quadEnableInStatus1('IS25LP064D', 0x9d, 0x60, 0x17),
];

/** The chip of that name, or of the JEDEC id written as six hexadecimal digits. */
export function findFlashChip(nameOrId: string): FlashChip | undefined {
  const wanted = nameOrId.toLowerCase();
  return FLASH_CHIPS.find(
    (chip) => chip.name.toLowerCase() === wanted || jedecText(chip) === wanted,
  );
}

/** The GigaDevice chip of that size in bytes: what most modules carry. */
export function flashChipOfSize(sizeBytes: number): FlashChip | undefined {
  return FLASH_CHIPS.find((chip) => flashSizeBytes(chip) === sizeBytes);
}

export function flashSizeBytes(chip: FlashChip): number {
  return 2 ** chip.jedec[2];
}

export function jedecText(chip: FlashChip): string {
  return chip.jedec.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
