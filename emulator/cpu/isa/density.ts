/** Code Density Option: the 16-bit instructions. RETW.N is in windowed.ts, BREAK.N in debug.ts. */
import { rowsOf } from './formats.ts';

const op = rowsOf('density');

// prettier-ignore
export const DENSITY = [
  op('l32i.n', 'iiii ssss tttt 1000', ['ar.t=', 'ar.s', 'lsi4x4'],   { timing: 'load', flags: ['load'] }),
  op('s32i.n', 'iiii ssss tttt 1001', ['ar.t', 'ar.s', 'lsi4x4'],    { timing: 'store', flags: ['store'] }),
  op('add.n',  'rrrr ssss tttt 1010', ['ar.r=', 'ar.s', 'ar.t']),
  op('addi.n', 'rrrr ssss iiii 1011', ['ar.r=', 'ar.s', 'ai4const']),
  op('movi.n', 'iiii ssss 0iii 1100', ['ar.s=', 'simm7']),
  op('mov.n',  '0000 ssss tttt 1101', ['ar.t=', 'ar.s']),
  op('beqz.n', 'iiii ssss 10ii 1100', ['ar.s', 'uimm6'],             { timing: 'branch', flags: ['branch'] }),
  op('bnez.n', 'iiii ssss 11ii 1100', ['ar.s', 'uimm6'],             { timing: 'branch', flags: ['branch'] }),
  op('ret.n',  '1111 0000 0000 1101', [],                            { timing: 'branch', uses: ['a0'], flags: ['jump'] }),
  op('nop.n',  '1111 0000 0011 1101', []),
  op('ill.n',  '1111 0000 0110 1101', [],                            { flags: ['jump'] }),
] as const;
