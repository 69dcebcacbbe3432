/**
 * The one timing table of the core (data). Every constant carries its source and confidence:
 * H, M, L as in the measured-facts page, `none` where nothing is published (the value is a choice).
 * Unit: CPU cycles.
 */
export interface TimingConstant {
  readonly value: number;
  readonly source: string;
  readonly confidence: 'H' | 'M' | 'L' | 'none';
  /** Program that would measure it on a board: 1 M passes in IRAM, interrupts off. */
  readonly measure?: string;
}

const constant = (
  value: number,
  confidence: TimingConstant['confidence'],
  source: string,
  measure?: string,
): TimingConstant => ({ value, source, confidence, ...(measure === undefined ? {} : { measure }) });

/**
 * Ready times: cycles from issue to the earliest issue of an instruction that needs the result.
 * A class names how its instructions use the pipeline; issue is 1 cycle unless ISSUE says more.
 */
// prettier-ignore
export const LATENCY = {
  alu:       constant(1, 'H', 'esp-dsp fit: ALU, moves, shifts'),
  mul16:     constant(2, 'H', 'esp-dsp fft4r'),
  mul32:     constant(2, 'M', 'cexartattoo loops (MULL, MULUH)'),
  div:       constant(3, 'M', 'published ESP-IDF loop results at 160 MHz: QUOU +2.0 against ADD', 'dependent QUOU and QUOS with quotients of 1, 16 and 31 bits'),
  rem:       constant(4, 'M', 'the same: REMU +3.0 against ADD', 'dependent REMU and REMS with quotients of 1, 16 and 31 bits'),
  load:      constant(3, 'H', 'cexartattoo i16 rows; esp-dsp'),
  l32r:      constant(4, 'M', 'FlintVN 9.0 cycles per iteration; simi-sai 22', 'L32R and its use with the literal in IRAM, DRAM and flash'),
  store:     constant(1, 'H', 'esp-dsp'),
  s32c1i:    constant(7, 'L', 'S3 fetch_add loop 13.007 cycles, one stage longer', 'S32C1I and a branch on its result, one core and two'),
  branch:    constant(1, 'H', 'esp-dsp'),
  call:      constant(1, 'H', 'esp-dsp: return address'),
  loop:      constant(1, 'H', 'esp-dsp'),
  mac16:     constant(1, 'H', 'esp-dsp dotprod_s16: accumulate back to back'),
  macLoad:   constant(3, 'H', 'esp-dsp dotprod_s16, mult_s16: LDINC to MULA'),
  rsr:       constant(3, 'H', 'yuwenpeng loop = 7; esp-dsp fft2r_sc16'),
  wsr:       constant(1, 'none', 'WSR other than ACCx', 'WSR.SAR and SRL, WSR.MISC0 and RSR.MISC0'),
  wsrAcc:    constant(4, 'M', 'ACC after the second cycle of WSR ACCx: esp-dsp mult_s16 (24697), with PENALTY.wsrAcc'),
  fpArith:   constant(4, 'H', 'esp-dsp float kernels; TestFLOPS 40/10'),
  fpMove:    constant(1, 'M', 'esp-dsp biquad, matrices'),
  fpLoad:    constant(1, 'H', 'esp-dsp dotprod, fft'),
  fpToAr:    constant(3, 'none', 'RFR and conversions to AR: unmeasured', 'RFR and ADD, TRUNC.S and ADD'),
  fpCompare: constant(7, 'L', 'cexartattoo volatile float add = 27.0', 'OLT.S and BF without memory accesses'),
  sync:      constant(1, 'none', 'ISYNC, RSYNC, ESYNC, DSYNC, EXTW: unpublished', 'each of them in a row'),
} as const satisfies Record<string, TimingConstant>;

export type TimingClass = keyof typeof LATENCY;

/** Penalties and waits that are not ready times. */
// prettier-ignore
export const PENALTY = {
  takenBranch:   constant(3, 'H', 'esp-dsp fir/fird: 4 cycles in all, 1 of them the issue'),
  call:          constant(3, 'H', 'esp-dsp BASE = 8: CALL8 4 in all'),
  return:        constant(3, 'H', 'esp-dsp BASE = 8: RETW 4 in all'),
  loopSkip:      constant(3, 'M', 'a LOOPNEZ or LOOPGTZ that skips costs a taken branch', 'LOOPNEZ with a count of 0'),
  firstLoopBack: constant(1, 'H', 'esp-dsp dotprod (256 it: 1047)'),
  memwStore:     constant(6, 'H', 'issue of the store to the issue of MEMW\'s successor; volatile loops'),
  memwFpStore:   constant(8, 'M', 'volatile float loop = 13.0'),
  wsrAcc:        constant(1, 'M', 'WSR ACCLO and ACCHI issue for two cycles: esp-dsp dotprod_s16 = 437'),
  isync:         constant(3, 'none', 'refill of the fetch stages assumed', 'ISYNC in a row'),
  windowVector:  constant(8, 'M', 'SPILL_ALL_WINDOWS 145 cycles (Zephyr and ESP-IDF, xt_asm_utils.h), shared out over six CALL8 frames', 'a call chain of depth 1 to 16'),
  exception:     constant(6, 'none', 'pipeline drain and vector fetch assumed', 'SYSCALL and RFE; CCOUNT read first thing in a level-3 handler'),
  waitiWake:     constant(6, 'none', 'assumed as interrupt entry', 'WAITI with CCOMPARE0, CCOUNT read in the handler'),
} as const satisfies Record<string, TimingConstant>;
