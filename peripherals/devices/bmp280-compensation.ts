/**
 * The BMP280's compensation (data sheet, 3.11.3 and 8.1) in double precision, and its inverse: the
 * raw 20-bit value whose compensated value comes nearest to the physical one. Both formulas are
 * monotonic in the raw value, so the inverse is found by bisection.
 */

/** Trimming words: T1..T3 and P1..P9. T1 and P1 are unsigned, the others signed 16-bit. */
export interface Bmp280Calibration {
  readonly t: readonly [number, number, number];
  readonly p: readonly [number, number, number, number, number, number, number, number, number];
}

/** The data sheet's worked example: raw 519888 and 415148 give 25.08 degrees C and 100653 Pa. */
export const BMP280_EXAMPLE: Bmp280Calibration = {
  t: [27504, 26435, -1000],
  p: [36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000],
};

const MAX_RAW = (1 << 20) - 1;

/** `t_fine`: 5120 per degree C. */
function fineTemperature({ t }: Bmp280Calibration, raw: number): number {
  const [t1, t2, t3] = t;
  const slope = (raw / 16384 - t1 / 1024) * t2;
  const bend = (raw / 131072 - t1 / 8192) ** 2 * t3;
  return slope + bend;
}

export function compensatedCelsius(calibration: Bmp280Calibration, raw: number): number {
  return fineTemperature(calibration, raw) / 5120;
}

/** Pascal; `rawTemperature` is the temperature measured together with it. */
export function compensatedPascal(
  calibration: Bmp280Calibration,
  rawTemperature: number,
  raw: number,
): number {
  const [p1, p2, p3, p4, p5, p6, p7, p8, p9] = calibration.p;
  const fine = Math.trunc(fineTemperature(calibration, rawTemperature));
  const half = fine / 2 - 64000;
  const quadratic = (half * half * p6) / 32768 + half * p5 * 2;
  const offset = quadratic / 4 + p4 * 65536;
  const gain = ((p3 * half * half) / 524288 + p2 * half) / 524288;
  const scale = (1 + gain / 32768) * p1;
  if (scale === 0) return 0;
  const pressure = ((1048576 - raw - offset / 4096) * 6250) / scale;
  const correction = (p9 * pressure * pressure) / 2147483648 + (pressure * p8) / 32768 + p7;
  return pressure + correction / 16;
}

/** Nearest raw temperature, 0 to 0xfffff. */
export function rawTemperature(calibration: Bmp280Calibration, celsius: number): number {
  return nearest((raw) => compensatedCelsius(calibration, raw), celsius);
}

/** Nearest raw pressure, 0 to 0xfffff; it falls while the pressure rises. */
export function rawPressure(
  calibration: Bmp280Calibration,
  temperature: number,
  pascal: number,
): number {
  return nearest((raw) => compensatedPascal(calibration, temperature, raw), pascal);
}

function nearest(f: (raw: number) => number, wanted: number): number {
  const rising = f(MAX_RAW) > f(0);
  let [low, high] = [0, MAX_RAW];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (f(middle) < wanted === rising) low = middle;
    else high = middle;
  }
  return Math.abs(f(low) - wanted) <= Math.abs(f(high) - wanted) ? low : high;
}
