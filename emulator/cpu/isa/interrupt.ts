/** Interrupt and High-Priority Interrupt Options. */
import { rowsOf } from './formats.ts';

const op = rowsOf('interrupt');

// prettier-ignore
export const INTERRUPT = [
  op('rsil',  '0000 0000 0110 iiii tttt 0000', ['ar.t=', 'uimm4s'], { timing: 'rsr', flags: ['privileged', 'sync'] }),
  op('waiti', '0000 0000 0111 iiii 0000 0000', ['uimm4s'],          { flags: ['privileged', 'sync'] }),
  op('rfi',   '0000 0000 0011 iiii 0001 0000', ['uimm4s'],          { timing: 'branch', flags: ['jump', 'privileged', 'sync'] }),
] as const;
