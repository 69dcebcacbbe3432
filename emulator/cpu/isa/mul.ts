/** 16-bit Integer Multiply, 32-bit Integer Multiply and Multiply High Options. */
import { rowsOf } from './formats.ts';

const op = rowsOf('mul');

// prettier-ignore
export const MUL = [
  op('mul16u', '1100 0001 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t'], { timing: 'mul16' }),
  op('mul16s', '1101 0001 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t'], { timing: 'mul16' }),
  op('mull',   '1000 0010 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t'], { timing: 'mul32' }),
  op('muluh',  '1010 0010 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t'], { timing: 'mul32' }),
  op('mulsh',  '1011 0010 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t'], { timing: 'mul32' }),
] as const;
