/**
 * Where this table and `llvm --mcpu=esp32` (LLVM 22) differ, and why the table is right about the chip.
 * "Chip configuration" is the opcode table of core `esp32_v3_49_prod` that Espressif publishes for
 * binutils, together with the XCHAL_ facts of its `core-isa.h`.
 *
 * Cache instructions (DHWB, DHI, DPFR, IHI, III ...), POPC, L32R in absolute mode, LITBASE and HALT are in
 * neither: the core has no cache of its own (XCHAL_DCACHE_SIZE and XCHAL_ICACHE_SIZE are 0) and none
 * of those options, so their encodings are illegal instructions.
 */
import type { Mnemonic } from './table.ts';

export interface Divergence {
  readonly mnemonic: Mnemonic;
  /** Only the access to this special or user register. */
  readonly register?: string;
  /** `missing`: llvm has no such instruction and prints `<unknown>`. `text`: llvm prints something else. */
  readonly kind: 'missing' | 'text';
  readonly reason: string;
}

const missing = (reason: string, ...mnemonics: readonly Mnemonic[]): readonly Divergence[] =>
  mnemonics.map((mnemonic) => ({ mnemonic, kind: 'missing', reason }));

export const KNOWN_DIVERGENCES: readonly Divergence[] = [
  ...missing('Chip configuration: XCHAL_HAVE_RELEASE_SYNC 1.', 'l32ai', 's32ri'),
  ...missing(
    'Chip configuration: XCHAL_HAVE_EXTERN_REGS 1; ESP-IDF uses RER and WER.',
    'rer',
    'wer',
  ),
  ...missing('Chip configuration; core instruction for big-endian data.', 'ssa8b'),
  ...missing('Chip configuration: store that is not buffered.', 's32nb'),
  ...missing('Chip configuration; the ISA manual gives SIMCALL to every core.', 'simcall'),
  ...missing('Chip configuration: XCHAL_HAVE_OCD 1.', 'rfdo', 'rfdd'),
  ...missing(
    'Chip configuration: XCHAL_HAVE_DFP_ACCEL 1. llvm knows the registers of the package only.',
    'f64iter',
    'f64rnd',
    'f64addc',
    'f64subc',
    'f64sig',
    'f64cmpl',
    'f64cmph',
    'f64norm',
    'f64sexp',
    'rf64r',
    'wf64r',
  ),
  ...missing(
    'Chip configuration: output and input ports of the core.',
    'read_impwire',
    'setb_expstate',
    'clrb_expstate',
    'wrmsk_expstate',
  ),
  {
    mnemonic: 'rur',
    register: 'expstate',
    kind: 'missing',
    reason: 'Chip configuration: user register 230 is the output port.',
  },
  {
    mnemonic: 'wur',
    register: 'expstate',
    kind: 'missing',
    reason: 'Chip configuration: user register 230 is the output port.',
  },
  {
    mnemonic: 'wsr',
    register: 'mmid',
    kind: 'missing',
    reason: 'Chip configuration: XCHAL_HAVE_TRAX 1.',
  },
  {
    mnemonic: 'wsr',
    register: 'debugcause',
    kind: 'missing',
    reason: 'Chip configuration has WSR.DEBUGCAUSE; llvm allows RSR only.',
  },
  {
    mnemonic: 'xsr',
    register: 'debugcause',
    kind: 'missing',
    reason: 'Chip configuration has XSR.DEBUGCAUSE; llvm allows RSR only.',
  },
  {
    mnemonic: 'addmi',
    kind: 'text',
    reason:
      'llvm-objdump prints an immediate of 0 for every ADDMI; llvm-mc encodes it as the manual states.',
  },
  {
    mnemonic: 'l32r',
    kind: 'text',
    reason:
      'llvm-objdump keeps 17 bits of the offset, so that it prints a wrong address for literals more ' +
      'than 64 KiB before the instruction. The ISA manual gives L32R a reach of 256 KiB.',
  },
];

/** Whether llvm lacks the instruction, or the access to `register`. */
export function missingInLlvm(mnemonic: Mnemonic, register: string | undefined): boolean {
  return KNOWN_DIVERGENCES.some(
    (divergence) =>
      divergence.kind === 'missing' &&
      divergence.mnemonic === mnemonic &&
      (divergence.register === undefined || divergence.register === register),
  );
}
