/** Asynchronous serial frames read from a recorded wire. */
import { MASTER_HZ } from '../../scheduler/clock.ts';
import type { Ticks } from '../../scheduler/clock.ts';
import type { Wave } from './recorder.ts';
import { edgesOf, valueAt } from './wave.ts';

export interface UartFormat {
  readonly baudHz: number;
  /** 5..8; 8 by default. */
  readonly dataBits?: number;
  readonly parity?: 'none' | 'even' | 'odd';
  /** 1 by default; only the first stop bit is checked. */
  readonly stopBits?: number;
}

export type UartFault = 'parity' | 'framing';

export interface UartFrame {
  /** Tick of the start bit's falling edge. */
  readonly tick: Ticks;
  readonly value: number;
  readonly faults: readonly UartFault[];
}

/** Every frame that ends within the recording. Bits are sampled in their middle. */
export function decodeUart(wave: Wave, format: UartFormat, end: Ticks = Infinity): UartFrame[] {
  const { baudHz, dataBits = 8, parity = 'none', stopBits = 1 } = format;
  const bitTicks = MASTER_HZ / baudHz;
  const checked = dataBits + (parity === 'none' ? 0 : 1);
  const frames: UartFrame[] = [];
  let free: Ticks = -Infinity;
  for (const { tick, kind } of edgesOf(wave)) {
    if (kind !== 'falling' || tick < free) continue;
    const sample = (bit: number): number =>
      valueAt(wave, Math.floor(tick + (bit + 0.5) * bitTicks)) === '0' ? 0 : 1;
    if (sample(0) !== 0) continue;
    if (tick + (1 + checked + 0.5) * bitTicks > end) break;
    let value = 0;
    let ones = 0;
    for (let bit = 0; bit < dataBits; bit++) {
      value |= sample(1 + bit) << bit;
      ones += sample(1 + bit);
    }
    const faults: UartFault[] = [];
    if (parity !== 'none' && ((ones + sample(1 + dataBits)) & 1) !== (parity === 'odd' ? 1 : 0))
      faults.push('parity');
    if (sample(1 + checked) === 0) faults.push('framing');
    frames.push({ tick, value, faults });
    // The next start bit may come early by half a bit: the far end's clock is not ours.
    free = tick + (checked + stopBits + 0.5) * bitTicks;
  }
  return frames;
}

/** The bytes as text (Latin-1). */
export function uartText(frames: readonly UartFrame[]): string {
  return String.fromCharCode(...frames.map(({ value }) => value));
}
