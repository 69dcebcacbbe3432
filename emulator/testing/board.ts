/**
 * A board with the emulated chip on it, for tests and tools. Everything is synchronous: `run` returns
 * when its condition is met or its time is over, no host time passes in the guest and nothing else
 * in the process runs meanwhile, which keeps runs exact and lets a test fork a board wherever it is.
 */
import type { BoardDevice } from '../bus/board-device.ts';
import type { Symbols } from '../debugger/symbols.ts';
import type { Edge } from '../debugger/waveform/wave.ts';
import type { Esp32 } from '../esp32.ts';
import type { FaultInput, InputEvent } from '../inputs.ts';
import { InputError, printable } from '../loader/errors.ts';
import { readableName } from '../loader/readable-name.ts';
import type { Cycles, Ticks } from '../scheduler/clock.ts';
import { toCondition } from './conditions.ts';
import type { Condition, Until } from './conditions.ts';
import { Deadline } from './deadline.ts';
import { ExpectationError } from './expectation.ts';
import { GuestMemory } from './guest-memory.ts';
import { readMachine } from './machine.ts';
import type { Machine, MachineOptions } from './machine.ts';
import { Pin } from './pin.ts';
import { CapturedHost } from './captured-host.ts';
import { decodeRunLog, encodeRunLog, Recorder, replayOn } from './run-log.ts';
import type { HostAnswer } from './recorded-host.ts';
import type { ReplayResult, RunLog } from './run-log.ts';
import { Snapshot } from './snapshot.ts';
import type { BoardHistory } from './snapshot.ts';
import type { TextHit } from './text-match.ts';
import { UartPort } from './uart-port.ts';
import { ms, seconds, spanText, toMs } from './units.ts';
import type { Span, Time } from './units.ts';
import { Watchpoints } from './watchpoints.ts';
import type { MemoryWrite } from './watchpoints.ts';
import { Measurements } from './measurements.ts';
import { findVariable } from './variable.ts';
import type { Variable } from './variable.ts';
import { CodeHooks } from './code-hooks.ts';
import type { Reach, ReachListener } from './code-hooks.ts';
import { FunctionProbe } from './function-probe.ts';
import { describeCores } from './where.ts';

export interface BoardOptions extends MachineOptions {
  /** Devices on the board, made anew for each fork. */
  readonly devices?: readonly (() => BoardDevice)[];
  /** Carry out SIMCALL: text is kept in `output`, exit ends runs, there are no files (default: for a bare ELF). */
  readonly semihosting?: boolean;
  /** Record every input, for `recording` and `lockstep32 replay`. */
  readonly record?: boolean;
}

export interface RunOptions {
  readonly until?: Until;
  /** Guest time after which the run ends in any case: 10 s by default. */
  readonly within?: Span;
}

/** A fault without its `kind`. */
export type Fault = FaultInput extends infer F
  ? F extends unknown
    ? Omit<F, 'kind'>
    : never
  : never;

export type RunEnd = 'met' | 'limit' | 'exit' | 'stopped';

export interface RunResult<T = unknown> {
  readonly end: RunEnd;
  /** The condition was met. */
  readonly met: boolean;
  /** What the condition found: the text, the edge, the value. */
  readonly what: T | undefined;
  /** One sentence for people. */
  readonly why: string;
  /** Where the run stopped, in master ticks (480 MHz) since power-on. */
  readonly tick: Ticks;
  readonly ms: number;
  /** How long the run took, in guest time. */
  readonly elapsed: Time;
  /** CPU cycles of PRO_CPU and APP_CPU since power-on. */
  readonly cycles: readonly [Cycles, Cycles];
}

const DEFAULT_LIMIT = seconds(10);
/** Guest time between two looks at conditions that depend on silence or on time. */
const SLICE = ms(10).ticks;
const PARTY = 'test';

/** Reads the images and powers the board on. Throws InputError for what cannot be used. */
export function createBoard(options: BoardOptions | string): Board {
  const all = typeof options === 'string' ? { firmware: options } : options;
  const machine = readMachine(all);
  const semihosting = all.semihosting ?? machine.isBareElf;
  const answers = all.record === true ? { answers: [] } : {};
  const board = new Board({ machine, devices: all.devices ?? [], semihosting, ...answers });
  if (all.record === true) board.startRecording(recordedOptions(all));
  return board;
}

