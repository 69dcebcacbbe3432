/** SPI transfers read from recorded wires: one chip-select phase each. */
import type { Ticks } from '../../scheduler/clock.ts';
import type { Wave } from './recorder.ts';
import { edgesOf, valueAt } from './wave.ts';

export interface SpiWires {
  readonly clk: Wave;
  readonly cs: Wave;
  /** Absent data wires give no bytes. */
  readonly mosi?: Wave;
  readonly miso?: Wave;
  /** CPOL * 2 + CPHA. */
  readonly mode: 0 | 1 | 2 | 3;
  readonly lsbFirst?: boolean;
}

export interface SpiTransferSeen {
  /** Ticks at which CS falls and rises. */
  readonly start: Ticks;
  readonly end: Ticks;
  /** Clocks in the phase; whole bytes are in `mosi` and `miso`. */
  readonly clocks: number;
  readonly mosi: readonly number[];
  readonly miso: readonly number[];
}

/** Every transfer whose CS fell and rose again within the recording (CS is low active). */
export function decodeSpi(wires: SpiWires): SpiTransferSeen[] {
  const { clk, cs, mosi, miso, mode } = wires;
  // Modes 0 and 3 sample at the rising edge, 1 and 2 at the falling one.
  const kind = mode === 0 || mode === 3 ? 'rising' : 'falling';
  const samples = edgesOf(clk).filter((edge) => edge.kind === kind);
  const select = edgesOf(cs);
  const transfers: SpiTransferSeen[] = [];
  for (let i = 0; i + 1 < select.length; i++) {
    const [fall, rise] = [select[i]!, select[i + 1]!];
    if (fall.kind !== 'falling') continue;
    const ticks = samples
      .map(({ tick }) => tick)
      .filter((tick) => tick >= fall.tick && tick <= rise.tick);
    transfers.push({
      start: fall.tick,
      end: rise.tick,
      clocks: ticks.length,
      mosi: bytes(mosi, ticks, wires.lsbFirst === true),
      miso: bytes(miso, ticks, wires.lsbFirst === true),
    });
  }
  return transfers;
}

/** Data is sampled just before the edge: a wire that changes with it still shows the old bit. */
function bytes(wave: Wave | undefined, ticks: readonly Ticks[], lsbFirst: boolean): number[] {
  if (wave === undefined) return [];
  const result: number[] = [];
  for (let at = 0; at + 8 <= ticks.length; at += 8) {
    let value = 0;
    for (let bit = 0; bit < 8; bit++) {
      const level = valueAt(wave, ticks[at + bit]! - 1) === '1' ? 1 : 0;
      value |= level << (lsbFirst ? bit : 7 - bit);
    }
    result.push(value);
  }
  return result;
}
