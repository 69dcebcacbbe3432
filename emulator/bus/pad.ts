/**
 * A pin of the chip as a wire: who drives it from inside (GPIO matrix, IO_MUX function or RTC_IO),
 * the pulls, open drain, hold and input enable, and whatever is connected outside. The level on the
 * wire is a `Signal`, so changes happen at their tick; contention and floating are states, and the
 * first tick of a contention is reported.
 *
 * **Not modelled:** drive strength, analog levels, rise times. A contended wire is low; a floating
 * wire keeps its level; an outside pull wins against an inside one.
 */
import type { DeviceLog } from './device.ts';
import type { Level } from './signal.ts';
import { Signal } from './signal.ts';
import type { State, Stateful } from './state.ts';

/** A block's output as the GPIO matrix or an IO_MUX function takes it. */
export interface OutputWire {
  readonly level: Signal;
  /** Absent: the output always drives. */
  readonly enable?: Signal;
}

export type PadSource = 'matrix' | 'iomux' | 'rtc';
export type PadCondition = 'driven' | 'pulled' | 'floating' | 'contention';
export type Drive = Level | 'z';

const SOURCES: readonly PadSource[] = ['matrix', 'iomux', 'rtc'];

/** One party outside the chip: a button, a sensor, a pull resistor. */
export class PadDriver {
  readonly name: string;
  level: Drive = 'z';
  pull: Drive = 'z';
  private readonly changed: () => void;

  constructor(name: string, changed: () => void) {
    this.name = name;
    this.changed = changed;
  }

  /** Drives the wire strongly, or lets it go with 'z'. */
  drive(level: Drive): void {
    this.level = level;
    this.changed();
  }

  /** Connects a pull resistor, or none with 'z'. */
  setPull(level: Drive): void {
    this.pull = level;
    this.changed();
  }
}

export interface PadOptions {
  readonly number: number;
  readonly log: DeviceLog;
  /** Pulls come from RTC_IO, not from IO_MUX. */
  readonly rtc: boolean;
  /** GPIO34-39 have no output and no pulls. */
  readonly inputOnly: boolean;
}

/** What the chip does with the pin; `hold` freezes it as it is. */
interface PadConfig {
  source: PadSource;
  openDrain: boolean;
  pullUp: boolean;
  pullDown: boolean;
  readonly drive: Record<PadSource, Drive>;
}

export class Pad implements Stateful {
  readonly number: number;
  readonly name: string;
  readonly rtc: boolean;
  readonly inputOnly: boolean;
  /** The level on the wire. */
  readonly wire: Signal;
  /** What the digital blocks see: 0 while the input is disabled or RTC_IO has the pad. */
  readonly digitalInput: Signal;
  readonly rtcInput: Signal;
  condition: PadCondition = 'floating';
  /** A fault of the board: the wire stands at this level whoever drives it. */
  private stuck: Drive = 'z';
  private readonly log: DeviceLog;
  private readonly drivers: PadDriver[] = [];
  private readonly conditionListeners: (() => void)[] = [];
  private wanted = freshConfig();
  private applied = freshConfig();
  private held = false;
  private digitalInputEnabled = false;
  private rtcInputEnabled = false;

  constructor(options: PadOptions) {
    this.number = options.number;
    this.name = `GPIO${options.number}`;
    this.rtc = options.rtc;
    this.inputOnly = options.inputOnly;
    this.log = options.log;
    this.wire = new Signal(this.name);
    this.digitalInput = new Signal(`${this.name}.in`);
    this.rtcInput = new Signal(`${this.name}.rtc_in`);
  }

  /** Connects a party outside the chip; it drives nothing yet. */
  attach(name: string): PadDriver {
    const driver = new PadDriver(name, () => this.resolve());
    // By name, so that the order of arrival does not show.
    const behind = this.drivers.findIndex((other) => other.name > name);
    this.drivers.splice(behind < 0 ? this.drivers.length : behind, 0, driver);
    return driver;
  }

