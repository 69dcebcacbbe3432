/**
 * Floating-Point Coprocessor Option: the single-precision unit ("DFPU single only", with the
 * division, reciprocal, square-root and post-increment groups). Xtensa ISA Reference Manual,
 * Floating-Point Coprocessor Option; the steps of division and square root are in
 * `../float/sequence.ts`.
 *
 * FR holds raw bits. Every function is bit-exact, flags included: full subnormals, four rounding
 * modes, one rounding in MADD.S. The fast paths below serve finite operands in round-to-nearest;
 * whatever they do not cover goes to `../float/arithmetic.ts`. FCR's enables never trap.
 */
import { addFull, maddFull, maddnFull, mulFull } from '../float/arithmetic.ts';
import { floatToInt, floatToUnsigned, intToFloat } from '../float/convert.ts';
import { div0, recip0, rsqrt0, sqrt0 } from '../float/estimates.ts';
import { FCR_RM, FSR, MIN_NORMAL, OVERFLOW, SIGN, isSignalling } from '../float/format.ts';
import { addexp, addexpm, divnFull, mkdadj, mksadj, nexp01 } from '../float/sequence.ts';
import { PENALTY } from '../isa/timing.ts';
import type { Cpu } from '../state.ts';
import { accessDone, storeDone } from './access.ts';

/** MEMW waits longer after an FP store. */
const DRAIN = PENALTY.memwFpStore.value;

// ---- Arithmetic

/** ADD.S: FR[r] = FR[s] + FR[t]. */
export function add_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  const a = cpu.frFloat[s]!;
  const b = cpu.frFloat[t]!;
  const sum = a + b;
  const z = Math.fround(sum);
  if ((cpu.fcr & FCR_RM) !== 0 || z - z !== 0) return addFull(cpu, r, s, t, false);
  cpu.frFloat[r] = z;
  if ((cpu.fsr & FSR.I) === 0 && (z !== sum || sum - a !== b || sum - b !== a)) cpu.fsr |= FSR.I;
}

/** SUB.S: FR[r] = FR[s] - FR[t]. */
export function sub_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  const a = cpu.frFloat[s]!;
  const b = cpu.frFloat[t]!;
  const difference = a - b;
  const z = Math.fround(difference);
  if ((cpu.fcr & FCR_RM) !== 0 || z - z !== 0) return addFull(cpu, r, s, t, true);
  cpu.frFloat[r] = z;
  if ((cpu.fsr & FSR.I) === 0 && (z !== difference || a - difference !== b || difference + b !== a))
    cpu.fsr |= FSR.I;
}

/** MUL.S: FR[r] = FR[s] * FR[t]. */
export function mul_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  const product = cpu.frFloat[s]! * cpu.frFloat[t]!;
  const z = Math.fround(product);
  if ((cpu.fcr & FCR_RM) !== 0 || z - z !== 0) return mulFull(cpu, r, s, t);
  if (z !== product) {
    if (Math.abs(z) <= MIN_NORMAL) return mulFull(cpu, r, s, t);
    cpu.fsr |= FSR.I;
  }
  cpu.frFloat[r] = z;
}

/**
 * FR[r] = `c` + `product` when one rounding to nearest is plain: the result normal, and either the
 * binary64 sum exact or not midway between two binary32 numbers. Returns 0 and writes nothing when
 * it is not; else 1 for an exact and 2 for a rounded result.
 */
function fusedAdd(cpu: Cpu, r: number, c: number, product: number): number {
  const sum = c + product;
  const z = Math.fround(sum);
  const magnitude = Math.abs(z);
  if (!(magnitude > MIN_NORMAL && magnitude < OVERFLOW)) {
    if (sum !== 0) return 0;
    cpu.frFloat[r] = sum;
    return 1;
  }
  if (sum - c === product && sum - product === c) {
    cpu.frFloat[r] = z;
    return z === sum ? 1 : 2;
  }
  const opposite = z + 2 * (sum - z);
  if (opposite !== z && Math.fround(opposite) === opposite) return 0;
  cpu.frFloat[r] = z;
  return 2;
}

/** MADD.S: FR[r] = FR[r] + FR[s] * FR[t], rounded once. */
export function madd_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  const kind =
    (cpu.fcr & FCR_RM) !== 0
      ? 0
      : fusedAdd(cpu, r, cpu.frFloat[r]!, cpu.frFloat[s]! * cpu.frFloat[t]!);
  if (kind === 0) maddFull(cpu, r, s, t, false);
  else if (kind === 2) cpu.fsr |= FSR.I;
}

