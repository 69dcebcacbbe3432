/** Windowed Register Option. ENTRY with s > 3 decodes and raises IllegalInstruction when executed. */
import { rowsOf } from './formats.ts';

const op = rowsOf('windowed');

// prettier-ignore
export const WINDOWED = [
  op('call4',   'iiii iiii iiii iiii ii01 0101', ['soffsetx4'],               { timing: 'call', flags: ['jump', 'call4'] }),
  op('call8',   'iiii iiii iiii iiii ii10 0101', ['soffsetx4'],               { timing: 'call', flags: ['jump', 'call8'] }),
  op('call12',  'iiii iiii iiii iiii ii11 0101', ['soffsetx4'],               { timing: 'call', flags: ['jump', 'call12'] }),
  op('callx4',  '0000 0000 0000 ssss 1101 0000', ['ar.s'],                    { timing: 'call', flags: ['jump', 'call4'] }),
  op('callx8',  '0000 0000 0000 ssss 1110 0000', ['ar.s'],                    { timing: 'call', flags: ['jump', 'call8'] }),
  op('callx12', '0000 0000 0000 ssss 1111 0000', ['ar.s'],                    { timing: 'call', flags: ['jump', 'call12'] }),
  op('entry',   'iiii iiii iiii ssss 0011 0110', ['ar.s', 'uimm12x8'],        { flags: ['entry'] }),
  op('retw',    '0000 0000 0000 0000 1001 0000', [],                          { timing: 'branch', uses: ['a0'], flags: ['jump'] }),
  op('retw.n',  '1111 0000 0001 1101',           [],                          { timing: 'branch', uses: ['a0'], flags: ['jump'] }),
  op('movsp',   '0000 0000 0001 ssss tttt 0000', ['ar.t=', 'ar.s']),
  op('rotw',    '0100 0000 1000 0000 iiii 0000', ['simm4'],                   { flags: ['privileged', 'sync'] }),
  op('l32e',    '0000 1001 iiii ssss tttt 0000', ['ar.t=', 'ar.s', 'immrx4'], { timing: 'load', flags: ['load', 'privileged'] }),
  op('s32e',    '0100 1001 iiii ssss tttt 0000', ['ar.t', 'ar.s', 'immrx4'],  { timing: 'store', flags: ['store', 'privileged'] }),
  op('rfwo',    '0000 0000 0011 0100 0000 0000', [],                          { timing: 'branch', flags: ['jump', 'privileged', 'sync'] }),
  op('rfwu',    '0000 0000 0011 0101 0000 0000', [],                          { timing: 'branch', flags: ['jump', 'privileged', 'sync'] }),
] as const;