  /** `listener` is told every change of `condition` from now on. */
  onCondition(listener: () => void): void {
    this.conditionListeners.push(listener);
  }

  /** Ties the wire to a level, as a short circuit does, or frees it with 'z'. */
  setStuck(level: Drive): void {
    this.stuck = level;
    this.resolve();
  }

  /** What the parties outside make of the wire by themselves; 'z' when none drives or pulls it. */
  outsideLevel(): Drive {
    if (this.stuck !== 'z') return this.stuck;
    for (const { level } of this.drivers) if (level !== 'z') return level;
    for (const { pull } of this.drivers) if (pull !== 'z') return pull;
    return 'z';
  }

  /** Somebody outside listens to the wire or drives it. */
  get watched(): boolean {
    return this.wire.listenerCount > 0 || this.drivers.some((driver) => driver.level !== 'z');
  }

  /** What the wire would be without `driver`; 'z' when nobody else drives or pulls it. */
  levelWithout(driver: PadDriver): Drive {
    const { source, openDrain, drive } = this.applied;
    let level = this.inputOnly || (openDrain && drive[source] === 1) ? 'z' : drive[source];
    for (const other of this.drivers) {
      if (other === driver || other.level === 'z') continue;
      level = level === 'z' || level === other.level ? other.level : 0;
    }
    return level !== 'z' ? level : this.pulled(driver);
  }

  /** What `source` would put on the pin if selected; 'z' when its output is disabled. */
  drive(source: PadSource, level: Drive): void {
    if (this.wanted.drive[source] === level) return;
    this.wanted.drive[source] = level;
    this.apply();
  }

  select(source: PadSource): void {
    if (this.wanted.source === source) return;
    this.wanted.source = source;
    this.apply();
  }

  get selected(): PadSource {
    return this.wanted.source;
  }

  setOpenDrain(openDrain: boolean): void {
    this.wanted.openDrain = openDrain;
    this.apply();
  }

  setPulls(up: boolean, down: boolean): void {
    this.wanted.pullUp = up && !this.inputOnly;
    this.wanted.pullDown = down && !this.inputOnly;
    this.apply();
  }

  setInputEnable(side: 'digital' | 'rtc', enabled: boolean): void {
    if (side === 'digital') this.digitalInputEnabled = enabled;
    else this.rtcInputEnabled = enabled;
    this.driveInputs();
  }

  /** While held, output and pulls stay as they were; the input goes on. */
  setHold(held: boolean): void {
    this.held = held;
    this.apply();
  }

  save(): State {
    return {
      wire: this.wire.save(),
      digitalInput: this.digitalInput.save(),
      rtcInput: this.rtcInput.save(),
      condition: this.condition,
      held: this.held,
      stuck: this.stuck,
      digitalInputEnabled: this.digitalInputEnabled,
      rtcInputEnabled: this.rtcInputEnabled,
      wanted: saveConfig(this.wanted),
      applied: saveConfig(this.applied),
      drivers: this.drivers.map(({ name, level, pull }) => [name, level, pull]),
    };
  }

  restore(state: State): void {
    this.wire.restore(state['wire'] as State);
    this.digitalInput.restore(state['digitalInput'] as State);
    this.rtcInput.restore(state['rtcInput'] as State);
    this.condition = state['condition'] as PadCondition;
    this.held = state['held'] as boolean;
    this.stuck = state['stuck'] as Drive;
    this.digitalInputEnabled = state['digitalInputEnabled'] as boolean;
    this.rtcInputEnabled = state['rtcInputEnabled'] as boolean;
    this.wanted = restoreConfig(state['wanted'] as State);
    this.applied = restoreConfig(state['applied'] as State);
    for (const driver of this.drivers) {
      driver.level = 'z';
      driver.pull = 'z';
    }
    const free = [...this.drivers];
    (state['drivers'] as [string, Drive, Drive][]).forEach(([name, level, pull]) => {
      const at = free.findIndex((other) => other.name === name);
      const driver = free.splice(at, at < 0 ? 0 : 1)[0];
      if (driver === undefined) throw new Error(`snapshot: ${this.name} has no driver ${name} now`);
      driver.level = level;
      driver.pull = pull;
    });
  }

