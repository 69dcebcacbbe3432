/**
 * The double-precision acceleration package (XCHAL_HAVE_DFP_ACCEL): steps of software double
 * arithmetic on address registers, with the states F64R and F64S. FreeRTOS saves the states with
 * RUR and WUR; no compiler but Tensilica's own emits the instructions. The disassembly of both mask
 * ROM ELFs, eleven ESP-IDF applications (3.0 to 6.1) and one esp-hal application has none of them.
 * Their names, operands and states are public (Espressif's `xtensa-modules.c`, `xt_DFP_assist.h`);
 * what they compute is not.
 *
 * **Not modelled:** F64ITER, F64RND, F64ADDC, F64SUBC, F64SIG, F64CMPL, F64CMPH, F64NORM, F64SEXP,
 * WF64R: they raise IllegalInstruction, so that no run continues on an invented value. The chip
 * executes them.
 */
import { raise } from '../exceptions.ts';
import { EXCCAUSE } from '../isa/exccause.ts';
import type { Cpu } from '../state.ts';

function notModelled(cpu: Cpu, _r: number, _s: number, _t: number, _imm: number): void {
  raise(cpu, EXCCAUSE.IllegalInstruction);
}

export {
  notModelled as f64iter,
  notModelled as f64rnd,
  notModelled as f64addc,
  notModelled as f64subc,
  notModelled as f64sig,
  notModelled as f64cmpl,
  notModelled as f64cmph,
  notModelled as f64norm,
  notModelled as f64sexp,
  notModelled as wf64r,
};

/**
 * RF64R: AR[t] = the low (imm 0) or high (imm 1) half of F64R.
 * Unverified on silicon: which half RF64R reads.
 */
export function rf64r(cpu: Cpu, _r: number, _s: number, t: number, imm: number): void {
  cpu.setA(t, imm !== 0 ? cpu.f64rHi : cpu.f64rLo);
}
