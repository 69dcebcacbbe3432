/** A core on the real bus, and calls of single exec functions, for tests. */
import { Bus } from '../bus/bus.ts';
import { Memory } from '../memory/memory.ts';
import { assemble } from './assemble.ts';
import type { Program } from './assemble.ts';
import { CodeCache } from './code-cache.ts';
import { PRID, VECTOR } from './config.ts';
import { run } from './interpreter.ts';
import type { Lane } from './interpreter.ts';
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
  return makeCore().cpu;
}

/** One bus for all tests of a file: its tables are large. */
const memory = new Memory({ flashSize: 0x10000, psramSize: 0x10000 });
const bus = new Bus(memory, { unmodelled: () => {}, warn: () => {} });
bus.setClocks(240_000_000, 80_000_000);

function makeCore(): { cpu: Cpu; code: CodeCache } {
  const port = bus.ports[0]!;
  port.words.fill(0);
  port.fault = -1;
  port.waitCycles = 0;
  port.drainCycles = 0;
  const cpu = new Cpu('PRO_CPU', PRID.PRO_CPU, port);
  bus.applyRegionProtection(0, cpu.itlbAttribute, cpu.dtlbAttribute);
  start(cpu);
  const code = new CodeCache(
    cpu.port,
    (backing, length) => bus.watchCode(backing, length),
    () => false,
  );
  cpu.onRegionAttribute = () => {
    bus.applyRegionProtection(0, cpu.itlbAttribute, cpu.dtlbAttribute);
    code.clear();
    cpu.limit = cpu.cycle;
  };
  return { cpu, code };
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

/** Where VECBASE points in listings. */
export const VECBASE = 0x40080000;

/**
 * A guest program on the reference interpreter. Sections named after a vector (`.User`,
 * `.WindowOverflow8`, `.Level3` ...) lie at that vector; `.text` at CODE, `.data` at DATA.
 */
export class Listing {
  readonly cpu: Cpu;
  readonly program: Program;
  private readonly lane: Lane;

  constructor(source: string) {
    const origins: Record<string, number> = {
      '.text': CODE,
      '.literal': CODE - 0x80,
      '.data': DATA,
    };
    for (const [name, offset] of Object.entries(VECTOR)) origins[`.${name}`] = VECBASE + offset;
    const text = source.replaceAll(/^\s*vector (\w+)$/gm, '.section .$1, "ax"');
    this.program = assemble(text, { origins });
    const { cpu, code } = makeCore();
    this.cpu = cpu;
    this.lane = { cpu, code };
    for (const { address, bytes } of this.program.sections) this.poke(address, bytes);
    cpu.vecbase = VECBASE;
  }

  private poke(address: number, bytes: Uint8Array): void {
    const { port } = this.cpu;
    for (let i = 0; i < bytes.length; i += 4) {
      let word = 0;
      for (let k = 0; k < 4; k++) word |= (bytes[i + k] ?? 0) << (8 * k);
      port.write32(address + i, word);
    }
    port.waitCycles = 0;
    port.drainCycles = 0;
  }

  at(label: string): number {
    return this.program.address(label) | 0;
  }

  /** One instruction, or one interrupt entry. */
  step(): this {
    run(this.lane, (this.cpu.cycle + 1) | 0);
    return this;
  }

  /** Runs until the next instruction is that of `label`; cycles taken. Fails after `limit` steps. */
  runTo(label: string, limit = 20_000): number {
    const target = this.at(label);
    const from = this.cpu.cycle;
    for (let steps = 0; this.cpu.pc !== target || steps === 0; steps++) {
      if (steps === limit) throw new Error(`${label} not reached; pc ${this.cpu.pc.toString(16)}`);
      this.step();
    }
    return (this.cpu.cycle - from) | 0;
  }

  /** Runs for a number of cycles. */
  runFor(cycles: number): this {
    run(this.lane, (this.cpu.cycle + cycles) | 0);
    return this;
  }
}

/** The six window handlers as every Xtensa system has them: frames lie below the callee's stack. */
export const WINDOW_VECTORS = `
    vector WindowOverflow4
    s32e a0, a5, -16
    s32e a1, a5, -12
    s32e a2, a5, -8
    s32e a3, a5, -4
    rfwo
    vector WindowUnderflow4
    l32e a0, a5, -16
    l32e a1, a5, -12
    l32e a2, a5, -8
    l32e a3, a5, -4
    rfwu
    vector WindowOverflow8
    s32e a0, a9, -16
    l32e a0, a1, -12
    s32e a1, a9, -12
    s32e a2, a9, -8
    s32e a3, a9, -4
    s32e a4, a0, -32
    s32e a5, a0, -28
    s32e a6, a0, -24
    s32e a7, a0, -20
    rfwo
    vector WindowUnderflow8
    l32e a0, a9, -16
    l32e a1, a9, -12
    l32e a2, a9, -8
    l32e a7, a1, -12
    l32e a3, a9, -4
    l32e a4, a7, -32
    l32e a5, a7, -28
    l32e a6, a7, -24
    l32e a7, a7, -20
    rfwu
    vector WindowOverflow12
    s32e a0, a13, -16
    l32e a0, a1, -12
    s32e a1, a13, -12
    s32e a2, a13, -8
    s32e a3, a13, -4
    s32e a4, a0, -48
    s32e a5, a0, -44
    s32e a6, a0, -40
    s32e a7, a0, -36
    s32e a8, a0, -32
    s32e a9, a0, -28
    s32e a10, a0, -24
    s32e a11, a0, -20
    rfwo
    vector WindowUnderflow12
    l32e a0, a13, -16
    l32e a1, a13, -12
    l32e a2, a13, -8
    l32e a11, a1, -12
    l32e a3, a13, -4
    l32e a4, a11, -48
    l32e a5, a11, -44
    l32e a6, a11, -40
    l32e a7, a11, -36
    l32e a8, a11, -32
    l32e a9, a11, -28
    l32e a10, a11, -24
    l32e a11, a11, -20
    rfwu
`;