  private apply(): void {
    if (!this.held) copyConfig(this.wanted, this.applied);
    this.resolve();
  }

  private resolve(): void {
    const before = this.condition;
    const { source, openDrain, drive } = this.applied;
    const chip = this.inputOnly || (openDrain && drive[source] === 1) ? 'z' : drive[source];
    let level = chip;
    let contended = false;
    for (const driver of this.drivers) {
      if (driver.level === 'z') continue;
      if (level !== 'z' && level !== driver.level) contended = true;
      level = driver.level;
    }
    if (this.stuck !== 'z') {
      this.condition = 'driven';
      level = this.stuck;
    } else if (contended) {
      this.condition = 'contention';
      if (before !== 'contention')
        this.log.warn(this.name, 'two drivers pull the wire to different levels; it reads 0');
      level = 0;
    } else if (level !== 'z') this.condition = 'driven';
    else {
      level = this.pulled();
      this.condition = level === 'z' ? 'floating' : 'pulled';
    }
    if (level !== 'z') this.wire.set(level);
    if (this.condition !== before) for (const listener of this.conditionListeners) listener();
    this.driveInputs();
  }

  private pulled(without?: PadDriver): Drive {
    for (const driver of this.drivers)
      if (driver !== without && driver.pull !== 'z') return driver.pull;
    const { pullUp, pullDown } = this.applied;
    if (pullUp === pullDown) return 'z';
    return pullUp ? 1 : 0;
  }

  private driveInputs(): void {
    const rtc = this.wanted.source === 'rtc';
    const level = this.wire.level;
    this.digitalInput.set(this.digitalInputEnabled && !rtc ? level : 0);
    this.rtcInput.set(this.rtcInputEnabled && rtc ? level : 0);
  }
}

function freshConfig(): PadConfig {
  return {
    source: 'matrix',
    openDrain: false,
    pullUp: false,
    pullDown: false,
    drive: { matrix: 'z', iomux: 'z', rtc: 'z' },
  };
}

function copyConfig(from: PadConfig, to: PadConfig): void {
  to.source = from.source;
  to.openDrain = from.openDrain;
  to.pullUp = from.pullUp;
  to.pullDown = from.pullDown;
  to.drive.matrix = from.drive.matrix;
  to.drive.iomux = from.drive.iomux;
  to.drive.rtc = from.drive.rtc;
}

function saveConfig(config: PadConfig): State {
  const { source, openDrain, pullUp, pullDown } = config;
  return {
    ...{ source, openDrain, pullUp, pullDown },
    drive: SOURCES.map((name) => config.drive[name]),
  };
}

function restoreConfig(state: State): PadConfig {
  const [matrix, iomux, rtc] = state['drive'] as [Drive, Drive, Drive];
  return {
    source: state['source'] as PadSource,
    openDrain: state['openDrain'] as boolean,
    pullUp: state['pullUp'] as boolean,
    pullDown: state['pullDown'] as boolean,
    drive: { matrix, iomux, rtc },
  };
}

const PAD_COUNT = 40;
const NO_PAD = [28, 29, 30, 31];
const RTC_PADS = [0, 2, 4, 12, 13, 14, 15, 25, 26, 27, 32, 33, 34, 35, 36, 37, 38, 39];
const FIRST_INPUT_ONLY = 34;

/** GPIO0-27 and GPIO32-39, by number; 28-31 are undefined. */
export function createPads(log: DeviceLog): (Pad | undefined)[] {
  return Array.from({ length: PAD_COUNT }, (_, number) => {
    if (NO_PAD.includes(number)) return undefined;
    const inputOnly = number >= FIRST_INPUT_ONLY;
    return new Pad({ number, log, rtc: RTC_PADS.includes(number), inputOnly });
  });
}
