/**
 * TIMG0 and TIMG1: two general 64-bit timers T0 and T1, the LACT timer, the main system watchdog
 * (MWDT) and the calibration of the slow clocks (TRM chapters "64-bit Timers", "Watchdog Timers").
 *
 * Clock: APB_CLK through each prescaler; calibration counts XTAL_CLK. Counters are computed on
 * access; each alarm, the watchdog's stage and the calibration have one event.
 * Interrupt sources: ETS_TGn_{T0,T1,WDT,LACT}_LEVEL and _EDGE_INTR_SOURCE. A level source follows
 * INT_RAW & INT_ENA; an edge source pulses once when its alarm comes while INT_ENA is set.
 * An alarm clears ALARM_EN. A count already past the alarm value alarms at once (Unverified on
 * silicon: for LACT). From reset on RC_FAST / 256 is measured again and again (START_CYCLING), which
 * is where the mask ROM has the crystal's frequency from. Unverified on silicon: RDY is left alone.
 *
 * **Not modelled:** the compensation of LACT by the RTC (LAC_EN, CPST_EN, RTC_ONLY, LACTRTC);
 * the lengths of the reset pulses.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { RequestReset } from '../../emulator/bus/reset.ts';
import type { Signal } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Clock, Cycles, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { Calibration } from './calibration.ts';
import type { CounterSettings } from './counter.ts';
import { Counter } from './counter.ts';
import { Mwdt } from './mwdt.ts';
import { TIMG_REGISTERS } from './timg.regs.ts';

/** Order of the bits in INT_RAW, INT_ENA, INT_ST and INT_CLR. */
const TIMG_SOURCES = ['T0', 'T1', 'WDT', 'LACT'] as const;
type TimerName = 'T0' | 'T1' | 'LACT';
type SourceName = (typeof TIMG_SOURCES)[number];

export interface TimgConfig {
  readonly index: 0 | 1;
  readonly apbClock: Clock;
  readonly xtalClock: Clock;
  /** Clocks that RTC_CALI_CLK_SEL chooses: RTC_SLOW_CLK, RC_FAST / 256, XTAL32K (if fitted). */
  readonly calibrationClocks: readonly [Clock, Clock, Clock | undefined];
  readonly scheduler: Scheduler;
  readonly level: Readonly<Record<SourceName, Signal>>;
  readonly edge: Readonly<Record<SourceName, Signal>>;
  readonly requestReset: RequestReset;
  /** The straps chose boot from flash: the watchdog of TIMG0 guards it from reset on. */
  readonly flashBoot: () => boolean;
  readonly log: DeviceLog;
}

const CALIBRATION_START = 0x80000000;
const VALUE_SHIFT = 7;

/** The field names of LACT carry its name as prefix, those of T0 and T1 do not. */
const LACT = 'LACT_';

export class Timg implements Device {
  readonly name: string;
  private readonly bank: RegisterBank<typeof TIMG_REGISTERS>;
  private readonly config: TimgConfig;
  private readonly counters: Readonly<Record<TimerName, Counter>>;
  private readonly watchdog: Mwdt;
  private readonly calibration: Calibration;
  /** When the row of continuous measurements began. */
  private cyclingSince: Ticks = 0;

  constructor(config: TimgConfig) {
    this.config = config;
    this.name = `TIMG${config.index}`;
    this.bank = new RegisterBank(this.name, TIMG_REGISTERS, config.log);
    this.counters = {
      T0: this.makeCounter('T0'),
      T1: this.makeCounter('T1'),
      LACT: this.makeCounter('LACT'),
    };
    this.watchdog = new Mwdt({
      index: config.index,
      name: this.name,
      bank: this.bank,
      clock: config.apbClock,
      scheduler: config.scheduler,
      flashBoot: config.flashBoot,
      interrupt: (level, edge) => this.interrupt('WDT', level, edge),
      requestReset: config.requestReset,
      onFeed: (left) => config.log.watchdogFed?.(this.name, left),
    });
    this.calibration = new Calibration(
      `${this.name}.calibration`,
      config.xtalClock,
      config.scheduler,
      (cycles) => this.calibrated(cycles),
    );
    this.hookInterrupts();
    this.bank.onRead('RTCCALICFG1', () => this.calibrationValue() << VALUE_SHIFT);
    this.bank.onWrite('RTCCALICFG', (written, before) => this.writeCalibration(written, before));
  }

  read(offset: number, size: AccessSize): number {
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.bank.write(offset, value, size);
  }

  /** The running stage of the watchdog ends at once, when it runs. */
  expireWatchdog(): void {
    this.watchdog.expireNow();
  }

  reset(_domain: ResetDomain): void {
    this.bank.reset();
    for (const counter of Object.values(this.counters)) counter.reset();
    this.calibration.reset();
    this.cyclingSince = this.config.scheduler.now;
    this.watchdog.reset();
    this.updateIrq();
  }

  private makeCounter(timer: TimerName): Counter {
    const { bank } = this;
    const { apbClock, scheduler } = this.config;
    const counter: Counter = new Counter(
      `${this.name}.${timer}`,
      apbClock,
      scheduler,
      () => this.settings(timer),
      () => this.alarm(timer),
    );
    bank.onWrite(`${timer}CONFIG`, () => counter.configure());
    bank.onWrite(`${timer}ALARMLO`, () => counter.configure());
    bank.onWrite(`${timer}ALARMHI`, () => counter.configure());
    bank.onWrite(`${timer}LOAD`, () => counter.load(this.settings(timer).load));
    bank.onWrite(`${timer}UPDATE`, () => {
      const { hi, lo } = counter.value();
      bank.set(`${timer}HI`, hi);
      bank.set(`${timer}LO`, lo);
    });
    return counter;
  }