/** Does a recorded run again on a board made from the same options, and compares it bit for bit. */
export function replayRun(log: Uint8Array, options: BoardOptions | string): ReplayResult {
  const { chip, machine } = createBoard(options);
  return replayOn(chip, machine, decodeRunLog(log, 'run log'));
}

function recordedOptions({ devices: _, record: __, ...options }: BoardOptions): RunLog['options'] {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as RunLog['options'];
}

export interface BoardParts {
  readonly machine: Machine;
  readonly devices: readonly (() => BoardDevice)[];
  readonly semihosting: boolean;
  /** Where to note what semihosting answers, for a recording. */
  readonly answers?: HostAnswer[];
}

export class Board {
  readonly machine: Machine;
  readonly chip: Esp32;
  readonly symbols: Symbols;
  readonly memory: GuestMemory;
  private readonly factories: (() => BoardDevice)[] = [];
  private readonly devices = new Map<string, BoardDevice>();
  private readonly uarts: readonly UartPort[];
  private readonly pins = new Map<number, Pin>();
  private readonly host: CapturedHost | undefined;
  private readonly hooks: CodeHooks;
  private watchpoints: Watchpoints | undefined;
  private readonly answers: HostAnswer[];
  private recorder: Recorder | undefined;
  private readonly probes = new Map<number, FunctionProbe>();
  private measurements: Measurements | undefined;
  private stopRequested: string | undefined;

  constructor({ machine, devices, semihosting, answers }: BoardParts) {
    this.machine = machine;
    this.chip = machine.make();
    this.symbols = machine.symbols;
    this.memory = new GuestMemory(this.chip);
    this.hooks = new CodeHooks(this.chip);
    for (const make of devices) this.attach(make);
    this.uarts = ([0, 1, 2] as const).map((index) => this.makeUart(index));
    if (semihosting) this.host = new CapturedHost(this.chip, answers);
    this.answers = answers ?? [];
  }

  // Time

  /** Master ticks (480 MHz) since power-on. */
  get now(): Ticks {
    return this.chip.now;
  }

  /** Guest milliseconds since power-on. */
  get ms(): number {
    return toMs(this.chip.now);
  }

  /** CPU cycles a core has lived through: 0 is PRO_CPU, 1 APP_CPU. */
  cycles(core: 0 | 1 = 0): Cycles {
    return this.chip.cycles(core);
  }

  /** The end of a span that begins now. */
  deadline(span: Span): Deadline {
    return new Deadline(this.chip, span);
  }

  // Running

  /** Runs until the condition is met, the time is over, or the guest exits. Never throws for those. */
  run<T>(options: { readonly until: Condition<T>; readonly within?: Span }): RunResult<T>;
  run(options: RunOptions): RunResult;
  run({ until, within = DEFAULT_LIMIT }: RunOptions): RunResult {
    const { chip } = this;
    const start = chip.now;
    const deadline = this.deadline(within);
    const condition = until === undefined ? undefined : toCondition(until, this);
    let what: unknown;
    let isMet = false;
    this.stopRequested = undefined;
    const watch = condition?.watch(this, (found) => {
      if (!isMet) what = found;
      isMet = true;
      chip.requestStop();
    });
    try {
      while (!isMet && this.mayGoOn && !deadline.isOver()) {
        const end = Math.min(chip.now + SLICE, deadline.tick(), watch?.due?.() ?? Infinity);
        this.advance(Math.max(end, chip.now + 1));
        if (!isMet) watch?.settle?.();
      }
    } finally {
      watch?.end();
      if (condition?.stopsBefore !== true) this.rest();
    }
    const [end, why] = this.conclude(isMet, condition, within);
    const elapsed = { ticks: chip.now - start };
    const cycles = [chip.cycles(0), chip.cycles(1)] as const;
    return { end, met: isMet, what, why, tick: chip.now, ms: this.ms, elapsed, cycles };
  }

  /** Runs for a span. */
  runFor(span: Span): RunResult {
    return this.run({ within: span });
  }

  /** Runs until the condition is met and returns what it found; throws an `ExpectationError` otherwise. */
  expect<T>(until: Condition<T>, within?: Span): T;
  expect(until: Until, within?: Span): unknown;
  expect(until: Until, within: Span = DEFAULT_LIMIT): unknown {
    const condition = toCondition(until, this);
    const result = this.run({ until: condition, within });
    if (result.met) return result.what;
    throw this.failure(condition.name, result.why, condition.uart);
  }

