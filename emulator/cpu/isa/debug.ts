/** Debug Option with on-chip debug (XCHAL_HAVE_OCD, XCHAL_HAVE_OCD_LS32DDR). */
import { rowsOf } from './formats.ts';

const op = rowsOf('debug');

// prettier-ignore
export const DEBUG = [
  op('break',    '0000 0000 0100 iiii iiii 0000', ['imms', 'immt'], { flags: ['branch'] }),
  op('break.n',  '1111 iiii 0010 1101',           ['imms'],         { flags: ['branch'] }),
  op('lddr32.p', '0000 0000 0111 ssss 1110 0000', ['ar.s+'],        { timing: 'load', flags: ['load', 'privileged'] }),
  op('sddr32.p', '0000 0000 0111 ssss 1111 0000', ['ar.s+'],        { timing: 'store', flags: ['store', 'privileged'] }),
  op('rfdo',     '1111 0001 1110 iiii 0000 0000', ['uimm4s'],       { timing: 'branch', flags: ['jump', 'privileged', 'sync'] }),
  op('rfdd',     '1111 0001 1110 .... 0001 0000', [],               { timing: 'branch', flags: ['jump', 'privileged', 'sync'] }),
] as const;
