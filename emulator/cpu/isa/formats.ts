/**
 * The shape of an instruction row. One row states every fact about an instruction; decoder,
 * disassembler, assembler, dispatcher, timing and documentation read it (STYLE.md 3.4).
 */
import type { TimingClass } from './timing.ts';
import type { OperandKind } from './fields.ts';

export type IsaOption =
  | 'base'
  | 'density'
  | 'loop'
  | 'windowed'
  | 'mul'
  | 'div'
  | 'mac16'
  | 'boolean'
  | 'float'
  | 'atomic'
  | 'exception'
  | 'interrupt'
  | 'debug'
  | 'misc';

/**
 * One operand, in assembly order. Registers name file and encoding field: `ar.s` is read, `ar.r=`
 * written, `ar.t+` read and written; the other words are immediates of `fields.ts`.
 *
 * Exec slots: `r`, `s`, `t` are their own; of the MAC16 fields `w` travels in `r`, `x` in `imm` and
 * `y` in `t`, each as the register number it names (`x` 0..1, `y` 2..3).
 * `br4` and `br8` are groups of booleans: the value is the `s` field as it is encoded, and the
 * group starts at `s & 12` or `s & 8`.
 */
export type RegisterFile = 'ar' | 'fr' | 'br' | 'mr' | 'br4' | 'br8';
export type RegisterField = 'r' | 's' | 't' | 'w' | 'x' | 'y';
export type Operand = `${RegisterFile}.${RegisterField}${'' | '=' | '+'}` | OperandKind;

/** Processor state, other than named registers, that takes part in the scoreboard. */
export type Implicit =
  'a0' | 'sar' | 'acc' | 'scompare1' | 'fcr' | 'fsr' | 'threadptr' | 'f64r' | 'f64s';

/**
 * Result latency: the row's timing class holds for every written register and for `defs`, except
 * that an address register written in place (`ar.s+` of LSIP, LDINC, MULA.*.LDINC, LDDR32.P ...)
 * and ACC are ready after one cycle.
 *
 * Flags:
 * - `branch`: may set the next PC; `jump`: always does. Both end a decoded run.
 * - `load`, `store`: accesses data memory.
 * - `privileged`: raises PrivilegedCause outside ring 0 (never on the ESP32: one ring).
 * - `coprocessor0`: needs CPENABLE bit 0.
 * - `call4|call8|call12|entry`: window rules (`ENTRY` and the calls check more registers than they name).
 * - `sync`: the interpreter must look at interrupts, debug and code pages again.
 */
export type Flag =
  | 'branch'
  | 'jump'
  | 'load'
  | 'store'
  | 'privileged'
  | 'coprocessor0'
  | 'call4'
  | 'call8'
  | 'call12'
  | 'entry'
  | 'sync';

export interface Row {
  /** Manual's mnemonic in lower case with dots, as assembled: `addx4`, `l32i.n`, `madd.s`. */
  readonly mnemonic: string;
  /**
   * Bits from the most significant to the least, spaces and `_` ignored: `0`, `1`, field letters,
   * `.` for bits that the decoder ignores. 24 or 16 of them.
   */
  readonly bits: string;
  readonly operands: readonly Operand[];
  readonly option: IsaOption;
  readonly timing: TimingClass;
  readonly uses: readonly Implicit[];
  readonly defs: readonly Implicit[];
  readonly flags: readonly Flag[];
}

export interface RowFacts {
  readonly timing?: TimingClass;
  readonly uses?: readonly Implicit[];
  readonly defs?: readonly Implicit[];
  readonly flags?: readonly Flag[];
}

/** Makes the row constructor of one option file: `const op = rowsOf('base')`. */
export function rowsOf(option: IsaOption) {
  return <const M extends string>(
    mnemonic: M,
    bits: string,
    operands: readonly Operand[],
    facts: RowFacts = {},
  ): Row & { readonly mnemonic: M } => ({
    mnemonic,
    bits,
    operands,
    option,
    timing: facts.timing ?? 'alu',
    uses: facts.uses ?? [],
    defs: facts.defs ?? [],
    flags: facts.flags ?? [],
  });
}
