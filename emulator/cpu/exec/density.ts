/** Code Density Option: 16-bit forms. Xtensa ISA Reference Manual, "Code Density Option". */
import { raise } from '../exceptions.ts';
import { EXCCAUSE } from '../isa/exccause.ts';
import type { Cpu } from '../state.ts';

export {
  add as add_n,
  beqz as beqz_n,
  bnez as bnez_n,
  l32i as l32i_n,
  nop as nop_n,
} from './base.ts';
export { ret as ret_n, s32i as s32i_n } from './base.ts';

/** ADDI.N writes r, unlike ADDI. */
export function addi_n(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(r, cpu.a(s) + imm);
}

export function mov_n(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(t, cpu.a(s));
}

/** MOVI.N writes s, unlike MOVI. */
export function movi_n(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.setA(s, imm);
}

export function ill_n(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  raise(cpu, EXCCAUSE.IllegalInstruction);
}
