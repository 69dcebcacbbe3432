/**
 * The receive line of a UART as a waveform: falling and rising edges with their ticks, some of
 * them in the future (a host's byte is known before it is on the wire), and the byte-level seam to
 * the world outside the chip.
 */
import type { Level } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';

/** A byte on its way into the chip, with the sender's own timing. */
export interface SerialFrame {
  readonly value: number;
  /** Tick of the start bit's falling edge; a frame that overlaps the one before starts after it. */
  readonly startTick: Ticks;
  /** Length of the sender's bit in whole ticks: 480 MHz / baud. */
  readonly bitTicks: Ticks;
  /** 8 when absent. */
  readonly dataBits?: number;
  readonly parity?: 'even' | 'odd';
  /** 1 when absent. */
  readonly stopBits?: number;
  /** Bits that arrive inverted, by their place in the frame; bit 0 is the start bit. */
  readonly noise?: number;
}

/** Hears what leaves the chip. Values are logical: CONF0's inversion acts on the pin only. */
export interface SerialListener {
  /** Told at `endTick`, the end of the stop bit. */
  onByte(value: number, startTick: Ticks, endTick: Ticks): void;
  /** The line was low for TX_BRK_NUM bits. */
  onBreak?(startTick: Ticks, endTick: Ticks): void;
}

/** The wire levels of a frame, least significant bit first: start, data, parity, stop. */
export function frameBits(
  value: number,
  dataBits: number,
  parity: 'even' | 'odd' | undefined,
): { bits: number; length: number } {
  const data = value & ((1 << dataBits) - 1);
  let bits = data << 1;
  let length = 1 + dataBits;
  if (parity !== undefined) {
    bits |= parityBit(data, parity) << length;
    length++;
  }
  bits |= 1 << length;
  return { bits, length: length + 1 };
}

export function parityBit(data: number, parity: 'even' | 'odd'): number {
  let ones = 0;
  for (let rest = data; rest !== 0; rest >>>= 1) ones ^= rest & 1;
  return parity === 'even' ? ones : ones ^ 1;
}

const COMPACT_AT = 1024;

export class SerialLine implements Stateful {
  /** The receiver sees every edge so many ticks late. */
  delay: Ticks = 0;
  /** Ticks of the edges; those before `head` are retired. Levels alternate from `base` at `head`. */
  private edges: Ticks[] = [];
  private head = 0;
  private base: Level = 1;
  /** Edges before this index were seen by `count`. */
  private counted = 0;
  private freeFrom: Ticks = 0;

  /** Puts a whole frame on the line and returns the tick at which its last stop bit ends. */
  push(frame: SerialFrame, now: Ticks): Ticks {
    const start = Math.max(frame.startTick, this.freeFrom, now);
    const { bits, length } = frameBits(frame.value, frame.dataBits ?? 8, frame.parity);
    const onWire = bits ^ (frame.noise ?? 0);
    for (let i = 0; i < length; i++)
      this.edge(start + i * frame.bitTicks, ((onWire >>> i) & 1) as Level);
    this.freeFrom = start + (length - 1 + (frame.stopBits ?? 1)) * frame.bitTicks;
    // A stop bit turned over by noise: the line is idle after it.
    if (frame.noise !== undefined) this.edge(this.freeFrom, 1);
    return this.freeFrom;
  }

  /**
   * The line goes to `level` at `tick`. An edge before the last known one is dropped: a host's frame
   * under way owns the wire.
   */
  edge(tick: Ticks, level: Level): void {
    if (this.edges.length > this.head && tick < this.edges[this.edges.length - 1]!) return;
    const last = this.base ^ ((this.edges.length - this.head) & 1);
    if (level !== last) this.edges.push(tick);
  }

  levelAt(tick: Ticks): Level {
    let level: number = this.base;
    const seen = tick - this.delay;
    for (let i = this.head; i < this.edges.length && this.edges[i]! <= seen; i++) level ^= 1;
    return level as Level;
  }

  /** Tick of the first falling edge at or after `from` that is known, or -1. */
  nextFall(from: Ticks): Ticks {
    let level: number = this.base;
    for (let i = this.head; i < this.edges.length; i++) {
      level ^= 1;
      const tick = this.edges[i]! + this.delay;
      if (level === 0 && tick >= from) return tick;
    }
    return -1;
  }

  /** Shows each edge up to `tick` once to `see`. */
  count(tick: Ticks, see: (tick: Ticks, level: Level) => void): void {
    for (; this.counted < this.edges.length; this.counted++) {
      const edge = this.edges[this.counted]!;
      if (edge > tick) return;
      see(edge, (this.base ^ ((this.counted - this.head + 1) & 1)) as Level);
    }
  }

  /** Forgets the edges up to `tick` that `count` has seen. */
  retire(tick: Ticks): void {
    const before = this.head;
    const seen = tick - this.delay;
    while (this.head < this.counted && this.edges[this.head]! <= seen) this.head++;
    this.base = (this.base ^ ((this.head - before) & 1)) as Level;
    if (this.head >= COMPACT_AT) {
      this.edges.splice(0, this.head);
      this.counted -= this.head;
      this.head = 0;
    }
  }

  save(): State {
    const { base, freeFrom } = this;
    return {
      ...{ base, freeFrom },
      edges: this.edges.slice(this.head),
      counted: this.counted - this.head,
    };
  }

  restore(state: State): void {
    this.edges = [...(state['edges'] as number[])];
    this.head = 0;
    this.base = state['base'] as Level;
    this.counted = state['counted'] as number;
    this.freeFrom = state['freeFrom'] as number;
  }
}
