/**
 * The ESP32's LX6 configuration: the XCHAL_ facts of ESP-IDF's `xtensa/config/core-isa.h`
 * (core `esp32_v3_49_prod`, LX6.0.3).
 */
export const XCHAL = {
  NUM_AREGS: 64,
  NUM_INTERRUPTS: 32,
  NUM_TIMERS: 3,
  NUM_MISC_REGS: 4,
  NUM_IBREAK: 2,
  NUM_DBREAK: 2,
  CP_MAXCFG: 8,
  EXCM_LEVEL: 3,
  DEBUGLEVEL: 6,
  NMILEVEL: 7,
  VECBASE_RESET: 0x40000000,
  /** Static vector select 1: the mask ROM; 0: RTC fast memory as PRO_CPU sees it. */
  RESET_VECTOR: 0x40000400,
  RESET_VECTOR_RTC: 0x50000000,
  HW_CONFIGID0: 0xc2bcfffe,
  HW_CONFIGID1: 0x1cc5fe96,
} as const;

/** Vector offsets from VECBASE. */
export const VECTOR = {
  WindowOverflow4: 0x000,
  WindowUnderflow4: 0x040,
  WindowOverflow8: 0x080,
  WindowUnderflow8: 0x0c0,
  WindowOverflow12: 0x100,
  WindowUnderflow12: 0x140,
  Level2: 0x180,
  Level3: 0x1c0,
  Level4: 0x200,
  Level5: 0x240,
  Debug: 0x280,
  NMI: 0x2c0,
  Kernel: 0x300,
  User: 0x340,
  Double: 0x3c0,
} as const;

/** Vector offset of each interrupt level 2..7. */
export const LEVEL_VECTOR = [0, 0, 0x180, 0x1c0, 0x200, 0x240, 0x280, 0x2c0] as const;

/** Masks of the CPU interrupts of each level 1..7. */
export const INTLEVEL_MASK = [
  0, 0x000637ff, 0x00380000, 0x28c08800, 0x53000000, 0x84010000, 0x00000000, 0x00004000,
] as const;

export const INTTYPE_MASK = {
  SOFTWARE: 0x20000080,
  EXTERN_EDGE: 0x50400400,
  EXTERN_LEVEL: 0x8fbe333f,
  TIMER: 0x00018040,
  NMI: 0x00004000,
  PROFILING: 0x00000800,
} as const;

/** CPU interrupt of CCOMPARE0..2. */
export const TIMER_INTERRUPT = [6, 15, 16] as const;

/** PRID as each core reads it; ESP-IDF tells the cores apart by bit 13. */
export const PRID = { PRO_CPU: 0xcdcd, APP_CPU: 0xabab } as const;
