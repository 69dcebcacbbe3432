/**
 * Everything that comes into the machine from outside, as events: typed, plain JSON values, each
 * with the tick at which it takes effect. They wait in one sorted list behind one event of the
 * scheduler, so an input never falls into the middle of an instruction, and a run is its image,
 * its configuration and the list of its inputs.
 *
 * While the machine runs, and after a stop within a tick, an input "now" takes effect at the next
 * tick. A machine at rest, which has done all that is due up to its present tick, takes it at once:
 * the same event in a replay comes behind all other events of that tick. Resets and supply failures
 * always wait for the next tick. A replay needs nothing but ticks and events.
 */
import type { BoardCommand } from './bus/board-device.ts';
import type { State, StateValue, Stateful } from './bus/state.ts';
import { InputError, printable } from './loader/errors.ts';
import type { Ticks } from './scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from './scheduler/scheduler.ts';

/** A level put on a wire, or 'z': none. */
export type InputLevel = 0 | 1 | 'z';

/** Bytes on the receive line of a UART, one frame after another. */
export interface UartInput {
  readonly kind: 'uart';
  readonly uart: 0 | 1 | 2;
  readonly bytes: readonly number[];
  /** Length of the sender's bit; absent: the rate of the byte that the chip sent last. */
  readonly bitTicks?: Ticks;
  /** 8 when absent. */
  readonly dataBits?: number;
  readonly parity?: 'even' | 'odd';
  /** 1 when absent. */
  readonly stopBits?: number;
  /** Bits of each frame that arrive inverted: bit 0 is the start bit, then data, parity, stop. */
  readonly noise?: number;
}

/** A named party outside drives a pin or connects a pull; what is absent stays as it is. */
export interface PinInput {
  readonly kind: 'pin';
  readonly gpio: number;
  readonly party: string;
  readonly drive?: InputLevel;
  readonly pull?: InputLevel;
  /** The wire itself: stuck at a level whoever drives it, or free again with 'z'. */
  readonly stuck?: InputLevel;
}

/**
 * A pulse on the chip's EN pin. The straps are sampled from the pins; `strapping` (as GPIO_STRAP
 * shows it) replaces what they say when nobody outside drives or pulls them, from now on.
 */
export interface ResetInput {
  readonly kind: 'reset';
  readonly strapping?: number;
}

/** The supply fails and comes back: RAM is lost, the flash chip stops in its operation. */
export interface PowerInput {
  readonly kind: 'power';
}

/** Bytes put into memory past the cores, as a debugger does. */
export interface MemoryInput {
  readonly kind: 'memory';
  readonly address: number;
  readonly bytes: readonly number[];
}

/** A command to a device of the board. */
export interface DeviceInput {
  readonly kind: 'device';
  readonly device: string;
  readonly command: BoardCommand;
}

export type FaultInput =
  /** Bit 0..31 of the word at `address`, in memory as PRO_CPU sees it. */
  | {
      readonly kind: 'fault';
      readonly fault: 'memory';
      readonly address: number;
      readonly bit: number;
    }
  /** A register of a core: `a0`..`a15` of the window, or a field of the core's state such as `sar`. */
  | {
      readonly kind: 'fault';
      readonly fault: 'register';
      readonly core: 0 | 1;
      readonly register: string;
      readonly bit: number;
    }
  /** The supply drops below the brown-out detector's threshold, or recovers. */
  | { readonly kind: 'fault'; readonly fault: 'brownOut'; readonly low: boolean }
  /** The running stage of a watchdog ends at once. */
  | { readonly kind: 'fault'; readonly fault: 'watchdog'; readonly watchdog: WatchdogName }
  /** The chip's crystal is fast by `ppm`: what others time by their own clock gets longer in its ticks. */
  | { readonly kind: 'fault'; readonly fault: 'crystal'; readonly ppm: number }
  /**
   * The supply fails within the `operation`-th program or erase of the flash from now (1: the next),
   * after `percent` of its time.
   */
  | {
      readonly kind: 'fault';
      readonly fault: 'flashPowerCut';
      readonly operation: number;
      readonly percent: number;
    };

export type WatchdogName = 'RWDT' | 'MWDT0' | 'MWDT1';

export type InputEvent =
  UartInput | PinInput | ResetInput | PowerInput | MemoryInput | DeviceInput | FaultInput;

export interface InputRecord {
  readonly tick: Ticks;
  readonly event: InputEvent;
}

export interface InputOptions {
  readonly scheduler: Scheduler;
  /** Carries an event out; its time has come. */
  readonly apply: (event: InputEvent) => void;
  /** Throws InputError for an event that cannot be carried out on this machine. */
  readonly check: (event: InputEvent) => void;
  /** All that is due up to the present tick has been done, and nothing runs. */
  readonly isAtRest: () => boolean;
}

/** Behind all events of the machine at its tick: what the machine does then does not depend on when the input was announced. */
const LAST = 1 << 30;

export class Inputs implements Stateful {
  /** Told of each event as it takes effect. */
  onApplied: ((record: InputRecord) => void) | undefined;
  private readonly options: InputOptions;
  private readonly event: SchedulerEvent;
  /** By tick; inputs of one tick in the order in which they came. */
  private pending: InputRecord[] = [];

  constructor(options: InputOptions) {
    this.options = options;
    this.event = options.scheduler.event('inputs', (now) => this.fire(now), LAST);
  }

  /** The event takes effect at once when the machine is at rest, else as soon as it runs on. */
  now(event: InputEvent): void {
    this.at(this.options.scheduler.now, event);
  }

