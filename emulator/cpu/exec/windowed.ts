/**
 * Windowed Register Option. Xtensa ISA Reference Manual, "Windowed Register Option" and the
 * instructions' own pages. The interpreter has checked the registers that operands name.
 */
import { raise } from '../exceptions.ts';
import { updateInterrupts } from '../interrupts.ts';
import { EXCCAUSE } from '../isa/exccause.ts';
import type { Cpu } from '../state.ts';
import {
  rotateWindow,
  updateWindow,
  windowOverflow,
  windowStartAbove,
  windowUnderflow,
} from '../window.ts';
import { accessDone, storeDone } from './access.ts';
import { callTo, returnTo } from './control.ts';

/** CALL and CALLX 4, 8, 12: the return address carries `quads` in its two high bits. */
function windowedCall(cpu: Cpu, quads: number, target: number): void {
  if (quads * 4 >= cpu.windowLimit) return windowOverflow(cpu, quads * 4);
  cpu.psCallinc = quads;
  cpu.setA(quads * 4, (quads << 30) | (cpu.nextPc & 0x3fffffff));
  callTo(cpu, target);
}

export function call4(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  windowedCall(cpu, 1, imm);
}

export function call8(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  windowedCall(cpu, 2, imm);
}

export function call12(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  windowedCall(cpu, 3, imm);
}

export function callx4(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  windowedCall(cpu, 1, cpu.a(s));
}

export function callx8(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  windowedCall(cpu, 2, cpu.a(s));
}

export function callx12(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  windowedCall(cpu, 3, cpu.a(s));
}

/**
 * ENTRY: the callee's frame. The manual leaves a source above a3, PS.WOE = 0 and PS.EXCM = 1
 * undefined and allows IllegalInstruction, which QEMU raises too.
 */
export function entry(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const quads = cpu.psCallinc;
  if (quads * 4 >= cpu.windowLimit) return windowOverflow(cpu, quads * 4);
  if (s > 3 || cpu.psWoe === 0 || cpu.psExcm !== 0) return raise(cpu, EXCCAUSE.IllegalInstruction);
  cpu.setA(quads * 4 + s, cpu.a(s) - imm);
  rotateWindow(cpu, quads);
  cpu.windowStart |= 1 << (cpu.windowBase4 >> 2);
  updateWindow(cpu);
}

/**
 * RETW: back to the caller's window, or WindowUnderflow when its registers are in memory.
 * IllegalInstruction when a0 does not agree with the nearest frame below in WINDOWSTART, when a0
 * comes from CALL0, or when PS.WOE = 0 or PS.EXCM = 1 (the manual allows it, QEMU agrees).
 */
export function retw(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const a0 = cpu.a(0);
  const quads = a0 >>> 30;
  const below = windowStartAbove(cpu) >>> 13;
  const nearest = (below & 4) !== 0 ? 1 : (below & 2) !== 0 ? 2 : (below & 1) !== 0 ? 3 : 0;
  if (quads === 0 || (nearest !== 0 && nearest !== quads) || cpu.psWoe === 0 || cpu.psExcm !== 0)
    return raise(cpu, EXCCAUSE.IllegalInstruction);
  if (nearest === 0) return windowUnderflow(cpu, quads);
  cpu.windowStart &= ~(1 << (cpu.windowBase4 >> 2));
  rotateWindow(cpu, -quads);
  updateWindow(cpu);
  returnTo(cpu, (cpu.pc & 0xc0000000) | (a0 & 0x3fffffff));
}

export const retw_n = retw;

/** MOVSP: Alloca exception while the caller's frame is in memory, since its save area must move too. */
export function movsp(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  if (((windowStartAbove(cpu) >>> 13) & 7) === 0) return raise(cpu, EXCCAUSE.Alloca);
  cpu.setA(t, cpu.a(s));
}

export function rotw(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  rotateWindow(cpu, imm);
  updateWindow(cpu);
}

export function l32e(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  const value = cpu.port.read32((cpu.a(s) + imm) | 0);
  if (accessDone(cpu)) cpu.setA(t, value);
}

export function s32e(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.port.write32((cpu.a(s) + imm) | 0, cpu.a(t));
  storeDone(cpu);
}

/** RFWO: the frame of the current window has been spilled. */
export function rfwo(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.windowStart &= ~(1 << (cpu.windowBase4 >> 2));
  returnFromWindow(cpu);
}

/** RFWU: the frame of the current window has been filled. */
export function rfwu(cpu: Cpu, r: number, s: number, t: number, imm: number): void {
  cpu.windowStart |= 1 << (cpu.windowBase4 >> 2);
  returnFromWindow(cpu);
}

function returnFromWindow(cpu: Cpu): void {
  cpu.psExcm = 0;
  cpu.windowBase4 = cpu.psOwb << 2;
  updateWindow(cpu);
  returnTo(cpu, cpu.epc[1]!);
  updateInterrupts(cpu);
}
