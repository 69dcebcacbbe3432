/**
 * What resets the chip (TRM chapter "Reset and Clock"): who asks, how far it goes, and the cause
 * that RTC_CNTL_RESET_STATE shows afterwards. Names and numbers as in ESP-IDF `rom/rtc.h`.
 */
export const RESET_CAUSE = {
  POWERON_RESET: 1,
  SW_RESET: 3,
  OWDT_RESET: 4,
  DEEPSLEEP_RESET: 5,
  SDIO_RESET: 6,
  TG0WDT_SYS_RESET: 7,
  TG1WDT_SYS_RESET: 8,
  RTCWDT_SYS_RESET: 9,
  INTRUSION_RESET: 10,
  TGWDT_CPU_RESET: 11,
  SW_CPU_RESET: 12,
  RTCWDT_CPU_RESET: 13,
  EXT_CPU_RESET: 14,
  RTCWDT_BROWN_OUT_RESET: 15,
  RTCWDT_RTC_RESET: 16,
} as const;

export type ResetCause = (typeof RESET_CAUSE)[keyof typeof RESET_CAUSE];

/** Name of a cause for reports: `SW_CPU_RESET`. */
export function resetCauseName(cause: ResetCause): string {
  for (const [name, value] of Object.entries(RESET_CAUSE)) if (value === cause) return name;
  return `cause ${cause}`;
}

/**
 * `cpu` resets one core; `core` the digital core (both CPUs and all blocks outside the RTC domain);
 * `system` the RTC domain as well; `power` is what a power-on does.
 */
export interface ResetRequest {
  readonly level: 'cpu' | 'core' | 'system' | 'power';
  /** Cores that are reset: with `cpu` one of them, else both. */
  readonly cores: readonly (0 | 1)[];
  readonly cause: ResetCause;
  /** Block that asks, e.g. `TIMG0.MWDT`. */
  readonly source: string;
}

/** Wired by the composition; it carries out the request before the next guest instruction. */
export type RequestReset = (request: ResetRequest) => void;

export const BOTH_CORES: readonly (0 | 1)[] = [0, 1];
