/**
 * The legacy timers: FRC1 counts 23 bits down and interrupts at 0, FRC2 counts 32 bits up and
 * interrupts when it equals its alarm register (ESP-IDF `soc/frc_timer_reg.h` and its FRC back end
 * of esp_timer; the manual does not describe them).
 *
 * Clock: APB_CLK divided by 1, 16 or 256. Writing LOAD sets the count. One event a timer.
 * Interrupt sources: ETS_TIMER1_INTR_SOURCE, ETS_TIMER2_INTR_SOURCE; level until INT_CLR, or a
 * pulse when LEVEL_INT is 0.
 *
 * **Not modelled:** AUTOLOAD of FRC2 (what reloads it is not published). Unverified on silicon: other
 * prescaler codes divide by 256.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { Signal } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Clock, Cycles } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import { FRC_REGISTERS } from './frc.regs.ts';

export interface FrcConfig {
  readonly apbClock: Clock;
  readonly scheduler: Scheduler;
  /** FRC1, FRC2. */
  readonly irq: readonly [Signal, Signal];
  readonly log: DeviceLog;
}

type Bank = RegisterBank<typeof FRC_REGISTERS>;
type TimerName = 'FRC1' | 'FRC2';

const MODULUS = { FRC1: 2 ** 23, FRC2: 2 ** 32 } as const;
/** Divider by PRESCALER / 2. */
const DIVIDERS = [1, 16, 256, 256] as const;

class FrcTimer {
  private readonly timer: TimerName;
  private readonly bank: Bank;
  private readonly config: FrcConfig;
  private readonly irq: Signal;
  private readonly event: SchedulerEvent;
  /** Count at cycle `since`; the divider that has run since then, 0 when stopped. */
  private base = 0;
  private since: Cycles = 0;
  private divider = 0;

  constructor(timer: TimerName, bank: Bank, config: FrcConfig, irq: Signal) {
    this.timer = timer;
    this.bank = bank;
    this.config = config;
    this.irq = irq;
    this.event = config.scheduler.event(timer, () => this.fire());
    config.apbClock.onChange(() => this.schedule());
    bank.onRead(`${timer}_COUNT`, () => this.count());
    bank.onWrite(`${timer}_LOAD`, () => this.setCount(bank.get(`${timer}_LOAD`)));
    bank.onWrite(`${timer}_CTRL`, () => this.configure());
    bank.onWrite(`${timer}_INT`, (written) => this.clear(written));
    if (timer === 'FRC2') bank.onWrite('FRC2_ALARM', () => this.schedule());
  }

  private steps(): number {
    if (this.divider === 0) return 0;
    const { apbClock, scheduler } = this.config;
    return Math.floor((apbClock.cyclesAt(scheduler.now) - this.since) / this.divider);
  }

  private count(): number {
    const modulus = MODULUS[this.timer];
    const steps = this.steps() % modulus;
    return (this.base + (this.timer === 'FRC1' ? modulus - steps : steps)) % modulus;
  }

  private setCount(value: number): void {
    this.base = value;
    this.since = this.config.apbClock.cyclesAt(this.config.scheduler.now);
    this.schedule();
  }

  private configure(): void {
    const enabled = this.bank.getField(`${this.timer}_CTRL`, 'ENABLE') === 1;
    const code = this.bank.getField(`${this.timer}_CTRL`, 'PRESCALER');
    const divider = enabled ? DIVIDERS[code >> 1]! : 0;
    if (divider === this.divider) return;
    const count = this.count();
    this.divider = divider;
    this.setCount(count);
  }

  private clear(written: number): void {
    if ((written & 1) === 0) return;
    this.bank.setField(`${this.timer}_CTRL`, 'INT_STATUS', 0);
    this.irq.set(0);
  }

  /** The next interrupt is a whole round away when the count stands at it. */
  private schedule(): void {
    const { apbClock, scheduler } = this.config;
    if (this.divider === 0) {
      scheduler.cancel(this.event);
      return;
    }
    const modulus = MODULUS[this.timer];
    const count = this.count();
    const away =
      this.timer === 'FRC1' ? count : (this.bank.get('FRC2_ALARM') - count + modulus) % modulus;
    const target = this.steps() + (away === 0 ? modulus : away);
    scheduler.at(apbClock.tickOf(this.since + target * this.divider), this.event);
  }

  private fire(): void {
    const ctrl = `${this.timer}_CTRL` as const;
    if (this.timer === 'FRC1' && this.bank.getField(ctrl, 'AUTOLOAD') === 1)
      this.setCount(this.bank.get('FRC1_LOAD'));
    else this.schedule();
    if (this.bank.getField(ctrl, 'LEVEL_INT') === 1) {
      this.bank.setField(ctrl, 'INT_STATUS', 1);
      this.irq.set(1);
      return;
    }
    this.irq.set(1);
    this.irq.set(0);
  }

  reset(): void {
    this.config.scheduler.cancel(this.event);
    this.base = 0;
    this.divider = 0;
    this.irq.set(0);
  }

  save(): State {
    return { base: this.base, since: this.since, divider: this.divider };
  }

  restore(state: State): void {
    this.base = state['base'] as number;
    this.since = state['since'] as number;
    this.divider = state['divider'] as number;
  }
}

export class Frc implements Device {
  readonly name = 'FRC';
  private readonly bank: Bank;
  private readonly timers: readonly [FrcTimer, FrcTimer];

  constructor(config: FrcConfig) {
    this.bank = new RegisterBank(this.name, FRC_REGISTERS, config.log);
    this.timers = [
      new FrcTimer('FRC1', this.bank, config, config.irq[0]),
      new FrcTimer('FRC2', this.bank, config, config.irq[1]),
    ];
  }

  read(offset: number, size: AccessSize): number {
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.bank.write(offset, value, size);
  }

  reset(_domain: ResetDomain): void {
    this.bank.reset();
    for (const timer of this.timers) timer.reset();
  }

  save(): State {
    return {
      bank: this.bank.save(),
      FRC1: this.timers[0].save(),
      FRC2: this.timers[1].save(),
    };
  }

  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
    this.timers[0].restore(state['FRC1'] as State);
    this.timers[1].restore(state['FRC2'] as State);
  }
}
