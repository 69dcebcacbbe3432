/**
 * What the generator draws from, as assembly with placeholders. This list is independent of the emulator's
 * instruction table on purpose.
 *
 * QEMU's SRL and SRA by 32 after SSL or SSA8B are wrong, so that SAR is set again there; test ROM `special-registers`
 * has these shifts.
 *
 *   D   address register that is written      S   address register that is read
 *   B   boolean                               F   floating-point register
 *   M   MAC16 register; X m0 or m1; Y m2 or m3
 *   {low..high}, {low..high:step}, {a|b|c}    immediates
 */
export const PLAIN = {
  base: `
    add D, S, S; sub D, S, S; addx2 D, S, S; addx4 D, S, S; addx8 D, S, S; subx2 D, S, S; subx4 D, S, S
    subx8 D, S, S; and D, S, S; or D, S, S; xor D, S, S; neg D, S; abs D, S; addi D, S, {-128..127}
    addmi D, S, {-32768..32512:256}; movi D, {-2048..2047}; extui D, S, {0..15}, {1..16}; extui D, S, {16..27}, {1..5}; extui D, S, {28..31}, 1
    slli D, S, {1..31}; srli D, S, {0..15}; srai D, S, {0..31}; moveqz D, S, S; movnez D, S, S; movltz D, S, S
    movgez D, S, S; ssr S\\nsrl D, S; ssr S\\nsra D, S; ssl S\\nsll D, S\\nssai {0..31}; ssa8l S\\nsrc D, S, S; ssai {0..31}\\nsrc D, S, S
    ssa8b S\\nsll D, S\\nssai {0..31}; src D, S, S; srl D, S; sra D, S; sll D, S; rsr.sar D
    ssai {0..31}; nop; mov D, S; rur.threadptr D`,
  density: `
    add.n D, S, S; addi.n D, S, {-1|1|2|3|4|5|6|7|8|9|10|11|12|13|14|15}; mov.n D, S; movi.n D, {-32..95}; nop.n`,
  mul: `
    mul16u D, S, S; mul16s D, S, S; mull D, S, S`,
  misc: `
    min D, S, S; max D, S, S; minu D, S, S; maxu D, S, S; sext D, S, {7..22}; clamps D, S, {7..22}; nsa D, S; nsau D, S`,
  mac16: `
    umul.aa.hl S, S; umul.aa.ll S, S; umul.aa.lh S, S; umul.aa.hh S, S; mul.aa.hl S, S; mul.aa.lh S, S; mul.aa.ll S, S
    mul.aa.hh S, S; mula.aa.ll S, S; mula.aa.hl S, S; mula.aa.lh S, S; mula.aa.hh S, S; muls.aa.ll S, S; muls.aa.hl S, S
    muls.aa.lh S, S; muls.aa.hh S, S; mul.ad.ll S, Y; mul.ad.hh S, Y; mula.ad.hl S, Y; mula.ad.lh S, Y; muls.ad.ll S, Y
    muls.ad.hh S, Y; mul.da.lh X, S; mul.da.hl X, S; mula.da.ll X, S; mula.da.hh X, S; muls.da.hl X, S; muls.da.lh X, S
    mul.dd.ll X, Y; mul.dd.hl X, Y; mula.dd.lh X, Y; mula.dd.hh X, Y; muls.dd.ll X, Y; muls.dd.hl X, Y; muls.dd.hh X, Y
    wsr.M S; rsr.M D; xsr.M D; rsr.acclo D; rsr.acchi D; wsr.acclo S; wsr.acchi S; xsr.acclo D; xsr.acchi D`,
  boolean: `
    andb B, B, B; andbc B, B, B; orb B, B, B; orbc B, B, B; xorb B, B, B; any4 B, {b0|b4|b8}; all4 B, {b0|b4|b8|b12}
    any8 B, {b0|b8}; all8 B, {b0|b8}; movf D, S, B; movt D, S, B; rsr.br D; wsr.br S; xsr.br D`,
  float: `
    mov.s F, F; abs.s F, F; neg.s F, F; const.s F, {0..3}; rfr D, F; moveqz.s F, F, S; movnez.s F, F, S
    movltz.s F, F, S; movgez.s F, F, S; movf.s F, F, B; movt.s F, F, B; un.s B, F, F; oeq.s B, F, F; ueq.s B, F, F
    olt.s B, F, F; ult.s B, F, F; ole.s B, F, F; ule.s B, F, F; round.s D, F, 0; trunc.s D, F, 0; floor.s D, F, 0
    ceil.s D, F, 0; float.s F, S, {0..15}; ufloat.s F, S, {0..15}; rur.fsr D; rur.fcr D`,
  /** Results that may be NaN are replaced by f15 (see generate.ts). */
  floatArithmetic: `
    add.s F, F, F; sub.s F, F, F; mul.s F, F, F; madd.s F, F, F; msub.s F, F, F; wfr F, S`,
  /** Loads and stores: value register, alignment of the offset, highest offset. */
  loads: `
    l8ui D 1 255; l16ui D 2 510; l16si D 2 510; l32i D 4 1020; l32i.n D 4 60; l32ai D 4 1020`,
  stores: `
    s8i S 1 255; s16i S 2 510; s32i S 4 1020; s32i.n S 4 60; s32ri S 4 1020`,
  /** Branch conditions; the label follows. */
  branches: `
    beqz S; bnez S; bltz S; bgez S; beq S, S; bne S, S; blt S, S; bge S, S; bltu S, S; bgeu S, S; bany S, S; bnone S, S
    ball S, S; bnall S, S; bbc S, S; bbs S, S; bbci S, {0..31}; bbsi S, {0..31}
    beqi S, {-1|1|2|3|4|5|6|7|8|10|12|16|32|64|128|256}; bnei S, {-1|1|2|3|4|5|6|7|8|10|12|16|32|64|128|256}
    blti S, {-1|1|2|3|4|5|6|7|8|10|12|16|32|64|128|256}; bgei S, {-1|1|2|3|4|5|6|7|8|10|12|16|32|64|128|256}
    bltui S, {2|3|4|5|6|7|8|10|12|16|32|64|128|256|32768|65536}
    bgeui S, {2|3|4|5|6|7|8|10|12|16|32|64|128|256|32768|65536}; beqz.n S; bnez.n S`,
  booleanBranches: `bf B; bt B`,
} as const;

export type PlainOption = keyof typeof PLAIN;

export const TEMPLATES = Object.fromEntries(
  Object.entries(PLAIN).map(([option, text]) => [
    option,
    text
      .split(/[;\n]/)
      .map((line) => line.trim().replaceAll('\\n', '\n'))
      .filter((line) => line !== ''),
  ]),
) as Record<PlainOption, string[]>;