  /** Ends the present run from within, in a hook or a device. */
  stop(why: string): void {
    this.stopRequested ??= why;
    this.chip.requestStop();
  }

  /** An error that says what was expected, what was seen, and where both cores are. */
  failure(expected: string, ended: string, uart: 0 | 1 | 2 = 0): ExpectationError {
    const port = this.uart(uart);
    return new ExpectationError({
      expected,
      ended,
      tick: this.now,
      uart: { name: `UART${uart}`, rest: port.rest, before: port.text },
      cores: this.where(),
    });
  }

  /** Where both cores are, with backtraces: a line each. */
  where(): string[] {
    return describeCores(this.chip, this.symbols);
  }

  // Inside the firmware

  /** A global or static variable by name, or a part of one by its path: `task.queue[3].len`. */
  variable(path: string): Variable {
    const watchpoints = (): Watchpoints => (this.watchpoints ??= new Watchpoints(this.chip));
    return findVariable(path, this.symbols.types, { memory: this.memory, watchpoints });
  }

  /** Calls `listener` before the instruction at a symbol or address runs; returns the end of it. */
  onReach(place: string | number, listener: ReachListener): () => void {
    return this.hooks.add(this.addressOf(place), listener);
  }

  /** Calls `listener` after each write into a range of memory; returns the end of it. */
  onWrite(address: number, length: number, listener: (write: MemoryWrite) => void): () => void {
    this.watchpoints ??= new Watchpoints(this.chip);
    return this.watchpoints.add(address, length, listener);
  }

  /** The condition that either core is about to run the instruction at a symbol or address. */
  reached(place: string | number): Condition<Reach> {
    const address = this.addressOf(place);
    return {
      name: `${this.placeName(place)} is reached`,
      stopsBefore: true,
      watch: (_board, met) => ({ end: this.hooks.add(address, met) }),
    };
  }

  /** Counts and times the calls of a function, and tells of them. */
  function(place: string | number): FunctionProbe {
    const address = this.addressOf(place);
    let probe = this.probes.get(address);
    if (probe === undefined) {
      const name = this.placeName(place);
      const code = this.memory.read(address, 3);
      const word = code[0]! | (code[1]! << 8) | (code[2]! << 16);
      this.probes.set(address, (probe = new FunctionProbe(name, address, word, this.hooks)));
    }
    return probe;
  }

  /** Stacks, heap, interrupts and watchdogs; times with interrupts off count from the first use on. */
  get measure(): Measurements {
    return (this.measurements ??= new Measurements(this));
  }

  private placeName(place: string | number): string {
    return typeof place === 'string' ? readableName(place) : this.symbols.describe(place);
  }

  private addressOf(place: string | number): number {
    return typeof place === 'number' ? place >>> 0 : this.symbols.address(place);
  }

  // The outside

  uart(index: 0 | 1 | 2 = 0): UartPort {
    const port = this.uarts[index];
    if (port !== undefined) return port;
    throw new InputError(`UART${String(index)}`, 'the chip has no such UART', {
      expected: '0, 1 or 2',
    });
  }

  /** A probe and a driver at a pin; edges count from the first call on. */
  pin(gpio: number): Pin {
    let pin = this.pins.get(gpio);
    if (pin === undefined) this.pins.set(gpio, (pin = this.makePin(gpio)));
    return pin;
  }

  /** Plugs a device in, here and in every fork made from now on. */
  attach<T extends BoardDevice>(make: () => T): T {
    const device = make();
    this.chip.attach(device);
    this.factories.push(make);
    this.devices.set(device.name, device);
    return device;
  }

  /** An attached device by its name. */
  device(name: string): BoardDevice {
    const device = this.devices.get(name);
    if (device !== undefined) return device;
    const names = [...this.devices.keys()].join(', ');
    throw new InputError(`device '${printable(name)}'`, 'it is not attached', {
      expected: names === '' ? 'a device given to `attach`' : `one of ${printable(names, 200)}`,
    });
  }

  /** An input of any kind, now or at a tick. */
  input(event: InputEvent, tick: Ticks = this.now): void {
    this.chip.inputs.at(tick, event);
  }

  /** Injects a fault, now or after a delay. */
  inject(fault: Fault, after?: Time): void {
    this.input({ kind: 'fault', ...fault } as FaultInput, this.now + (after?.ticks ?? 0));
  }

  /** A pulse on EN, with other straps if given (GPIO_STRAP's bits). */
  reset(strapping?: number): void {
    this.input({ kind: 'reset', ...(strapping === undefined ? {} : { strapping }) });
  }

