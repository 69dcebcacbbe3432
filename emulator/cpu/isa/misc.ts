/** Miscellaneous Operations, region protection, external registers and the chip's own ports. */
import { rowsOf } from './formats.ts';

const op = rowsOf('misc');

// prettier-ignore
export const MISC = [
  // Miscellaneous Operations Option
  op('min',    '0100 0011 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t']),
  op('max',    '0101 0011 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t']),
  op('minu',   '0110 0011 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t']),
  op('maxu',   '0111 0011 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t']),
  op('sext',   '0010 0011 rrrr ssss iiii 0000', ['ar.r=', 'ar.s', 'tp7']),
  op('clamps', '0011 0011 rrrr ssss iiii 0000', ['ar.r=', 'ar.s', 'tp7']),
  op('nsa',    '0100 0000 1110 ssss tttt 0000', ['ar.t=', 'ar.s']),
  op('nsau',   '0100 0000 1111 ssss tttt 0000', ['ar.t=', 'ar.s']),
  // Region Protection Option
  op('ritlb0', '0101 0000 0011 ssss tttt 0000', ['ar.t=', 'ar.s'], { timing: 'rsr', flags: ['privileged'] }),
  op('pitlb',  '0101 0000 0101 ssss tttt 0000', ['ar.t=', 'ar.s'], { timing: 'rsr', flags: ['privileged'] }),
  op('witlb',  '0101 0000 0110 ssss tttt 0000', ['ar.t', 'ar.s'],  { timing: 'wsr', flags: ['privileged', 'sync'] }),
  op('ritlb1', '0101 0000 0111 ssss tttt 0000', ['ar.t=', 'ar.s'], { timing: 'rsr', flags: ['privileged'] }),
  op('rdtlb0', '0101 0000 1011 ssss tttt 0000', ['ar.t=', 'ar.s'], { timing: 'rsr', flags: ['privileged'] }),
  op('pdtlb',  '0101 0000 1101 ssss tttt 0000', ['ar.t=', 'ar.s'], { timing: 'rsr', flags: ['privileged'] }),
  op('wdtlb',  '0101 0000 1110 ssss tttt 0000', ['ar.t', 'ar.s'],  { timing: 'wsr', flags: ['privileged', 'sync'] }),
  op('rdtlb1', '0101 0000 1111 ssss tttt 0000', ['ar.t=', 'ar.s'], { timing: 'rsr', flags: ['privileged'] }),
  op('iitlb',  '0101 0000 0100 ssss 0000 0000', ['ar.s'],          { timing: 'wsr', flags: ['privileged', 'sync'] }),
  op('idtlb',  '0101 0000 1100 ssss 0000 0000', ['ar.s'],          { timing: 'wsr', flags: ['privileged', 'sync'] }),
  // External registers (XCHAL_HAVE_EXTERN_REGS) and simulator call
  op('rer',     '0100 0000 0110 ssss tttt 0000', ['ar.t=', 'ar.s'], { timing: 'rsr', flags: ['privileged'] }),
  op('wer',     '0100 0000 0111 ssss tttt 0000', ['ar.t', 'ar.s'],  { timing: 'wsr', flags: ['privileged', 'sync'] }),
  op('simcall', '0000 0000 0101 0001 0000 0000', [],                { flags: ['branch', 'sync'] }),
  // Store without buffering
  op('s32nb', '0101 1001 iiii ssss tttt 0000', ['ar.t', 'ar.s', 'lsi4x4'], { timing: 'store', flags: ['store'] }),
  // Ports of the core (TIE): EXPSTATE is a 32-bit output, IMPWIRE a 32-bit input
  op('read_impwire',   '0000 1110 0000 0000 tttt 0000', ['ar.t=']),
  op('setb_expstate',  '0000 1110 0001 000i iiii 0000', ['bitindex']),
  op('clrb_expstate',  '0000 1110 0001 001i iiii 0000', ['bitindex']),
  op('wrmsk_expstate', '0000 1110 0010 ssss tttt 0000', ['ar.t', 'ar.s']),
] as const;
