/** 32-bit Integer Divide Option. */
import { rowsOf } from './formats.ts';

const op = rowsOf('div');

// prettier-ignore
export const DIV = [
  op('quou', '1100 0010 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t'], { timing: 'div' }),
  op('quos', '1101 0010 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t'], { timing: 'div' }),
  op('remu', '1110 0010 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t'], { timing: 'rem' }),
  op('rems', '1111 0010 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t'], { timing: 'rem' }),
] as const;
