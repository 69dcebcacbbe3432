/** Multiprocessor Synchronization and Conditional Store Options. */
import { rowsOf } from './formats.ts';

const op = rowsOf('atomic');

// prettier-ignore
export const ATOMIC = [
  op('l32ai',  'iiii iiii 1011 ssss tttt 0010', ['ar.t=', 'ar.s', 'uimm8x4'], { timing: 'load', flags: ['load'] }),
  op('s32ri',  'iiii iiii 1111 ssss tttt 0010', ['ar.t', 'ar.s', 'uimm8x4'],  { timing: 'store', flags: ['store'] }),
  op('s32c1i', 'iiii iiii 1110 ssss tttt 0010', ['ar.t+', 'ar.s', 'uimm8x4'], { timing: 's32c1i', uses: ['scompare1'], flags: ['load', 'store'] }),
] as const;
