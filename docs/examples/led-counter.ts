/** A row of LEDs on a board: counts how often each was lit, and for how long in all. */
import type { BoardDevice, DeviceBoard, Level, State } from '../../emulator/index.ts';

export class LedCounter implements BoardDevice {
  readonly name = 'leds';
  private readonly gpios: readonly number[];
  private board!: DeviceBoard;
  private flashes: number[];
  private litTicks: number[];
  /** When each was lit last; -1 while it is dark. */
  private since: number[];

  constructor(gpios: readonly number[]) {
    this.gpios = gpios;
    this.flashes = gpios.map(() => 0);
    this.litTicks = gpios.map(() => 0);
    this.since = gpios.map(() => -1);
  }

  plug(board: DeviceBoard): void {
    this.board = board;
    this.gpios.forEach((gpio, led) => {
      const wire = board.wire(gpio);
      wire.setPull(0);
      wire.onChange((level, tick) => this.changed(led, level, tick));
    });
  }

  count(led: number): number {
    return this.flashes[led]!;
  }

  litMs(led: number): number {
    const since = this.since[led]!;
    return (this.litTicks[led]! + (since < 0 ? 0 : this.board.now - since)) / 480_000;
  }

  save(): State {
    return { flashes: [...this.flashes], litTicks: [...this.litTicks], since: [...this.since] };
  }

  restore(state: State): void {
    this.flashes = [...(state['flashes'] as number[])];
    this.litTicks = [...(state['litTicks'] as number[])];
    this.since = [...(state['since'] as number[])];
  }

  private changed(led: number, level: Level, tick: number): void {
    const since = this.since[led]!;
    if (level === 1) this.flashes[led]!++;
    else if (since >= 0) this.litTicks[led]! += tick - since;
    this.since[led] = level === 1 ? tick : -1;
  }
}