  /** The event takes effect at `tick`, or as soon as it can. */
  at(tick: Ticks, event: InputEvent): void {
    if (!Number.isFinite(tick) || tick > Number.MAX_SAFE_INTEGER)
      throw new InputError('input', `tick ${tick}`, { expected: 'a time of the run' });
    const { check, isAtRest, scheduler } = this.options;
    check(event);
    if (tick <= scheduler.now && isAtRest() && !takesTime(event)) {
      this.carryOut(event, scheduler.now);
      return;
    }
    const due = Math.max(Math.ceil(tick), scheduler.now + 1);
    let i = this.pending.length;
    while (i > 0 && this.pending[i - 1]!.tick > due) i--;
    this.pending.splice(i, 0, { tick: due, event });
    this.arm();
  }

  /** Events that have not taken effect yet, in order. */
  get waiting(): readonly InputRecord[] {
    return this.pending;
  }

  save(): State {
    return { pending: structuredClone(this.pending) as unknown as StateValue };
  }

  /** The scheduler restores the event by itself. */
  restore(state: State): void {
    this.pending = structuredClone(state['pending'] as unknown as InputRecord[]);
  }

  private fire(now: Ticks): void {
    while (this.pending.length > 0 && this.pending[0]!.tick <= now) {
      this.carryOut(this.pending.shift()!.event, now);
    }
    this.arm();
  }

  private carryOut(event: InputEvent, tick: Ticks): void {
    this.onApplied?.({ tick, event });
    this.options.apply(event);
  }

  private arm(): void {
    const next = this.pending[0];
    if (next !== undefined) this.options.scheduler.at(next.tick, this.event);
  }
}

/** What may reset the machine is carried out by the run loop. */
function takesTime(event: InputEvent): boolean {
  if (event.kind === 'fault') return event.fault === 'brownOut' || event.fault === 'watchdog';
  return event.kind === 'reset' || event.kind === 'power';
}

const MOST_BYTES = 1 << 20;

/** Checks the shape of an event that may come from a file; `gpios` and `devices` are what the machine has. */
export function checkInput(
  event: InputEvent,
  hasPin: (gpio: number) => boolean,
  hasDevice: (name: string) => boolean,
): void {
  switch (event.kind) {
    case 'uart':
      need(event, event.uart === 0 || event.uart === 1 || event.uart === 2, 'uart 0, 1 or 2');
      need(event, isByteList(event.bytes), 'at most 1 MiB of bytes from 0 to 255');
      need(
        event,
        event.bitTicks === undefined || isInteger(event.bitTicks, 1, 480_000_000),
        'bitTicks from 1 to 480000000',
      );
      need(
        event,
        event.dataBits === undefined || isInteger(event.dataBits, 5, 8),
        'dataBits from 5 to 8',
      );
      return;
    case 'pin':
      need(event, hasPin(event.gpio), 'GPIO0..GPIO27 or GPIO32..GPIO39');
      need(event, typeof event.party === 'string' && event.party !== '', 'the name of a party');
      for (const level of [event.drive, event.pull, event.stuck])
        need(event, level === undefined || [0, 1, 'z'].includes(level), "levels 0, 1 or 'z'");
      return;
    case 'reset':
      need(
        event,
        event.strapping === undefined || isInteger(event.strapping, 0, 0x3f),
        'strapping from 0 to 0x3f',
      );
      return;
    case 'power':
      return;
    case 'memory':
      need(event, isInteger(event.address, 0, 0xffff_ffff), 'an address');
      need(event, isByteList(event.bytes), 'at most 1 MiB of bytes from 0 to 255');
      return;
    case 'device':
      need(event, hasDevice(event.device), 'the name of an attached device that takes commands');
      return;
    case 'fault':
      return checkFault(event);
    default:
      need(event, false, 'an input of this version');
  }
}

function checkFault(event: FaultInput): void {
  const isCore = (core: number): boolean => core === 0 || core === 1;
  switch (event.fault) {
    case 'memory':
      return need(
        event,
        isInteger(event.address, 0, 0xffff_ffff) && isInteger(event.bit, 0, 31),
        'an address and a bit from 0 to 31',
      );
    case 'register':
      return need(
        event,
        isCore(event.core) && isInteger(event.bit, 0, 31),
        'core 0 or 1 and a bit from 0 to 31',
      );
    case 'brownOut':
      return need(event, typeof event.low === 'boolean', 'low: true or false');
    case 'watchdog':
      return need(
        event,
        ['RWDT', 'MWDT0', 'MWDT1'].includes(event.watchdog),
        'RWDT, MWDT0 or MWDT1',
      );
    case 'crystal':
      return need(event, Math.abs(event.ppm) <= 200_000, 'at most 200000 ppm');
    case 'flashPowerCut':
      return need(
        event,
        isInteger(event.operation, 1, 2 ** 31) && event.percent >= 0 && event.percent < 100,
        'an operation from 1 and a percentage below 100',
      );
    default:
      need(event, false, 'a fault of this version');
  }
}

function isByteList(bytes: readonly number[]): boolean {
  if (!Array.isArray(bytes) || bytes.length > MOST_BYTES) return false;
  return (bytes as readonly number[]).every((byte) => isInteger(byte, 0, 0xff));
}

function isInteger(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function need(event: InputEvent, isRight: boolean, expected: string): void {
  if (isRight) return;
  throw new InputError('input', printable(JSON.stringify(event), 100), { expected });
}
