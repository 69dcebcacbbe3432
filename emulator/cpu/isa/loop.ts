/** Loop Option: zero-overhead loops. */
import { rowsOf } from './formats.ts';

const op = rowsOf('loop');

// prettier-ignore
export const LOOP = [
  op('loop',    'iiii iiii 1000 ssss 0111 0110', ['ar.s', 'ulabel8'], { timing: 'loop' }),
  op('loopnez', 'iiii iiii 1001 ssss 0111 0110', ['ar.s', 'ulabel8'], { timing: 'loop', flags: ['branch'] }),
  op('loopgtz', 'iiii iiii 1010 ssss 0111 0110', ['ar.s', 'ulabel8'], { timing: 'loop', flags: ['branch'] }),
] as const;
