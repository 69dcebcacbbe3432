/** One run: the chip, what is plugged into it, and the loop that ends it. */
import type { Esp32 } from '../esp32.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { Ticks } from '../scheduler/clock.ts';
import { connectSemihosting } from '../semihosting.ts';
import { recordedHost } from '../testing/recorded-host.ts';
import { EXIT } from './exit.ts';
import { HostSemihosting } from './host-semihosting.ts';
import type { Outcome } from './outcome.ts';
import { PanicDecoder } from './panic.ts';
import type { RunPlan } from './plan.ts';
import { Scenario } from './scenario.ts';
import type { Screen } from './screen.ts';
import { openSerial } from './serial.ts';
import type { SerialHost } from './serial.ts';
import type { Signals } from './signals.ts';

/** Guest time between two looks at the host (limits, terminal, signals): 1 ms. */
const STEP: Ticks = MASTER_HZ / 1000;
/** A guest that printed nothing for this long has ended its line: 10 ms. */
const SILENCE: Ticks = MASTER_HZ / 100;

/** Follows a run from outside. */
export interface Watcher {
  /** The guest printed this. */
  print(text: string): void;
  /** The guest fell silent. */
  settle(): void;
  /** The chip stands between two instructions. */
  turn(): void;
}

/** Shorter waits than this would only cost: 5 ms. */
const LEAST_PAUSE_MS = 5;

export class Session {
  readonly scenario: Scenario;
  readonly panics: PanicDecoder;
  private readonly plan: RunPlan;
  private readonly chip: Esp32;
  private readonly screen: Screen;
  private readonly signals: Signals;
  private readonly startedMs = Date.now();
  private readonly host: HostSemihosting;
  private readonly watcher: Watcher | undefined;
  private serial: SerialHost | undefined;
  private guestExitCode: number | undefined;
  private printedAt: Ticks = 0;

  constructor(plan: RunPlan, screen: Screen, signals: Signals, watcher?: Watcher) {
    const { chip, symbols } = plan;
    this.watcher = watcher;
    this.plan = plan;
    this.chip = chip;
    this.screen = screen;
    this.signals = signals;
    this.scenario = new Scenario(plan.scenario, (text) =>
      chip.uart0.send(Buffer.from(text, 'latin1')),
    );
    const canName = symbols.hasApplication;
    this.panics = new PanicDecoder({
      describe: (address) => symbols.describe(address),
      say: (text) => canName && this.say(text),
    });
    this.host = new HostSemihosting({
      root: process.cwd(),
      exit: (code) => this.guestExits(code),
      print: (fd, bytes) => this.guestPrints(fd, bytes),
      stdin: {
        beforeWait: () => signals.ignore(),
        afterWait: () => signals.listen(),
        gaveUp: () => this.wallMs > plan.wallLimitMs,
      },
    });
    chip.log.onWarning = (message, { core, pc, cycle, tick }) =>
      this.say(
        `warning: ${message} (${core}, cycle ${cycle}, tick ${tick}, pc ${symbols.describe(pc)})`,
      );
  }

  /** Plugs in the host's ends. */
  async open(target: string | undefined): Promise<void> {
    const { chip, plan, screen, host } = this;
    const isRecorded = plan.recorder !== undefined;
    if (plan.semihosting)
      connectSemihosting(chip, isRecorded ? recordedHost(host, plan.answers) : host);
    this.serial = await openSerial({
      target,
      chip,
      screen,
      takesStdin: !plan.semihosting,
      gaveUp: () => this.signals.received !== undefined || this.wallMs > plan.wallLimitMs,
    });
    chip.uart0.onByte((byte) => this.uartPrints(byte));
  }

  async run(): Promise<Outcome> {
    const { chip, plan } = this;
    for (;;) {
      const outcome = this.ended();
      if (outcome !== undefined) return outcome;
      if (this.serial!.held !== true) this.advance(Math.min(chip.now + STEP, plan.guestLimit));
      if (chip.now - this.printedAt >= SILENCE) {
        this.scenario.settle();
        this.watcher?.settle();
      }
      this.watcher?.turn();
      await this.serial!.turn();
      await this.keepPace();
      this.screen.progress(chip.now, this.wallMs);
    }
  }

  /** With a person at the keyboard and nothing to wait for, guest time does not run ahead of the clock. */
  private async keepPace(): Promise<void> {
    if (this.serial!.interactive !== true || !this.scenario.isOpen) return;
    const aheadMs = (this.chip.now * 1000) / MASTER_HZ - this.wallMs;
    if (aheadMs > LEAST_PAUSE_MS) await new Promise((done) => setTimeout(done, aheadMs));
  }

  close(): void {
    this.serial?.close();
    this.host.close();
    this.screen.clearProgress();
    this.screen.endLine();
    this.panics.end();
  }

  private advance(end: Ticks): void {
    const { chip, recorder } = this.plan;
    if (recorder === undefined) chip.runUntil(end);
    else recorder.runUntil(end);
  }

  private get wallMs(): number {
    return Date.now() - this.startedMs;
  }

  private ended(): Outcome | undefined {
    const { guestExitCode, scenario, chip, plan } = this;
    const end = (exitCode: number, why: string): Outcome => ({ exitCode, why, guestExitCode });
    if (scenario.verdict?.met === false) return end(EXIT.guestFailed, scenario.verdict.why);
    if (guestExitCode !== undefined) return this.afterGuestExit(guestExitCode);
    if (scenario.verdict !== undefined) return end(EXIT.met, scenario.verdict.why);
    const { exitCode, received } = this.signals;
    if (exitCode !== undefined) return end(exitCode, `interrupted by ${received}`);
    const unmet = scenario.isOpen ? EXIT.met : EXIT.guestFailed;
    if (this.serial?.quit === true) return end(unmet, 'ended by Ctrl-]');
    if (this.screen.closed && scenario.isOpen) return end(EXIT.met, 'standard output was closed');
    if (chip.now >= plan.guestLimit)
      return end(EXIT.limit, 'guest time limit (--max-time) reached');
    if (this.wallMs > plan.wallLimitMs)
      return end(EXIT.limit, 'host time limit (--wall-limit) reached');
    return undefined;
  }

  private afterGuestExit(guestExitCode: number): Outcome {
    const { missing } = this.scenario;
    const waited = missing === undefined ? '' : `, before ${missing} was printed`;
    const met = guestExitCode === 0 && missing === undefined;
    const why = `the guest exited with code ${guestExitCode}${waited}`;
    return { exitCode: met ? EXIT.met : EXIT.guestFailed, why, guestExitCode };
  }

  /** A message behind everything that the guest has printed before it. */
  private say(text: string): void {
    this.serial?.flush();
    this.screen.say(text);
  }

  private guestExits(code: number): void {
    this.guestExitCode ??= code;
    this.chip.requestStop();
  }

  private guestPrints(fd: 1 | 2, bytes: Uint8Array): void {
    this.serial?.flush();
    this.screen.print(bytes, fd === 1 ? 'stdout' : 'stderr');
    this.heed(Buffer.from(bytes).toString('latin1'));
  }

  private uartPrints(byte: number): void {
    this.serial!.print(byte);
    this.heed(String.fromCharCode(byte));
  }

  private heed(text: string): void {
    this.printedAt = this.chip.now;
    this.panics.print(text);
    this.scenario.print(text);
    this.watcher?.print(text);
    if (this.scenario.verdict !== undefined) this.chip.requestStop();
  }
}
