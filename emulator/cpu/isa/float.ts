/** Floating-Point Coprocessor Option (single precision) and the double-precision acceleration package (XCHAL_HAVE_DFP_ACCEL). */
import { rowsOf } from './formats.ts';

const op = rowsOf('float');

// prettier-ignore
export const FLOAT = [
  // Load and store
  op('lsi',  'iiii iiii 0000 ssss tttt 0011', ['fr.t=', 'ar.s', 'uimm8x4'],  { timing: 'fpLoad', flags: ['load', 'coprocessor0'] }),
  op('lsip', 'iiii iiii 1000 ssss tttt 0011', ['fr.t=', 'ar.s+', 'uimm8x4'], { timing: 'fpLoad', flags: ['load', 'coprocessor0'] }),
  op('ssi',  'iiii iiii 0100 ssss tttt 0011', ['fr.t', 'ar.s', 'uimm8x4'],   { timing: 'store', flags: ['store', 'coprocessor0'] }),
  op('ssip', 'iiii iiii 1100 ssss tttt 0011', ['fr.t', 'ar.s+', 'uimm8x4'],  { timing: 'store', flags: ['store', 'coprocessor0'] }),
  op('lsx',  '0000 1000 rrrr ssss tttt 0000', ['fr.r=', 'ar.s', 'ar.t'],     { timing: 'fpLoad', flags: ['load', 'coprocessor0'] }),
  op('lsxp', '0001 1000 rrrr ssss tttt 0000', ['fr.r=', 'ar.s+', 'ar.t'],    { timing: 'fpLoad', flags: ['load', 'coprocessor0'] }),
  op('ssx',  '0100 1000 rrrr ssss tttt 0000', ['fr.r', 'ar.s', 'ar.t'],      { timing: 'store', flags: ['store', 'coprocessor0'] }),
  op('ssxp', '0101 1000 rrrr ssss tttt 0000', ['fr.r', 'ar.s+', 'ar.t'],     { timing: 'store', flags: ['store', 'coprocessor0'] }),
  // Arithmetic
  op('add.s',  '0000 1010 rrrr ssss tttt 0000', ['fr.r=', 'fr.s', 'fr.t'], { timing: 'fpArith', uses: ['fcr'], defs: ['fsr'], flags: ['coprocessor0'] }),
  op('sub.s',  '0001 1010 rrrr ssss tttt 0000', ['fr.r=', 'fr.s', 'fr.t'], { timing: 'fpArith', uses: ['fcr'], defs: ['fsr'], flags: ['coprocessor0'] }),
  op('mul.s',  '0010 1010 rrrr ssss tttt 0000', ['fr.r=', 'fr.s', 'fr.t'], { timing: 'fpArith', uses: ['fcr'], defs: ['fsr'], flags: ['coprocessor0'] }),
  op('madd.s', '0100 1010 rrrr ssss tttt 0000', ['fr.r+', 'fr.s', 'fr.t'], { timing: 'fpArith', uses: ['fcr'], defs: ['fsr'], flags: ['coprocessor0'] }),
  op('msub.s', '0101 1010 rrrr ssss tttt 0000', ['fr.r+', 'fr.s', 'fr.t'], { timing: 'fpArith', uses: ['fcr'], defs: ['fsr'], flags: ['coprocessor0'] }),
  // Conversion
  op('round.s',  '1000 1010 rrrr ssss iiii 0000', ['ar.r=', 'fr.s', 'uimm4t'], { timing: 'fpToAr', defs: ['fsr'], flags: ['coprocessor0'] }),
  op('trunc.s',  '1001 1010 rrrr ssss iiii 0000', ['ar.r=', 'fr.s', 'uimm4t'], { timing: 'fpToAr', defs: ['fsr'], flags: ['coprocessor0'] }),
  op('floor.s',  '1010 1010 rrrr ssss iiii 0000', ['ar.r=', 'fr.s', 'uimm4t'], { timing: 'fpToAr', defs: ['fsr'], flags: ['coprocessor0'] }),
  op('ceil.s',   '1011 1010 rrrr ssss iiii 0000', ['ar.r=', 'fr.s', 'uimm4t'], { timing: 'fpToAr', defs: ['fsr'], flags: ['coprocessor0'] }),
  op('utrunc.s', '1110 1010 rrrr ssss iiii 0000', ['ar.r=', 'fr.s', 'uimm4t'], { timing: 'fpToAr', defs: ['fsr'], flags: ['coprocessor0'] }),
  op('float.s',  '1100 1010 rrrr ssss iiii 0000', ['fr.r=', 'ar.s', 'uimm4t'], { timing: 'fpArith', uses: ['fcr'], defs: ['fsr'], flags: ['coprocessor0'] }),
  op('ufloat.s', '1101 1010 rrrr ssss iiii 0000', ['fr.r=', 'ar.s', 'uimm4t'], { timing: 'fpArith', uses: ['fcr'], defs: ['fsr'], flags: ['coprocessor0'] }),
  // Move
  op('mov.s',   '1111 1010 rrrr ssss 0000 0000', ['fr.r=', 'fr.s'],   { timing: 'fpMove', flags: ['coprocessor0'] }),
  op('abs.s',   '1111 1010 rrrr ssss 0001 0000', ['fr.r=', 'fr.s'],   { timing: 'fpMove', flags: ['coprocessor0'] }),
  op('const.s', '1111 1010 rrrr iiii 0011 0000', ['fr.r=', 'uimm4s'], { timing: 'fpMove', flags: ['coprocessor0'] }),
  op('rfr',     '1111 1010 rrrr ssss 0100 0000', ['ar.r=', 'fr.s'],   { timing: 'fpToAr', flags: ['coprocessor0'] }),
  op('wfr',     '1111 1010 rrrr ssss 0101 0000', ['fr.r=', 'ar.s'],   { timing: 'fpMove', flags: ['coprocessor0'] }),
  op('neg.s',   '1111 1010 rrrr ssss 0110 0000', ['fr.r=', 'fr.s'],   { timing: 'fpMove', flags: ['coprocessor0'] }),
  // Conditional move
  op('moveqz.s', '1000 1011 rrrr ssss tttt 0000', ['fr.r+', 'fr.s', 'ar.t'], { timing: 'fpMove', flags: ['coprocessor0'] }),
  op('movnez.s', '1001 1011 rrrr ssss tttt 0000', ['fr.r+', 'fr.s', 'ar.t'], { timing: 'fpMove', flags: ['coprocessor0'] }),
  op('movltz.s', '1010 1011 rrrr ssss tttt 0000', ['fr.r+', 'fr.s', 'ar.t'], { timing: 'fpMove', flags: ['coprocessor0'] }),
  op('movgez.s', '1011 1011 rrrr ssss tttt 0000', ['fr.r+', 'fr.s', 'ar.t'], { timing: 'fpMove', flags: ['coprocessor0'] }),
  op('movf.s',   '1100 1011 rrrr ssss tttt 0000', ['fr.r+', 'fr.s', 'br.t'], { timing: 'fpMove', flags: ['coprocessor0'] }),
  op('movt.s',   '1101 1011 rrrr ssss tttt 0000', ['fr.r+', 'fr.s', 'br.t'], { timing: 'fpMove', flags: ['coprocessor0'] }),
  // Comparison
  op('un.s',  '0001 1011 rrrr ssss tttt 0000', ['br.r=', 'fr.s', 'fr.t'], { timing: 'fpCompare', defs: ['fsr'], flags: ['coprocessor0'] }),
  op('oeq.s', '0010 1011 rrrr ssss tttt 0000', ['br.r=', 'fr.s', 'fr.t'], { timing: 'fpCompare', defs: ['fsr'], flags: ['coprocessor0'] }),
  op('ueq.s', '0011 1011 rrrr ssss tttt 0000', ['br.r=', 'fr.s', 'fr.t'], { timing: 'fpCompare', defs: ['fsr'], flags: ['coprocessor0'] }),
  op('olt.s', '0100 1011 rrrr ssss tttt 0000', ['br.r=', 'fr.s', 'fr.t'], { timing: 'fpCompare', defs: ['fsr'], flags: ['coprocessor0'] }),
  op('ult.s', '0101 1011 rrrr ssss tttt 0000', ['br.r=', 'fr.s', 'fr.t'], { timing: 'fpCompare', defs: ['fsr'], flags: ['coprocessor0'] }),
  op('ole.s', '0110 1011 rrrr ssss tttt 0000', ['br.r=', 'fr.s', 'fr.t'], { timing: 'fpCompare', defs: ['fsr'], flags: ['coprocessor0'] }),
  op('ule.s', '0111 1011 rrrr ssss tttt 0000', ['br.r=', 'fr.s', 'fr.t'], { timing: 'fpCompare', defs: ['fsr'], flags: ['coprocessor0'] }),
  // Steps of division and square root
  op('div0.s',    '1111 1010 rrrr ssss 0111 0000', ['fr.r=', 'fr.s'],         { timing: 'fpArith', flags: ['coprocessor0'] }),
  op('recip0.s',  '1111 1010 rrrr ssss 1000 0000', ['fr.r=', 'fr.s'],         { timing: 'fpArith', defs: ['fsr'], flags: ['coprocessor0'] }),
  op('sqrt0.s',   '1111 1010 rrrr ssss 1001 0000', ['fr.r=', 'fr.s'],         { timing: 'fpArith', flags: ['coprocessor0'] }),
  op('rsqrt0.s',  '1111 1010 rrrr ssss 1010 0000', ['fr.r=', 'fr.s'],         { timing: 'fpArith', defs: ['fsr'], flags: ['coprocessor0'] }),
  op('nexp01.s',  '1111 1010 rrrr ssss 1011 0000', ['fr.r=', 'fr.s'],         { timing: 'fpArith', flags: ['coprocessor0'] }),
  op('mksadj.s',  '1111 1010 rrrr ssss 1100 0000', ['fr.r=', 'fr.s'],         { timing: 'fpArith', defs: ['fsr'], flags: ['coprocessor0'] }),
  op('mkdadj.s',  '1111 1010 rrrr ssss 1101 0000', ['fr.r+', 'fr.s'],         { timing: 'fpArith', defs: ['fsr'], flags: ['coprocessor0'] }),
  op('addexp.s',  '1111 1010 rrrr ssss 1110 0000', ['fr.r+', 'fr.s'],         { timing: 'fpArith', flags: ['coprocessor0'] }),
  op('addexpm.s', '1111 1010 rrrr ssss 1111 0000', ['fr.r+', 'fr.s'],         { timing: 'fpArith', flags: ['coprocessor0'] }),
  op('maddn.s',   '0110 1010 rrrr ssss tttt 0000', ['fr.r+', 'fr.s', 'fr.t'], { timing: 'fpArith', flags: ['coprocessor0'] }),
  op('divn.s',    '0111 1010 rrrr ssss tttt 0000', ['fr.r+', 'fr.s', 'fr.t'], { timing: 'fpArith', uses: ['fcr'], defs: ['fsr'], flags: ['coprocessor0'] }),
  // Double-precision acceleration: steps of software double arithmetic on address registers
  op('f64iter', '1iii 1110 rrrr ssss tttt 0000', ['ar.r+', 'ar.s', 'ar.t', 'f64Iter', 'f64IterLast'], { uses: ['f64r', 'f64s'], defs: ['f64r', 'f64s'] }),
  op('f64rnd',  '01ii 1110 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t', 'f64Round'],               { uses: ['f64r', 'f64s'], defs: ['f64r'] }),
  op('f64addc', '1111 1011 0iii ssss tttt 0000', ['ar.t+', 'ar.s', 'f64Carry', 'f64CarryLast'],       { uses: ['f64s'], defs: ['f64s'] }),
  op('f64subc', '1111 1011 1iii ssss tttt 0000', ['ar.t+', 'ar.s', 'f64Carry', 'f64CarryLast'],       { uses: ['f64s'], defs: ['f64s'] }),
  op('f64sig',  '0000 1110 1101 ssss tttt 0000', ['ar.t=', 'ar.s']),
  op('f64cmpl', '1110 1011 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t'],                           { defs: ['f64s'] }),
  op('f64cmph', 'iiii 1111 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t', 'f64Compare'],             { uses: ['f64s'], defs: ['sar', 'f64r', 'f64s'] }),
  op('f64norm', '001i 1110 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t', 'f64Norm'],                { uses: ['f64s'], defs: ['sar', 'f64s'] }),
  op('f64sexp', '0001 1110 rrrr ssss tttt 0000', ['ar.r=', 'ar.s', 'ar.t']),
  op('rf64r',   '0000 1011 1100 111i tttt 0000', ['ar.t=', 'f64Half'],                                { uses: ['f64r'] }),
  op('wf64r',   '0000 1011 111i ssss tttt 0000', ['ar.s', 'ar.t', 'f64CarryLast'],                    { defs: ['f64r'] }),
] as const;
