/**
 * Random user-level programs: arithmetic, forward branches, hardware loops, loads and stores in a scratch area, calls
 * through register windows and recursion deep enough to spill any register file.
 *
 * A program is a tree of units, so that a failing one can be shrunk by leaving units out. It never lets an address
 * reach a compared register: a0 and a1 are reserved, a register used as base is overwritten after the access, and what
 * a call leaves in the caller's registers (return address, stack pointer) is overwritten after the return.
 */
import { TEMPLATES } from './instructions.ts';
import type { PlainOption } from './instructions.ts';
import { Random, interestingFloat, interestingWord } from './random.ts';

/** Straight-line code, an if (skipped when the branch is taken) or a hardware loop. */
export type Unit =
  | { kind: 'code'; lines: string[] }
  | { kind: 'if'; branch: string; body: Unit[] }
  | { kind: 'loop'; setup: string[]; loop: string; body: Unit[] };

export interface Subroutine {
  /** Window increment of its callers: 4, 8, 12, or 0 for CALL0. */
  call: 0 | 4 | 8 | 12;
  body: Unit[];
}

/** Initial values, in the order in which the driver loads them (driver.ts). */
export interface Program {
  seed: number;
  float: boolean;
  /** Words of the initial state: a2..a15, SAR, SCOMPARE1, ACCLO, ACCHI, M0..M3, scratch seed, BR, FCR, FSR, F0..F15. */
  state: number[];
  body: Unit[];
  subroutines: Subroutine[];
}

/** Bytes of scratch memory below which the body may access a1 + offset. */
export const SCRATCH_BYTES = 256;
/** A subroutine's own frame: entry size and how much of it is free for data. */
export const FRAME_BYTES = 128;
const FRAME_DATA_BYTES = 64;
/** Where the body keeps a0 over a CALL0 (see driver.ts for the frame). */
const SAVED_A0 = 496;

/**
 * A jump to the next instruction. QEMU 7.2 keeps MR and BR in several TCG variables that share their memory, so that
 * within one translation block a value written through one name is not seen through another; a jump ends the block.
 */
export const BARRIER = 'barrier';
const NEEDS_BARRIER = /^([wx]sr\.(m\d|br)|(and|or|xor)bc?|(any|all)\d|(un|[ou](eq|lt|le))\.s) /;

const OPTIONS: PlainOption[] = ['base', 'base', 'base', 'density', 'mul', 'misc', 'mac16'];
const FLOAT_OPTIONS: PlainOption[] = ['float', 'float', 'boolean', 'base'];

class Generator {
  private readonly random: Random;
  private readonly float: boolean;
  private readonly subroutines: Subroutine[] = [];
  /** Bytes of memory at a1 that the code being generated may use. */
  private dataBytes = SCRATCH_BYTES;
  private insideLoop = false;

  constructor(seed: number, float: boolean) {
    this.random = new Random(seed);
    this.float = float;
  }

  program(seed: number): Program {
    const body = this.units(this.random.between(6, 28), 0);
    return { seed, float: this.float, state: this.state(), body, subroutines: this.subroutines };
  }

  private state(): number[] {
    const { random } = this;
    const words = (count: number): number[] =>
      Array.from({ length: count }, () => interestingWord(random));
    const acchi = (random.bits() << 24) >> 24;
    const integer = [
      ...words(14),
      random.below(33),
      ...words(2),
      acchi,
      ...words(4),
      random.bits(),
    ];
    if (!this.float) return integer;
    const fcr = random.pick([0, 1, 2, 3]);
    const floats = Array.from({ length: 15 }, () => interestingFloat(random));
    return [...integer, random.bits() & 0xffff, fcr, 0, ...floats, 0x3fc00000];
  }

  private units(count: number, depth: number): Unit[] {
    return Array.from({ length: count }, () => this.unit(depth));
  }

