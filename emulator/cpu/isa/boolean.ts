/** Boolean Option. */
import { rowsOf } from './formats.ts';

const op = rowsOf('boolean');

// prettier-ignore
export const BOOLEAN = [
  op('andb',  '0000 0010 rrrr ssss tttt 0000', ['br.r=', 'br.s', 'br.t']),
  op('andbc', '0001 0010 rrrr ssss tttt 0000', ['br.r=', 'br.s', 'br.t']),
  op('orb',   '0010 0010 rrrr ssss tttt 0000', ['br.r=', 'br.s', 'br.t']),
  op('orbc',  '0011 0010 rrrr ssss tttt 0000', ['br.r=', 'br.s', 'br.t']),
  op('xorb',  '0100 0010 rrrr ssss tttt 0000', ['br.r=', 'br.s', 'br.t']),
  op('any4',  '0000 0000 1000 ssss tttt 0000', ['br.t=', 'br4.s']),
  op('all4',  '0000 0000 1001 ssss tttt 0000', ['br.t=', 'br4.s']),
  op('any8',  '0000 0000 1010 ssss tttt 0000', ['br.t=', 'br8.s']),
  op('all8',  '0000 0000 1011 ssss tttt 0000', ['br.t=', 'br8.s']),
  op('bf',    'iiii iiii 0000 ssss 0111 0110', ['br.s', 'label8'],        { timing: 'branch', flags: ['branch'] }),
  op('bt',    'iiii iiii 0001 ssss 0111 0110', ['br.s', 'label8'],        { timing: 'branch', flags: ['branch'] }),
  op('movf',  '1100 0011 rrrr ssss tttt 0000', ['ar.r+', 'ar.s', 'br.t']),
  op('movt',  '1101 0011 rrrr ssss tttt 0000', ['ar.r+', 'ar.s', 'br.t']),
] as const;
