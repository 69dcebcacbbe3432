/** The board around the chip: devices attached to its pins, and their part of the machine's state. */
import type {
  Board,
  BoardCommand,
  BoardDevice,
  BoardEvent,
  BoardWire,
} from './bus/board-device.ts';
import type { DeviceLog } from './bus/device.ts';
import type { Pad } from './bus/pad.ts';
import type { State, Stateful } from './bus/state.ts';
import { InputError, printable } from './loader/errors.ts';
import type { Scheduler } from './scheduler/scheduler.ts';

export interface BoardOptions {
  readonly pads: readonly (Pad | undefined)[];
  readonly scheduler: Scheduler;
  readonly log: DeviceLog;
}

export class AttachedDevices implements Stateful {
  private readonly options: BoardOptions;
  private readonly devices = new Map<string, BoardDevice>();

  constructor(options: BoardOptions) {
    this.options = options;
  }

  /** Plugs a device in. Throws InputError for a name in use or a pin that the chip has not. */
  attach(device: BoardDevice): void {
    const { name } = device;
    if (this.devices.has(name))
      throw new InputError(`device '${printable(name)}'`, 'a device of this name is attached', {
        expected: 'a unique name for each device',
      });
    device.plug(this.board(name));
    this.devices.set(name, device);
  }

  takesCommands(name: string): boolean {
    return this.devices.get(name)?.command !== undefined;
  }

  /** Hands a command to a device that takes some. */
  command(name: string, command: BoardCommand): void {
    this.devices.get(name)?.command?.(command);
  }

  get names(): readonly string[] {
    return [...this.devices.keys()];
  }

  save(): State {
    const state: State = {};
    for (const [name, device] of this.devices) state[name] = device.save();
    return state;
  }

  /** Throws InputError when other devices are attached than were saved; nothing is restored then. */
  restore(state: State): void {
    const saved = Object.keys(state).sort().join(', ');
    const attached = [...this.names].sort().join(', ');
    if (saved !== attached)
      throw new InputError('snapshot', `it was made with the devices [${printable(saved, 200)}]`, {
        expected: `the devices attached now, [${attached}]`,
      });
    for (const [name, device] of this.devices) device.restore(state[name] as State);
  }

  private board(device: string): Board {
    const { scheduler, log } = this.options;
    return {
      get now() {
        return scheduler.now;
      },
      wire: (gpio) => this.wire(device, gpio),
      event: (name, fire): BoardEvent => {
        const event = scheduler.event(`${device}.${name}`, fire);
        return {
          at: (tick) => scheduler.at(tick, event),
          cancel: () => scheduler.cancel(event),
        };
      },
      warn: (message) => log.warn(device, message),
    };
  }

  private wire(device: string, gpio: number): BoardWire {
    const { pads, scheduler } = this.options;
    const pad = pads[gpio];
    if (pad === undefined)
      throw new InputError(`device '${printable(device)}'`, `the chip has no pin GPIO${gpio}`, {
        expected: 'GPIO0..GPIO27 or GPIO32..GPIO39',
      });
    const driver = pad.attach(device);
    return {
      name: pad.name,
      get level() {
        return pad.wire.level;
      },
      get others() {
        return pad.levelWithout(driver);
      },
      onChange: (listener) => pad.wire.connect((level) => listener(level, scheduler.now)),
      drive: (level) => driver.drive(level),
      setPull: (level) => driver.setPull(level),
    };
  }
}
