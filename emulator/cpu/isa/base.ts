/** Core Architecture instructions. Xtensa ISA Reference Manual, chapter "Core Architecture". */
import { rowsOf } from './formats.ts';

const op = rowsOf('base');

// prettier-ignore
export const BASE = [
  op('add',   '1000 0000 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t']),
  op('addx4', '1010 0000 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t']),
  op('addi',  'iiii iiii 1100 ssss tttt 0010', ['ar.t=', 'ar.s', 'imm8s']),
  op('l32i',  'iiii iiii 0010 ssss tttt 0010', ['ar.t=', 'ar.s', 'uimm8x4'], { timing: 'load', flags: ['load'] }),
  op('s32i',  'iiii iiii 0110 ssss tttt 0010', ['ar.t', 'ar.s', 'uimm8x4'],  { timing: 'store', flags: ['store'] }),
] as const;