  private unit(depth: number): Unit {
    const { random } = this;
    const choice = random.below(100);
    if (depth < 2 && choice < 8) return this.ifUnit(depth);
    if (depth < 2 && choice < 12 && !this.insideLoop) return this.loopUnit(depth);
    if (choice < 26) return code(...this.memory());
    if (choice < 30 && this.subroutines.length < 4 && depth < 2) return code(...this.call());
    if (choice < 33) return code(...this.division());
    if (choice < 35) return code(...this.atomic());
    if (choice < 37) return code(...this.macLoad());
    if (choice < 38) return code(...this.shiftAmount());
    if (choice < 41) return code(`l32r ${this.register()}, ${interestingWord(random)}`);
    if (this.float && choice < 62) return code(...this.arithmetic());
    if (this.float && choice < 68) return code(...this.floatMemory());
    if (this.float && choice < 70) return code(...this.floatControl());
    if (this.float && choice < 73) return code(...this.scaledConversion());
    return code(
      ...this.plain(random.pick(this.float && random.oneIn(2) ? FLOAT_OPTIONS : OPTIONS)),
    );
  }

  /** Any data register. */
  private register(): string {
    return `a${this.random.between(2, 15)}`;
  }

  /** Replaces the placeholders of instructions.ts. */
  private fill(template: string): string {
    const { random } = this;
    return template.replace(/\{([^}]*)\}|\b[DSBFMXY]\b/g, (word, immediate: string | undefined) => {
      if (immediate !== undefined) return this.immediate(immediate);
      switch (word) {
        case 'B':
          return `b${random.below(15)}`;
        case 'F':
          return `f${random.below(15)}`;
        case 'M':
          return `m${random.below(4)}`;
        case 'X':
          return `m${random.below(2)}`;
        case 'Y':
          return `m${random.between(2, 3)}`;
        default:
          return this.register();
      }
    });
  }

  private immediate(text: string): string {
    const range = /^(-?\d+)\.\.(-?\d+)(?::(\d+))?$/.exec(text);
    if (range === null) return this.random.pick(text.split('|'));
    const [low, high, step] = [Number(range[1]), Number(range[2]), Number(range[3] ?? 1)];
    if (this.random.oneIn(4)) return String(this.random.pick([low, high]));
    return String(low + this.random.below((high - low) / step + 1) * step);
  }

  private plain(option: PlainOption): string[] {
    const lines = this.fill(this.random.pick(TEMPLATES[option])).split('\n');
    return NEEDS_BARRIER.test(lines.at(-1)!) ? [...lines, BARRIER] : lines;
  }

  /** An FPU operation whose result, when it is a NaN, becomes f15: the chip and QEMU choose between two NaNs differently. */
  private arithmetic(): string[] {
    const line = this.fill(this.random.pick(TEMPLATES.floatArithmetic));
    const result = /f\d+/.exec(line)![0];
    return [line, ...quiet(result)];
  }

  private offset(alignment: number, highest: number): number {
    const limit = Math.min(highest, this.dataBytes - 4);
    return this.random.below(Math.floor(limit / alignment) + 1) * alignment;
  }

  /** A load or store at a1, or through another register that holds an address for its time. */
  private memory(): string[] {
    const { random } = this;
    const isLoad = random.oneIn(2);
    const template = random.pick(isLoad ? TEMPLATES.loads : TEMPLATES.stores);
    const [mnemonic, , alignment, highest] = template.split(' ') as [
      string,
      string,
      string,
      string,
    ];
    const offset = this.offset(Number(alignment), Number(highest));
    const value = this.register();
    if (random.oneIn(2)) return [`${mnemonic} ${value}, a1, ${offset}`];
    const base = this.otherThan(value);
    const part = Math.min(random.below(offset / Number(alignment) + 1) * Number(alignment), 124);
    return [
      `addi ${base}, a1, ${part}`,
      `${mnemonic} ${value}, ${base}, ${offset - part}`,
      this.overwrite(base),
    ];
  }

  private otherThan(...taken: string[]): string {
    for (;;) {
      const register = this.register();
      if (!taken.includes(register)) return register;
    }
  }

  /** Forgets an address. */
  private overwrite(register: string): string {
    return `movi ${register}, ${this.random.between(-2048, 2047)}`;
  }

  /** The divisor is made odd, so that it is not zero. */
  private division(): string[] {
    const one = this.register();
    const divisor = this.otherThan(one);
    const mnemonic = this.random.pick(['quou', 'quos', 'remu', 'rems']);
    return [
      `movi.n ${one}, 1`,
      `or ${divisor}, ${divisor}, ${one}`,
      `${mnemonic} ${this.register()}, ${this.register()}, ${divisor}`,
    ];
  }

  private atomic(): string[] {
    const offset = this.offset(4, 1020);
    const lines = [`s32c1i ${this.register()}, a1, ${offset}`];
    if (this.random.oneIn(2)) {
      const expected = this.register();
      lines.unshift(`l32i ${expected}, a1, ${offset}`, `wsr.scompare1 ${expected}`);
    }
    if (this.random.oneIn(3)) lines.push(`rsr.scompare1 ${this.register()}`);
    return lines;
  }

  /** LDINC, LDDEC and MULA with a load: the base register moves by 4 before the load. */
  private macLoad(): string[] {
    const { random } = this;
    const base = this.register();
    const target = `m${random.below(4)}`;
    const step = random.pick(['ldinc', 'lddec']);
    const halves = random.pick(['ll', 'hl', 'lh', 'hh']);
    const operation = random.pick([
      `${step} ${target}, ${base}`,
      `mula.da.${halves}.${step} ${target}, ${base}, m${random.below(2)}, ${this.otherThan(base)}`,
      `mula.dd.${halves}.${step} ${target}, ${base}, m${random.below(2)}, m${random.between(2, 3)}`,
    ]);
    return [
      `addi ${base}, a1, ${random.between(1, 10) * 4}`,
      operation,
      this.overwrite(base),
      BARRIER,
    ];
  }

  private floatMemory(): string[] {
    const { random } = this;
    const offset = this.offset(4, 120);
    const register = `f${random.below(15)}`;
    const base = this.register();
    const index = this.otherThan(base);
    const lines = random.pick([
      [`lsi ${register}, a1, ${offset}`],
      [
        `addi ${base}, a1, 0`,
        `lsip ${register}, ${base}, ${offset}`,
        `lsi ${register}, ${base}, 0`,
      ],
      [`movi ${index}, ${offset}`, `lsx ${register}, a1, ${index}`],
      [`movi ${index}, ${offset}`, `addi ${base}, a1, 4`, `lsxp ${register}, ${base}, ${index}`],
      [`ssi ${register}, a1, ${offset}`],
      [`addi ${base}, a1, 4`, `ssip ${register}, ${base}, ${offset}`, `s32i ${index}, ${base}, 0`],
      [`movi ${index}, ${offset}`, `ssx ${register}, a1, ${index}`],
      [`movi ${index}, ${offset}`, `addi ${base}, a1, 4`, `ssxp ${register}, ${base}, ${index}`],
    ]);
    return [...lines, this.overwrite(base), ...quiet(register)];
  }

  /** Sets the rounding mode, or the flags. */
  private floatControl(): string[] {
    const register = this.register();
    if (this.random.oneIn(3))
      return [`movi ${register}, ${this.random.pick([0, 0x280, 0xf80])}`, `wur.fsr ${register}`];
    return [`movi ${register}, ${this.random.below(4)}`, `wur.fcr ${register}`];
  }

  /** SAR stays below 32, as the shifts want it. */
  private shiftAmount(): string[] {
    const register = this.register();
    return [
      `extui ${register}, ${this.register()}, 0, 5`,
      `${this.random.pick(['wsr', 'xsr'])}.sar ${register}`,
    ];
  }

  /**
   * Conversions with a scale factor, where QEMU rounds twice, and UTRUNC.S, where QEMU forgets earlier flags: the flags
   * are set back.
   */
  private scaledConversion(): string[] {
    const flags = this.register();
    const mnemonic = this.random.pick([
      'round.s',
      'trunc.s',
      'floor.s',
      'ceil.s',
      'utrunc.s',
      'utrunc.s',
    ]);
    const scale = mnemonic === 'utrunc.s' ? this.random.below(16) : this.random.between(1, 15);
    const operands = `${this.otherThan(flags)}, f${this.random.below(16)}, ${scale}`;
    return [`rur.fsr ${flags}`, `${mnemonic} ${operands}`, `wur.fsr ${flags}`];
  }

  private branch(): string {
    const isBoolean = this.float && this.random.oneIn(5);
    return this.fill(this.random.pick(isBoolean ? TEMPLATES.booleanBranches : TEMPLATES.branches));
  }

  private ifUnit(depth: number): Unit {
    const branch = this.random.oneIn(8) ? 'j' : this.branch();
    return { kind: 'if', branch, body: this.units(this.random.between(1, 4), depth + 1) };
  }

  private loopUnit(depth: number): Unit {
    const count = this.register();
    const [loop, low] = this.random.pick([
      ['loop', 1],
      ['loopnez', 0],
      ['loopgtz', -1],
    ] as const);
    this.insideLoop = true;
    const body = this.units(this.random.between(1, 4), depth + 1);
    this.insideLoop = false;
    // A count that cannot be large: LOOP with 0 would run 2^32 times.
    return {
      kind: 'loop',
      setup: [`movi ${count}, ${this.random.between(low, 9)}`],
      loop: `${loop} ${count}`,
      body,
    };
  }

  private call(): string[] {
    const call = this.random.pick([0, 4, 4, 8, 8, 12, 12] as const);
    const name = `sub${this.subroutines.length}`;
    const subroutine: Subroutine = { call, body: [] };
    this.subroutines.push(subroutine);
    const [dataBytes, insideLoop] = [this.dataBytes, this.insideLoop];
    // A CALL0 subroutine works in its caller's frame and may call nothing.
    if (call !== 0) this.dataBytes = FRAME_DATA_BYTES;
    this.insideLoop = false;
    subroutine.body = this.units(this.random.between(2, 8), call === 0 ? 2 : 1);
    if (call !== 0) subroutine.body.unshift(code(...this.enter(call)));
    if (call !== 0 && this.random.oneIn(4)) subroutine.body.push(code(...this.recurse(call, name)));
    [this.dataBytes, this.insideLoop] = [dataBytes, insideLoop];
    if (call === 0) {
      // Only the body of the program has a place for a0.
      if (dataBytes !== SCRATCH_BYTES) return this.callWindowed(4, name, subroutine);
      const line = this.random.oneIn(2) ? `call0 ${name}` : `callx0 a0 ${name}`;
      return [`s32i a0, a1, ${SAVED_A0}`, line, `l32i a0, a1, ${SAVED_A0}`];
    }
    return this.callWindowed(call, name, subroutine);
  }

  private callWindowed(call: 4 | 8 | 12, name: string, subroutine: Subroutine): string[] {
    if (subroutine.call === 0) {
      subroutine.call = call;
      subroutine.body = [code(...this.enter(call))];
    }
    const after = [this.overwrite(`a${call}`), this.overwrite(`a${call + 1}`)];
    // An indirect call needs a place for a0, which only the body of the program has.
    const indirect = this.dataBytes === SCRATCH_BYTES && this.random.oneIn(2);
    if (!indirect) return [`call${call} ${name}`, ...after];
    // The callee must not see the register that holds the address.
    const target = `a${this.random.oneIn(2) ? call : this.random.between(2, call - 1)}`;
    return [
      `s32i a0, a1, ${SAVED_A0}`,
      `callx${call} ${target} ${name}`,
      ...after,
      this.overwrite(target),
      `l32i a0, a1, ${SAVED_A0}`,
    ];
  }

  /** First lines of a windowed subroutine: registers that its caller's window does not reach, and its frame. */
  private enter(call: 4 | 8 | 12): string[] {
    const lines: string[] = [];
    for (let n = 16 - call; n < 16; n++) lines.push(this.overwrite(`a${n}`));
    for (let at = 0; at < FRAME_DATA_BYTES; at += 4)
      lines.push(`s32i ${this.register()}, a1, ${at}`);
    return lines;
  }

  /** Calls itself until THREADPTR, which only this code changes, has counted to a limit. */
  private recurse(call: 4 | 8 | 12, name: string): string[] {
    const depth = this.random.pick([2, 3, 5, 8, 10, 12, 16]);
    const counter = `a${this.random.between(2, call - 1)}`;
    return [
      `rur.threadptr ${counter}`,
      `addi ${counter}, ${counter}, 1`,
      `wur.threadptr ${counter}`,
      `bgei ${counter}, ${depth}, end_${name}`,
      `call${call} ${name}`,
      this.overwrite(`a${call}`),
      this.overwrite(`a${call + 1}`),
      `end_${name}:`,
    ];
  }
}

/** f15 is a number and never written: it replaces a NaN. */
function quiet(register: string): string[] {
  return [`un.s b15, ${register}, ${register}`, `movt.s ${register}, f15, b15`, BARRIER];
}

function code(...lines: string[]): Unit {
  return { kind: 'code', lines };
}

export function generate(seed: number, float: boolean): Program {
  return new Generator(seed, float).program(seed);
}
