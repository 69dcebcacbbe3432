/** Devices on the board: wires with ticks, events, state, and misuse. */
import { expect, it } from 'vitest';
import type { Board, BoardDevice, BoardEvent } from './bus/board-device.ts';
import type { State } from './bus/state.ts';
import { Esp32 } from './esp32.ts';

const PIN = 4;
const HALF_PERIOD = 1000;

/** Drives a square wave and counts its edges. */
class Oscillator implements BoardDevice {
  readonly name: string;
  readonly edges: number[] = [];
  private readonly gpio: number;
  private event!: BoardEvent;
  private level: 0 | 1 = 0;

  constructor(name: string, gpio = PIN) {
    this.name = name;
    this.gpio = gpio;
  }

  plug(board: Board): void {
    const wire = board.wire(this.gpio);
    wire.onChange((_level, tick) => this.edges.push(tick));
    this.event = board.event('edge', (now) => {
      this.level = this.level === 0 ? 1 : 0;
      wire.drive(this.level);
      this.event.at(now + HALF_PERIOD);
    });
    wire.drive(0);
    this.event.at(HALF_PERIOD);
  }

  save(): State {
    return { level: this.level };
  }

  restore(state: State): void {
    this.level = state['level'] as 0 | 1;
  }
}

it('a device hears every edge on its wire at its tick', () => {
  const chip = new Esp32();
  const oscillator = new Oscillator('clock');
  chip.attach(oscillator);
  chip.runUntil(HALF_PERIOD - 1);
  expect(oscillator.edges).toEqual([]);
  chip.runUntil(3 * HALF_PERIOD);
  expect(oscillator.edges).toEqual([1000, 2000, 3000]);
});

it('its state, events and driven wires are part of a snapshot', () => {
  const whole = new Esp32();
  whole.attach(new Oscillator('clock'));
  whole.runUntil(3500);
  const state = whole.save();
  whole.runUntil(9999);
  const later = new Esp32();
  later.attach(new Oscillator('clock'));
  later.restore(state);
  later.runUntil(9999);
  expect(later.stateHash()).toBe(whole.stateHash());
  expect(() => new Esp32().restore(state)).toThrow(/made with the devices \[clock\]/);
});

it('refuses a pin that the chip has not, and a name twice', () => {
  const chip = new Esp32();
  expect(() => chip.attach(new Oscillator('a', 28))).toThrow(
    /^device 'a': the chip has no pin GPIO28; expected GPIO0/,
  );
  chip.attach(new Oscillator('b'));
  expect(() => chip.attach(new Oscillator('b'))).toThrow(/a device of this name is attached/);
});