  /** The supply fails and comes back: RAM is lost. */
  powerCycle(): void {
    this.input({ kind: 'power' });
  }

  /** What the guest wrote by semihosting. */
  get output(): string {
    return this.host?.text ?? '';
  }

  /** Exit code that the guest gave by semihosting. */
  get exitCode(): number | undefined {
    return this.host?.exitCode;
  }

  // State

  /** SHA-256 over the whole state of the machine. */
  stateHash(): string {
    this.rest();
    return this.chip.stateHash();
  }

  /** The whole machine at this moment, to go back to or to fork from. */
  snapshot(): Snapshot {
    this.rest();
    const { machine, factories, host } = this;
    const parts = { machine, devices: [...factories], semihosting: host !== undefined };
    const makeBoard = (): Board => new Board(parts);
    return new Snapshot({ machine, state: this.chip.save(), history: this.history(), makeBoard });
  }

  /** The whole run so far as a log, for `replayRun` and `lockstep32 replay`. */
  recording(): Uint8Array {
    if (this.recorder !== undefined) return encodeRunLog(this.recorder.log());
    throw new InputError('recording', 'the board does not record', {
      expected: 'a board created with `record: true`',
    });
  }

  /** From power-on only; `createBoard` with `record` calls it. */
  startRecording(options: RunLog['options'] = {}): void {
    const { chip, machine, host, answers } = this;
    const semihosting = host !== undefined;
    this.recorder = new Recorder({ chip, machine, options, semihosting, answers });
  }

  /** Another board in the same state, which goes its own way. */
  fork(): Board {
    return this.snapshot().fork();
  }

  /** Back to a snapshot that was written to a file; `file` names it in errors. */
  load(bytes: Uint8Array, file = 'snapshot'): void {
    const makeBoard = (): Board => this.fork();
    this.restore(Snapshot.decode(bytes, file, this.machine, makeBoard));
  }

  /** Back to a snapshot of this board or of one like it. */
  restore(snapshot: Snapshot): void {
    if (this.recorder !== undefined)
      throw new InputError('snapshot', 'a board that records cannot jump to another state');
    snapshot.checkFor(this.machine);
    this.chip.restore(snapshot.state);
    this.uarts.forEach((uart, index) => uart.adopt(snapshot.history.uarts[index]!));
    this.host?.adopt(snapshot.history.host);
    for (const pin of this.pins.values()) pin.clear();
    this.measurements?.restart();
  }

  private history(): BoardHistory {
    return {
      uarts: this.uarts.map((uart) => uart.history()),
      host: this.host?.history() ?? { text: '', exitCode: undefined },
    };
  }

  private get mayGoOn(): boolean {
    return this.exitCode === undefined && this.stopRequested === undefined;
  }

  /** To where all is done that is due: inputs take effect at once there. */
  private rest(): void {
    const { chip } = this;
    while (!chip.isAtRest) this.advance(chip.now + 1);
  }

  private advance(end: Ticks): void {
    if (this.recorder === undefined) this.chip.runUntil(end);
    else this.recorder.runUntil(end);
  }

  private conclude(
    isMet: boolean,
    condition: Condition | undefined,
    within: Span,
  ): [RunEnd, string] {
    if (isMet) return ['met', `${condition!.name}: met`];
    if (this.exitCode !== undefined) return ['exit', `the guest exited with code ${this.exitCode}`];
    if (this.stopRequested !== undefined) return ['stopped', this.stopRequested];
    return ['limit', `not within ${spanText(within)}`];
  }

  private makeUart(index: 0 | 1 | 2): UartPort {
    return new UartPort({
      index,
      console: this.chip.serial[index],
      now: () => this.now,
      input: (event) => this.input(event),
      expect: (condition, within): TextHit => this.expect(condition, within),
    });
  }

  private makePin(gpio: number): Pin {
    const pad = this.chip.peripherals.pads[gpio];
    if (pad === undefined)
      throw new InputError(`pin ${gpio}`, `the chip has no pin GPIO${gpio}`, {
        expected: 'GPIO0..GPIO27 or GPIO32..GPIO39',
      });
    return new Pin({
      pad,
      party: PARTY,
      now: () => this.chip.scheduler.now,
      input: (event, tick) => this.input(event, tick),
      expect: (condition, within): Edge => this.expect(condition, within),
    });
  }
}
