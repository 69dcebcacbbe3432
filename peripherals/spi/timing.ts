/**
 * When the wires of one SPI master transfer change: pure functions of the tick, so that a transfer
 * that nobody listens to is computed at its end and one that somebody does edge by edge, alike
 * (TRM chapter "SPI Controller", clock control and the delay settings of SPI_CTRL2).
 *
 * Bit i is put out when SPI clock i begins and sampled when it ends, just before the next bit is put
 * out, moved back by the MISO delay: ESP-IDF's frequency limits follow from that, and its driver
 * asks for half a clock of MISO delay at low rates, which gives the usual sampling edge.
 * Unverified on silicon: the place of CPHA 1's first edge (with the chip select when there is no
 * set-up), the duty of odd dividers with CPOL 1, the way of a delay of a whole clock.
 */
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import type { SpiBank } from './transaction.ts';

/** One SPI clock in master ticks. */
export interface ClockShape {
  readonly period: Ticks;
  readonly high: Ticks;
}

const CLOCK_EQUAL = 0x80000000;

/** SPI_CLOCK: the pre-divided count runs 0..N; CLK rises behind count L and falls behind count H. */
export function clockShape(bank: SpiBank, apbClock: Clock): ClockShape {
  const apb = MASTER_HZ / apbClock.hz;
  if (bank.get('CLOCK') >= CLOCK_EQUAL) return { period: apb, high: Math.floor(apb / 2) };
  const unit = apb * (bank.getField('CLOCK', 'CLKDIV_PRE') + 1);
  const count = bank.getField('CLOCK', 'CLKCNT_N') + 1;
  const difference = bank.getField('CLOCK', 'CLKCNT_H') - bank.getField('CLOCK', 'CLKCNT_L');
  const high = (difference + 64 * count) % count;
  if (count === 1) return { period: unit, high: Math.floor(unit / 2) };
  return { period: unit * count, high: unit * (high === 0 ? 1 : high) };
}

type Delayed = 'MISO' | 'MOSI' | 'CS';

/** Delay of a line in ticks: its mode in half clocks and its number in APB cycles. */
export function lineDelay(
  bank: SpiBank,
  line: Delayed,
  { period }: ClockShape,
  apbClock: Clock,
): Ticks {
  const mode = bank.getField('CTRL2', `${line}_DELAY_MODE`);
  const edge = bank.getField('USER', 'CK_OUT_EDGE') === 1;
  const half = (mode === 1 && edge) || (mode === 2 && !edge);
  const clocks = mode === 0 ? 0 : half ? Math.floor(period / 2) : period;
  const number = bank.getField('CTRL2', `${line}_DELAY_NUM`);
  return clocks + (number * MASTER_HZ) / apbClock.hz;
}

/** What a transfer needs to know of its ticks; plain data, saved as it is. */
export interface TransferTiming extends ClockShape {
  readonly csBegin: Ticks;
  /** First SPI clock. */
  readonly start: Ticks;
  /** End of the last SPI clock. */
  readonly stop: Ticks;
  /** The transfer is over: hold and delay of the chip select are past. */
  readonly end: Ticks;
  readonly cpol: number;
  readonly cpha: number;
  /** Clocks without edges: the dummy phase with USR_DUMMY_IDLE. */
  readonly silentFrom: number;
  readonly silentTo: number;
  readonly mosiDelay: Ticks;
  readonly misoDelay: Ticks;
}

/** Level of CLK at `tick`. */
export function clockLevel(timing: TransferTiming, tick: Ticks): number {
  const { start, stop, period, high, cpol, cpha } = timing;
  if (tick < start || tick >= stop) return cpol;
  const clock = Math.floor((tick - start) / period);
  if (clock >= timing.silentFrom && clock < timing.silentTo) return cpol;
  const first = cpol ^ cpha;
  const phase = (tick - start) % period;
  return phase < (first === 1 ? high : period - high) ? first : first ^ 1;
}

/** The clock whose bit stands on the data lines at `tick`; -1 before the first. */
export function bitAt(timing: TransferTiming, tick: Ticks): number {
  const { start, stop, period, mosiDelay } = timing;
  const bit = Math.floor((tick - mosiDelay - start) / period);
  return Math.max(-1, Math.min(bit, (stop - start) / period - 1));
}

/** Tick at which the bit of `clock` is sampled. */
export function sampleTick(timing: TransferTiming, clock: number): Ticks {
  return timing.start + (clock + 1) * timing.period - timing.misoDelay;
}

/** First tick after `tick` at which a wire may change, or Infinity. */
export function nextChange(timing: TransferTiming, tick: Ticks): Ticks {
  const { csBegin, start, stop, end, period, high, cpol, cpha, mosiDelay } = timing;
  if (tick < csBegin) return csBegin;
  const middle = (cpol ^ cpha) === 1 ? high : period - high;
  let next = tick < end ? end : Infinity;
  for (const offset of [0, middle, mosiDelay]) {
    const change = firstAfter(start + offset, period, tick);
    if (change <= (offset === mosiDelay ? stop + mosiDelay : stop)) next = Math.min(next, change);
  }
  return next;
}

/** First of `from`, `from + step`, ... after `tick`. */
function firstAfter(from: Ticks, step: Ticks, tick: Ticks): Ticks {
  return tick < from ? from : from + (Math.floor((tick - from) / step) + 1) * step;
}
