/** A core on the real bus, and calls of single exec functions, for tests. */
import { Bus } from '../bus/bus.ts';
import { Memory } from '../memory/memory.ts';
import { PRID } from './config.ts';
import { updateWindow } from './window.ts';
import { Cpu } from './state.ts';

export type Exec = (cpu: Cpu, r: number, s: number, t: number, imm: number) => void;

/** Where code and data of the tests lie: SRAM0 and SRAM2. */
export const CODE = 0x40080400;
export const DATA = 0x3ffb0000;
/** A seed of fast-check for every test, printed with each failure. */
export const SEED = 0x4c583620;
export const RUNS = { seed: SEED, numRuns: 500 } as const;

/** PRO_CPU of a machine without devices, out of reset, with PS = WOE, UM, all else 0, at CODE. */
export function makeCpu(): Cpu {
  const memory = new Memory({ flashSize: 0x10000, psramSize: 0x10000 });
  const bus = new Bus(memory, { unmodelled: () => {}, warn: () => {} });
  bus.setClocks(240_000_000, 80_000_000);
  const cpu = new Cpu('PRO_CPU', PRID.PRO_CPU, bus.ports[0]!);
  cpu.onRegionAttribute = (core) =>
    bus.applyRegionProtection(0, core.itlbAttribute, core.dtlbAttribute);
  start(cpu);
  return cpu;
}

/** Back to the state that `makeCpu` gives; registers, memory and time stay. */
export function start(cpu: Cpu): void {
  cpu.reset(CODE);
  cpu.psIntlevel = 0;
  cpu.psExcm = 0;
  cpu.psUm = 1;
  cpu.psWoe = 1;
  updateWindow(cpu);
  cpu.limit = (cpu.cycle + 0x40000000) | 0;
}

/** One instruction as the interpreter runs it, without operand checks, waits and loop-back. */
export function execute(
  cpu: Cpu,
  exec: Exec,
  slots: { r?: number; s?: number; t?: number; imm?: number; length?: number } = {},
): void {
  cpu.nextPc = (cpu.pc + (slots.length ?? 3)) | 0;
  exec(cpu, slots.r ?? 0, slots.s ?? 0, slots.t ?? 0, slots.imm ?? 0);
  cpu.cycle = (cpu.cycle + 1) | 0;
}

/** Sets a4, a5 and a3, runs `exec` with r, s, t = 3, 4, 5 and returns a3. */
export function apply(cpu: Cpu, exec: Exec, a4: number, a5: number, imm = 0, a3 = 0): number {
  cpu.setA(3, a3);
  cpu.setA(4, a4);
  cpu.setA(5, a5);
  execute(cpu, exec, { r: 3, s: 4, t: 5, imm });
  return cpu.a(3);
}

/** The low 32 bits of a BigInt as int32. */
export function int32(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

export function unsigned(value: number): bigint {
  return BigInt.asUintN(32, BigInt(value));
}
