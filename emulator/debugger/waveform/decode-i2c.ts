/** I2C read from recorded wires: starts, bytes with their acknowledge, stops. */
import type { Ticks } from '../../scheduler/clock.ts';
import type { WaveValue } from './probe.ts';
import type { Wave } from './recorder.ts';

export type I2cItem =
  | { readonly kind: 'start' | 'restart' | 'stop'; readonly tick: Ticks }
  | {
      readonly kind: 'byte';
      /** Tick of the first bit's SCL rise. */
      readonly tick: Ticks;
      readonly value: number;
      readonly acknowledged: boolean;
    };

export function decodeI2c(scl: Wave, sda: Wave): I2cItem[] {
  const items: I2cItem[] = [];
  let clock = high(scl.initial);
  let data = high(sda.initial);
  let open = false;
  let bits = 0;
  let value = 0;
  let first: Ticks = 0;
  const onData = (tick: Ticks, level: boolean): void => {
    data = level;
    if (!clock) return;
    items.push({ kind: level ? 'stop' : open ? 'restart' : 'start', tick });
    open = !level;
    bits = 0;
    value = 0;
  };
  const onClock = (tick: Ticks, level: boolean): void => {
    clock = level;
    if (!level || !open) return;
    if (bits === 0) first = tick;
    if (bits < 8) {
      value = (value << 1) | (data ? 1 : 0);
      bits++;
      return;
    }
    items.push({ kind: 'byte', tick: first, value, acknowledged: !data });
    bits = 0;
    value = 0;
  };
  for (const { tick, value: level, isClock } of merged(scl, sda)) {
    const before = isClock ? clock : data;
    if (high(level) === before) continue;
    if (isClock) onClock(tick, !before);
    else onData(tick, !before);
  }
  return items;
}

/** One line per transfer: `S 40W+ 12+ Sr 40R+ ff- P`; + acknowledged, - not. */
export function i2cText(items: readonly I2cItem[]): string {
  let line = '';
  let address = false;
  for (const item of items) {
    if (item.kind === 'byte')
      line += ` ${byteText(item.value, address)}${item.acknowledged ? '+' : '-'}`;
    else line += { start: 'S', restart: ' Sr', stop: ' P\n' }[item.kind];
    address = item.kind === 'start' || item.kind === 'restart';
  }
  return line.trimEnd();
}

function byteText(value: number, address: boolean): string {
  const shown = address ? value >> 1 : value;
  const direction = address ? ((value & 1) === 1 ? 'R' : 'W') : '';
  return shown.toString(16).padStart(2, '0') + direction;
}

/** An open-drain wire that nobody drives is high by its pull-up. */
function high(value: WaveValue): boolean {
  return value === '1' || value === 'z';
}

/** Both wires' changes in time; at equal ticks SCL's fall comes before and its rise after SDA's change. */
function merged(scl: Wave, sda: Wave): { tick: Ticks; value: WaveValue; isClock: boolean }[] {
  const rank = ({ isClock, value }: { isClock: boolean; value: WaveValue }): number =>
    isClock ? (high(value) ? 2 : 0) : 1;
  return [
    ...scl.changes.map((change) => ({ ...change, isClock: true })),
    ...sda.changes.map((change) => ({ ...change, isClock: false })),
  ].sort((a, b) => a.tick - b.tick || rank(a) - rank(b));
}
