/** Division and square root as firmware computes them, step by step. */
import * as exec from '../exec/float.ts';
import type { Cpu } from '../state.ts';

/** f0 = f1 / f2, f3 to f8 used: libgcc's `__divsf3`. */
export const DIVIDE = `
  div0.s f3, f2
  nexp01.s f4, f2
  const.s f5, 1
  maddn.s f5, f4, f3
  mov.s f6, f3
  mov.s f7, f2
  nexp01.s f2, f1
  maddn.s f6, f5, f6
  const.s f5, 1
  const.s f0, 0
  neg.s f8, f2
  maddn.s f5, f4, f6
  maddn.s f0, f8, f3
  mkdadj.s f7, f1
  maddn.s f6, f5, f6
  maddn.s f8, f4, f0
  const.s f3, 1
  maddn.s f3, f4, f6
  maddn.s f0, f8, f6
  neg.s f2, f2
  maddn.s f6, f3, f6
  maddn.s f2, f4, f0
  addexpm.s f0, f7
  addexp.s f6, f7
  divn.s f0, f2, f6`;

/** f0 = sqrt(f1), f2 to f7 used: `__ieee754_sqrtf`. */
export const SQUARE_ROOT = `
  sqrt0.s f2, f1
  const.s f3, 0
  maddn.s f3, f2, f2
  nexp01.s f4, f1
  const.s f0, 3
  addexp.s f4, f0
  maddn.s f0, f3, f4
  nexp01.s f3, f1
  neg.s f5, f3
  maddn.s f2, f0, f2
  const.s f0, 0
  const.s f6, 0
  const.s f7, 0
  maddn.s f0, f5, f2
  maddn.s f6, f2, f4
  const.s f4, 3
  maddn.s f7, f4, f2
  maddn.s f3, f0, f0
  maddn.s f4, f6, f2
  neg.s f2, f7
  maddn.s f0, f3, f2
  maddn.s f7, f4, f7
  mksadj.s f2, f1
  nexp01.s f1, f1
  maddn.s f1, f0, f0
  neg.s f3, f7
  addexpm.s f0, f2
  addexp.s f3, f2
  divn.s f0, f1, f3`;

type Exec = (cpu: Cpu, r: number, s: number, t: number, imm: number) => void;

/** The sequence as one function that runs its exec functions on `cpu`. */
export function compile(cpu: Cpu, text: string): () => void {
  const functions = exec as unknown as Record<string, Exec>;
  const steps = text
    .trim()
    .split('\n')
    .map((line) => {
      const [mnemonic, ...operands] = line.trim().split(/[\s,]+/);
      const op = functions[mnemonic!.replace('.', '_')]!;
      const [r, s, t] = operands.map((word) => Number(word.replace('f', '')));
      return mnemonic === 'const.s'
        ? () => op(cpu, r!, 0, 0, s!)
        : () => op(cpu, r!, s!, t ?? 0, 0);
    });
  return () => {
    for (const step of steps) step();
  };
}
