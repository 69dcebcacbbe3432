/** An LED at a pin: counts how often it was lit, and knows whether it is. */
import type { BoardDevice, DeviceBoard, State } from '../../emulator/index.ts';

export class LedCounter implements BoardDevice {
  readonly name: string;
  isLit = false;
  flashes = 0;
  private readonly gpio: number;

  constructor(gpio: number) {
    this.gpio = gpio;
    this.name = `LED GPIO${gpio}`;
  }

  plug(board: DeviceBoard): void {
    board.wire(this.gpio).onChange((level) => {
      this.isLit = level === 1;
      this.flashes += level;
    });
  }

  save(): State {
    return { isLit: this.isLit, flashes: this.flashes };
  }

  restore(state: State): void {
    this.isLit = state['isLit'] as boolean;
    this.flashes = state['flashes'] as number;
  }
}