/** MSUB.S: FR[r] = FR[r] - FR[s] * FR[t], rounded once. */
export function msub_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  const kind =
    (cpu.fcr & FCR_RM) !== 0
      ? 0
      : fusedAdd(cpu, r, cpu.frFloat[r]!, -(cpu.frFloat[s]! * cpu.frFloat[t]!));
  if (kind === 0) maddFull(cpu, r, s, t, true);
  else if (kind === 2) cpu.fsr |= FSR.I;
}

/** MADDN.S: MADD.S that always rounds to nearest even and sets no flag. */
export function maddn_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  if (fusedAdd(cpu, r, cpu.frFloat[r]!, cpu.frFloat[s]! * cpu.frFloat[t]!) === 0)
    maddnFull(cpu, r, s, t);
}

// ---- Division and square root

/** DIV0.S: FR[r] = the seed for 1 / FR[s]. */
export function div0_s(cpu: Cpu, r: number, s: number, _t: number, _imm: number): void {
  cpu.fr[r] = div0(cpu.fr[s]!);
}

/** RECIP0.S: FR[r] = about 1 / FR[s]. */
export function recip0_s(cpu: Cpu, r: number, s: number, _t: number, _imm: number): void {
  cpu.fr[r] = recip0(cpu, cpu.fr[s]!);
}

/** SQRT0.S: FR[r] = the seed for 1 / sqrt(FR[s]). */
export function sqrt0_s(cpu: Cpu, r: number, s: number, _t: number, _imm: number): void {
  cpu.fr[r] = sqrt0(cpu.fr[s]!);
}

/** RSQRT0.S: FR[r] = about 1 / sqrt(FR[s]). */
export function rsqrt0_s(cpu: Cpu, r: number, s: number, _t: number, _imm: number): void {
  cpu.fr[r] = rsqrt0(cpu, cpu.fr[s]!);
}

/** NEXP01.S: FR[r] = -FR[s] scaled into [1, 4). */
export function nexp01_s(cpu: Cpu, r: number, s: number, _t: number, _imm: number): void {
  cpu.fr[r] = nexp01(cpu.fr[s]!);
}

/** MKSADJ.S: FR[r] = the exponent adjustment for sqrt(FR[s]). */
export function mksadj_s(cpu: Cpu, r: number, s: number, _t: number, _imm: number): void {
  cpu.fr[r] = mksadj(cpu, cpu.fr[s]!);
}

/** MKDADJ.S: FR[r] = the exponent adjustment for FR[s] / FR[r]. */
export function mkdadj_s(cpu: Cpu, r: number, s: number, _t: number, _imm: number): void {
  cpu.fr[r] = mkdadj(cpu, cpu.fr[r]!, cpu.fr[s]!);
}

/** ADDEXP.S: FR[r] with the low part of adjustment FR[s] added to its exponent. */
export function addexp_s(cpu: Cpu, r: number, s: number, _t: number, _imm: number): void {
  cpu.fr[r] = addexp(cpu.fr[r]!, cpu.fr[s]!);
}

/** ADDEXPM.S: FR[r] with the high part of adjustment FR[s] added to its exponent. */
export function addexpm_s(cpu: Cpu, r: number, s: number, _t: number, _imm: number): void {
  cpu.fr[r] = addexpm(cpu.fr[r]!, cpu.fr[s]!);
}

/** DIVN.S: FR[r] = FR[r] + FR[s] * FR[t], the adjustments of FR[r] and FR[t] applied, rounded once. */
export function divn_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  divnFull(cpu, r, s, t);
}

const CONSTANTS = Int32Array.of(0, 0x3f800000, 0x40000000, 0x3f000000);

/** CONST.S: FR[r] = 0, 1, 2 or 0.5 by the low two bits of the immediate. */
export function const_s(cpu: Cpu, r: number, _s: number, _t: number, imm: number): void {
  cpu.fr[r] = CONSTANTS[imm & 3]!;
}

// ---- Moves

/** MOV.S: FR[r] = FR[s], bit for bit. */
export function mov_s(cpu: Cpu, r: number, s: number, _t: number, _imm: number): void {
  cpu.fr[r] = cpu.fr[s]!;
}

/** ABS.S: the sign bit cleared, of a NaN too. No flags. */
export function abs_s(cpu: Cpu, r: number, s: number, _t: number, _imm: number): void {
  cpu.fr[r] = cpu.fr[s]! & ~SIGN;
}

/** NEG.S: the sign bit inverted, of a NaN too. No flags. */
export function neg_s(cpu: Cpu, r: number, s: number, _t: number, _imm: number): void {
  cpu.fr[r] = cpu.fr[s]! ^ SIGN;
}