  /** T0CONFIG, T1CONFIG and LACTCONFIG have the same bits. */
  private configField(timer: TimerName, name: ConfigField): number {
    if (timer === 'LACT') return this.bank.getField('LACTCONFIG', `${LACT}${name}`);
    return this.bank.getField(`${timer}CONFIG`, name);
  }

  private settings(timer: TimerName): CounterSettings {
    const { bank } = this;
    return {
      enabled: this.configField(timer, 'EN') === 1,
      increase: this.configField(timer, 'INCREASE') === 1,
      autoReload: this.configField(timer, 'AUTORELOAD') === 1,
      alarmEnabled: this.configField(timer, 'ALARM_EN') === 1,
      divider: this.configField(timer, 'DIVIDER'),
      alarm: { hi: bank.get(`${timer}ALARMHI`), lo: bank.get(`${timer}ALARMLO`) },
      load: { hi: bank.get(`${timer}LOADHI`), lo: bank.get(`${timer}LOADLO`) },
    };
  }

  private alarm(timer: TimerName): void {
    if (timer === 'LACT') this.bank.setField('LACTCONFIG', 'LACT_ALARM_EN', 0);
    else this.bank.setField(`${timer}CONFIG`, 'ALARM_EN', 0);
    const level = this.configField(timer, 'LEVEL_INT_EN') === 1;
    this.interrupt(timer, level, this.configField(timer, 'EDGE_INT_EN') === 1);
  }

  private interrupt(source: SourceName, level: boolean, edge: boolean): void {
    const bit = 1 << TIMG_SOURCES.indexOf(source);
    if (level) this.bank.set('INT_RAW_TIMERS', this.bank.get('INT_RAW_TIMERS') | bit);
    if (edge && (this.bank.get('INT_ENA_TIMERS') & bit) !== 0) {
      this.config.edge[source].set(1);
      this.config.edge[source].set(0);
    }
    this.updateIrq();
  }

  private hookInterrupts(): void {
    const { bank } = this;
    bank.onWrite('INT_ENA_TIMERS', () => this.updateIrq());
    bank.onWrite('INT_CLR_TIMERS', (written) => {
      bank.set('INT_RAW_TIMERS', bank.get('INT_RAW_TIMERS') & ~written);
      this.updateIrq();
    });
    bank.onRead('INT_ST_TIMERS', () => this.pending());
  }

  private pending(): number {
    return this.bank.get('INT_RAW_TIMERS') & this.bank.get('INT_ENA_TIMERS');
  }

  private updateIrq(): void {
    const pending = this.pending();
    TIMG_SOURCES.forEach((source, bit) => {
      this.config.level[source].set(((pending >>> bit) & 1) === 1 ? 1 : 0);
    });
  }

  /** Result of the last measurement; a continuous one is computed on access. */
  private calibrationValue(): Cycles {
    const { bank } = this;
    if (bank.getField('RTCCALICFG', 'RTC_CALI_START_CYCLING') === 0)
      return bank.getField('RTCCALICFG1', 'RTC_CALI_VALUE');
    const tested = this.config.calibrationClocks[bank.getField('RTCCALICFG', 'RTC_CALI_CLK_SEL')];
    const cycles = bank.getField('RTCCALICFG', 'RTC_CALI_MAX');
    return this.calibration.lastOfRow(tested, cycles, this.cyclingSince);
  }

  private writeCalibration(written: number, before: number): void {
    this.cyclingSince = this.config.scheduler.now;
    const started = written >= CALIBRATION_START && before < CALIBRATION_START;
    if (!started) return;
    this.bank.setField('RTCCALICFG', 'RTC_CALI_RDY', 0);
    const tested =
      this.config.calibrationClocks[this.bank.getField('RTCCALICFG', 'RTC_CALI_CLK_SEL')];
    this.calibration.start(tested, this.bank.getField('RTCCALICFG', 'RTC_CALI_MAX'));
  }

  private calibrated(cycles: Cycles): void {
    this.bank.setField('RTCCALICFG', 'RTC_CALI_RDY', 1);
    this.bank.setField('RTCCALICFG1', 'RTC_CALI_VALUE', cycles);
  }

  save(): State {
    return {
      bank: this.bank.save(),
      T0: this.counters.T0.save(),
      T1: this.counters.T1.save(),
      LACT: this.counters.LACT.save(),
      watchdog: this.watchdog.save(),
      calibration: this.calibration.save(),
      cyclingSince: this.cyclingSince,
    };
  }

  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
    this.counters.T0.restore(state['T0'] as State);
    this.counters.T1.restore(state['T1'] as State);
    this.counters.LACT.restore(state['LACT'] as State);
    this.watchdog.restore(state['watchdog'] as State);
    this.calibration.restore(state['calibration'] as State);
    this.cyclingSince = state['cyclingSince'] as number;
  }
}

type ConfigField =
  'EN' | 'INCREASE' | 'AUTORELOAD' | 'ALARM_EN' | 'DIVIDER' | 'LEVEL_INT_EN' | 'EDGE_INT_EN';
