/**
 * Region Protection Option: eight regions of 512 MiB, each with an attribute for fetches and one
 * for data. Xtensa ISA Reference Manual, "Region Protection Option".
 * The bus enforces the access rights; here are the entries, and what S32C1I makes of them.
 * Also the local memory ports of the core (`core-isa.h`), which S32C1I distinguishes.
 */
import type { Cpu } from './state.ts';

/** Position of the ATOMCTL field for each attribute: BY 0, WT 2, WB 4; -1: S32C1I always faults. */
const ATOMCTL_FIELD = [2, 2, 0, 4, 4, 4, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1];

/** Local memory ports from DROM0 to IROM0, in address order; all else goes out to the bus (PIF). */
// prettier-ignore
const LOCAL_PORTS = [
  { name: 'DROM0', base: 0x3f400000, size: 0x400000, dataRam: false },
  { name: 'DRAM1', base: 0x3f800000, size: 0x400000, dataRam: true },
  { name: 'XLMI0', base: 0x3ff00000, size: 0x080000, dataRam: false },
  { name: 'DRAM0', base: 0x3ff80000, size: 0x080000, dataRam: true },
  { name: 'IRAM0', base: 0x40000000, size: 0x400000, dataRam: false },
  { name: 'IRAM1', base: 0x40400000, size: 0x400000, dataRam: false },
  { name: 'IROM0', base: 0x40800000, size: 0x400000, dataRam: false },
] as const;

/**
 * Whether S32C1I can be carried out at `address`: always on the data RAM ports, never on the other
 * local ports, and on the bus when the field of ATOMCTL for the region's attribute is 1 (bus
 * transaction) or 2 (inside the core). The reset value refuses uncached bus addresses.
 */
export function atomicAllowed(cpu: Cpu, address: number): boolean {
  const addr = address >>> 0;
  for (const port of LOCAL_PORTS)
    if (addr >= port.base && addr - port.base < port.size) return port.dataRam;
  const field = ATOMCTL_FIELD[cpu.dtlbAttribute[addr >>> 29]!]!;
  const mode = field < 0 ? 0 : (cpu.atomctl >> field) & 3;
  return mode === 1 || mode === 2;
}

/** WITLB, WDTLB: only the attribute can be written, translation being the identity. */
export function writeRegion(cpu: Cpu, data: boolean, address: number, entry: number): void {
  (data ? cpu.dtlbAttribute : cpu.itlbAttribute)[address >>> 29] = entry & 15;
  if (cpu.onRegionAttribute !== null) cpu.onRegionAttribute(cpu);
}