/** MOVEQZ.S: if AR[t] = 0 then FR[r] = FR[s]. */
export function moveqz_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  if (cpu.a(t) === 0) cpu.fr[r] = cpu.fr[s]!;
}

/** MOVNEZ.S: if AR[t] is not 0 then FR[r] = FR[s]. */
export function movnez_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  if (cpu.a(t) !== 0) cpu.fr[r] = cpu.fr[s]!;
}

/** MOVLTZ.S: if AR[t] < 0 then FR[r] = FR[s]. */
export function movltz_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  if (cpu.a(t) < 0) cpu.fr[r] = cpu.fr[s]!;
}

/** MOVGEZ.S: if AR[t] >= 0 then FR[r] = FR[s]. */
export function movgez_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  if (cpu.a(t) >= 0) cpu.fr[r] = cpu.fr[s]!;
}

/** MOVF.S: if BR[t] is false then FR[r] = FR[s]. */
export function movf_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  if (((cpu.br >> t) & 1) === 0) cpu.fr[r] = cpu.fr[s]!;
}

/** MOVT.S: if BR[t] is true then FR[r] = FR[s]. */
export function movt_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  if (((cpu.br >> t) & 1) !== 0) cpu.fr[r] = cpu.fr[s]!;
}

/** RFR: AR[r] = FR[s], bit for bit. */
export function rfr(cpu: Cpu, r: number, s: number, _t: number, _imm: number): void {
  cpu.setA(r, cpu.fr[s]!);
}

/** WFR: FR[r] = AR[s], bit for bit. */
export function wfr(cpu: Cpu, r: number, s: number, _t: number, _imm: number): void {
  cpu.fr[r] = cpu.a(s);
}

// ---- Compares: Invalid for a signalling NaN; OLT.S and OLE.S for any NaN.

function setBr(cpu: Cpu, r: number, value: boolean): void {
  cpu.br = value ? cpu.br | (1 << r) : cpu.br & ~(1 << r);
}

/** True if FR[s] or FR[t] is a NaN; Invalid if one signals. */
function unordered(cpu: Cpu, s: number, t: number): boolean {
  const a = cpu.frFloat[s]!;
  const b = cpu.frFloat[t]!;
  if (a === a && b === b) return false;
  if (isSignalling(cpu.fr[s]!) || isSignalling(cpu.fr[t]!)) cpu.fsr |= FSR.V;
  return true;
}

/** UN.S: BR[r] = FR[s] and FR[t] are unordered. */
export function un_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  setBr(cpu, r, unordered(cpu, s, t));
}

/** OEQ.S: BR[r] = FR[s] = FR[t]. */
export function oeq_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  setBr(cpu, r, !unordered(cpu, s, t) && cpu.frFloat[s] === cpu.frFloat[t]);
}

/** UEQ.S: BR[r] = unordered or equal. */
export function ueq_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  setBr(cpu, r, unordered(cpu, s, t) || cpu.frFloat[s] === cpu.frFloat[t]);
}

/** OLT.S: BR[r] = FR[s] < FR[t]. Invalid for any NaN. */
export function olt_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  if (unordered(cpu, s, t)) cpu.fsr |= FSR.V;
  setBr(cpu, r, cpu.frFloat[s]! < cpu.frFloat[t]!);
}

/** ULT.S: BR[r] = unordered or less. */
export function ult_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  setBr(cpu, r, unordered(cpu, s, t) || cpu.frFloat[s]! < cpu.frFloat[t]!);
}

/** OLE.S: BR[r] = FR[s] <= FR[t]. Invalid for any NaN. */
export function ole_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  if (unordered(cpu, s, t)) cpu.fsr |= FSR.V;
  setBr(cpu, r, cpu.frFloat[s]! <= cpu.frFloat[t]!);
}

/** ULE.S: BR[r] = unordered, less or equal. */
export function ule_s(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  setBr(cpu, r, unordered(cpu, s, t) || cpu.frFloat[s]! <= cpu.frFloat[t]!);
}

// ---- Conversions; the immediate is the number of fraction bits of the integer.

/** ROUND.S: AR[r] = FR[s] * 2^imm to the nearest integer, ties to even. */
export function round_s(cpu: Cpu, r: number, s: number, _t: number, imm: number): void {
  const value = cpu.frFloat[s]! * 2 ** imm;
  const below = Math.floor(value);
  const part = value - below;
  const up = part > 0.5 || (part === 0.5 && below % 2 !== 0);
  cpu.setA(r, floatToInt(cpu, value, up ? below + 1 : below));
}

