/** The fuses of a chip as it leaves the factory (TRM chapter "eFuse Controller", system parameters). */
import { CODING, FUSE_WORDS } from './fuses.ts';

/** Values of CHIP_PACKAGE. */
const PACKAGES = {
  D0WDQ6: 0,
  D0WDQ5: 1,
  D2WDQ5: 2,
  U4WDH: 4,
  PICO_D4: 5,
  PICO_V3_02: 6,
  D0WDR2_V3: 7,
} as const;
export type PackageName = keyof typeof PACKAGES;

export interface FactoryFuses {
  /** Six bytes, first byte first as printed. */
  readonly mac: readonly number[];
  /** Chip revision; 3 also needs bit 31 of APB_CTRL_DATE. */
  readonly revision: 0 | 1 | 2 | 3;
  readonly revisionMinor?: 0 | 1 | 2 | 3;
  readonly package?: PackageName;
  readonly codingScheme?: (typeof CODING)[keyof typeof CODING];
  /** ADC reference voltage in mV, in steps of 7 around 1100; 0 or absent: not burnt. */
  readonly adcVrefMv?: number;
  /** Pads of the flash in the package, as GPIO numbers 0..31; absent: the default pads. */
  readonly flashPads?: {
    readonly clk: number;
    readonly q: number;
    readonly d: number;
    readonly cs0: number;
    readonly hd: number;
  };
}

/** CK8M_FREQ: RC_FAST in 100 kHz. The mask ROM computes the crystal's frequency from it. */
const CK8M_FREQ = 85;
const VREF_CENTRE_MV = 1100;
const VREF_STEP_MV = 7;
const CRC_POLYNOMIAL = 0x8c;

/** CRC-8 of the factory MAC: polynomial 31h, reflected, start 0; as `esp_crc8` of the mask ROM. */
export function macCrc8(bytes: readonly number[]): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) * CRC_POLYNOMIAL);
  }
  return crc;
}

export function factoryFuses(chip: FactoryFuses): Uint32Array {
  if (chip.mac.length !== 6) throw new Error(`eFuse: MAC of ${chip.mac.length} bytes, expected 6`);
  const fuses = new Uint32Array(FUSE_WORDS);
  const mac = chip.mac as readonly [number, number, number, number, number, number];
  fuses[1] = (mac[2] << 24) | (mac[3] << 16) | (mac[4] << 8) | mac[5];
  fuses[2] = (macCrc8(mac) << 16) | (mac[0] << 8) | mac[1];
  const packageCode = PACKAGES[chip.package ?? 'D0WDQ6'];
  const rated240 = 1 << 13;
  const pads = chip.flashPads;
  fuses[3] =
    ((packageCode >> 3) << 2) |
    ((pads?.hd ?? 0) << 4) |
    ((packageCode & 7) << 9) |
    rated240 |
    ((chip.revision >= 1 ? 1 : 0) << 15);
  fuses[4] = CK8M_FREQ | (vrefCode(chip.adcVrefMv ?? 0) << 8);
  fuses[5] =
    (pads?.clk ?? 0) |
    ((pads?.q ?? 0) << 5) |
    ((pads?.d ?? 0) << 10) |
    ((pads?.cs0 ?? 0) << 15) |
    ((chip.revision >= 2 ? 1 : 0) << 20) |
    ((chip.revisionMinor ?? 0) << 24);
  fuses[6] = chip.codingScheme ?? CODING.NONE;
  return fuses;
}

/** Sign and magnitude: bit 4 is the sign. */
function vrefCode(millivolts: number): number {
  if (millivolts === 0) return 0;
  const steps = Math.round((millivolts - VREF_CENTRE_MV) / VREF_STEP_MV);
  return Math.min(15, Math.abs(steps)) | (steps < 0 ? 16 : 0);
}
