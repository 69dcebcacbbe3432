/** Which constants of the model are varied, and to what: those that no good measurement has settled. */
import { LATENCY, PENALTY } from '../emulator/cpu/isa/timing.ts';
import { UNALIGNED, WAIT_CLASS } from '../emulator/memory/map.ts';
import { LINE_OVERHEAD } from '../peripherals/spi/line-fill.ts';

/** Not a constant but a rule: SRAM banks contended or not. */
export const ARBITER = 'sramArbiter';

export interface Uncertain {
  /** Table and key. */
  readonly name: string;
  readonly value: number;
  readonly unit: 'CPU_CLK' | 'APB_CLK' | 'SPI clocks';
  readonly confidence: string;
  /** Values tried instead. */
  readonly tried: readonly number[];
}

const NEAR = [-1, 1, 2] as const;

function uncertain(
  name: string,
  unit: Uncertain['unit'],
  { value, confidence }: { readonly value: number; readonly confidence: string },
): Uncertain[] {
  if (confidence === 'H') return [];
  const measured = confidence === 'M';
  const tried =
    unit === 'CPU_CLK'
      ? (measured ? [-1, 1] : NEAR).map((step) => value + step).filter((v) => v >= 0)
      : [value / 2, value * 2].map(Math.round);
  return [{ name, value, unit, confidence, tried }];
}

/** M: one measurement, varied by one; L and none: varied further, bus times halved and doubled. */
export const UNCERTAIN: readonly Uncertain[] = [
  ...Object.entries(LATENCY).flatMap(([key, row]) => uncertain(`LATENCY.${key}`, 'CPU_CLK', row)),
  ...Object.entries(PENALTY).flatMap(([key, row]) => uncertain(`PENALTY.${key}`, 'CPU_CLK', row)),
  ...Object.entries(WAIT_CLASS).flatMap(([key, { apbCycles, confidence }]) =>
    apbCycles === 0
      ? []
      : uncertain(`WAIT_CLASS.${key}`, 'APB_CLK', { value: apbCycles, confidence }),
  ),
  ...uncertain('BUS.unaligned', 'CPU_CLK', UNALIGNED),
  ...uncertain('BUS.lineOverhead', 'SPI clocks', LINE_OVERHEAD),
];