/** TRUNC.S: AR[r] = FR[s] * 2^imm towards zero. */
export function trunc_s(cpu: Cpu, r: number, s: number, _t: number, imm: number): void {
  const value = cpu.frFloat[s]! * 2 ** imm;
  cpu.setA(r, floatToInt(cpu, value, Math.trunc(value)));
}

/** FLOOR.S: AR[r] = FR[s] * 2^imm downwards. */
export function floor_s(cpu: Cpu, r: number, s: number, _t: number, imm: number): void {
  const value = cpu.frFloat[s]! * 2 ** imm;
  cpu.setA(r, floatToInt(cpu, value, Math.floor(value)));
}

/** CEIL.S: AR[r] = FR[s] * 2^imm upwards. */
export function ceil_s(cpu: Cpu, r: number, s: number, _t: number, imm: number): void {
  const value = cpu.frFloat[s]! * 2 ** imm;
  cpu.setA(r, floatToInt(cpu, value, Math.ceil(value)));
}

/** UTRUNC.S: AR[r] = FR[s] * 2^imm towards zero, unsigned; a negative one wraps, with Invalid. */
export function utrunc_s(cpu: Cpu, r: number, s: number, _t: number, imm: number): void {
  cpu.setA(r, floatToUnsigned(cpu, cpu.frFloat[s]! * 2 ** imm));
}

/** FLOAT.S: FR[r] = AR[s] * 2^-imm, signed, rounded by FCR.RM. */
export function float_s(cpu: Cpu, r: number, s: number, _t: number, imm: number): void {
  intToFloat(cpu, r, cpu.a(s), imm);
}

/** UFLOAT.S: FR[r] = AR[s] * 2^-imm, unsigned, rounded by FCR.RM. */
export function ufloat_s(cpu: Cpu, r: number, s: number, _t: number, imm: number): void {
  intToFloat(cpu, r, cpu.a(s) >>> 0, imm);
}

// ---- Loads and stores

/** FR[f] = mem32[address]; false if the access failed and its exception was raised. */
function load(cpu: Cpu, f: number, address: number): boolean {
  const value = cpu.port.read32(address);
  if (!accessDone(cpu)) return false;
  cpu.fr[f] = value;
  return true;
}

/** mem32[address] = FR[f]; false if the access failed and its exception was raised. */
function store(cpu: Cpu, f: number, address: number): boolean {
  cpu.port.write32(address, cpu.fr[f]!);
  return storeDone(cpu, DRAIN);
}

/** LSI: FR[t] = mem32[AR[s] + imm]. */
export function lsi(cpu: Cpu, _r: number, s: number, t: number, imm: number): void {
  load(cpu, t, cpu.a(s) + imm);
}

/** LSIP: FR[t] = mem32[AR[s]], then AR[s] += imm. */
export function lsip(cpu: Cpu, _r: number, s: number, t: number, imm: number): void {
  const address = cpu.a(s);
  if (load(cpu, t, address)) cpu.setA(s, address + imm);
}

/** LSX: FR[r] = mem32[AR[s] + AR[t]]. */
export function lsx(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  load(cpu, r, cpu.a(s) + cpu.a(t));
}

/** LSXP: FR[r] = mem32[AR[s]], then AR[s] += AR[t]. */
export function lsxp(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  const address = cpu.a(s);
  if (load(cpu, r, address)) cpu.setA(s, address + cpu.a(t));
}

/** SSI: mem32[AR[s] + imm] = FR[t]. */
export function ssi(cpu: Cpu, _r: number, s: number, t: number, imm: number): void {
  store(cpu, t, cpu.a(s) + imm);
}

/** SSIP: mem32[AR[s]] = FR[t], then AR[s] += imm. */
export function ssip(cpu: Cpu, _r: number, s: number, t: number, imm: number): void {
  const address = cpu.a(s);
  if (store(cpu, t, address)) cpu.setA(s, address + imm);
}

/** SSX: mem32[AR[s] + AR[t]] = FR[r]. */
export function ssx(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  store(cpu, r, cpu.a(s) + cpu.a(t));
}

/** SSXP: mem32[AR[s]] = FR[r], then AR[s] += AR[t]. */
export function ssxp(cpu: Cpu, r: number, s: number, t: number, _imm: number): void {
  const address = cpu.a(s);
  if (store(cpu, r, address)) cpu.setA(s, address + cpu.a(t));
}

export {
  f64addc,
  f64cmph,
  f64cmpl,
  f64iter,
  f64norm,
  f64rnd,
  f64sexp,
  f64sig,
  f64subc,
  rf64r,
  wf64r,
} from './double-assist.ts';
