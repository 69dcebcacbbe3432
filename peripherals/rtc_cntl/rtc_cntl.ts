/**
 * RTC_CNTL: reset causes and software resets, stall of the cores, choice of clocks, RTC main timer,
 * RTC watchdog (RWDT), retention registers, and entry to and timed wake-up from sleep (TRM chapters
 * "Reset and Clock", "Low-Power Management", "Watchdog Timers").
 *
 * Clock: RTC_SLOW_CLK, whose frequency this block sets (ANA_CLK_RTC_SEL). The RTC domain keeps its
 * registers through CPU and core resets; a system reset and power-on clear them.
 * Interrupt source: ETS_RTC_CORE_INTR_SOURCE, level: INT_RAW & INT_ENA.
 *
 * **Not modelled:** power domains, isolation, pad hold and analog settings (stored only); in sleep the
 * cores stand still and all else runs on; wake-up by anything but the RTC timer; the time that
 * falling asleep and waking take; sleep rejection; the
 * voltages that the brown-out detector compares; the lengths
 * of the reset pulses; frequency trim of RC_FAST. Unverified on silicon: the polynomial of the RTC
 * fast memory CRC (the mask ROM compares it with another run of the same hardware only).
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { RequestReset, ResetCause } from '../../emulator/bus/reset.ts';
import { BOTH_CORES, RESET_CAUSE } from '../../emulator/bus/reset.ts';
import type { Signal } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Clock } from '../../emulator/scheduler/clock.ts';
import type { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { BrownOut } from './brown-out.ts';
import { MainTimer } from './main-timer.ts';
import { RTC_CNTL_REGISTERS } from './rtc_cntl.regs.ts';
import { Rwdt } from './rwdt.ts';

/** Values of SOC_CLK_SEL. */
const CPU_CLOCK_SOURCES = ['XTAL', 'PLL', 'RC_FAST', 'APLL'] as const;
export type CpuClockSource = (typeof CPU_CLOCK_SOURCES)[number];

/** Frequencies of the clocks that ANA_CLK_RTC_SEL chooses, in Hz; the RC oscillators are nominal. */
const SLOW_CLOCK_HZ = [150_000, 32_768, 33_203] as const;

export interface RtcCntlConfig {
  /** RTC_SLOW_CLK. */
  readonly slowClock: Clock;
  readonly scheduler: Scheduler;
  readonly irq: Signal;
  /** Level 1: PRO_CPU, APP_CPU stand still. */
  readonly stall: readonly [Signal, Signal];
  readonly requestReset: RequestReset;
  /** The straps chose boot from flash: the RTC watchdog guards it. */
  readonly flashBoot: () => boolean;
  /** Told when SOC_CLK_SEL changes, and at each reset that puts it back to XTAL. */
  readonly selectCpuClock: (source: CpuClockSource) => void;
  /** Word `index` of RTC fast memory, for its CRC. */
  readonly readFastMemory?: (index: number) => number;
  readonly log: DeviceLog;
}

/** SW_STALL_x_C1 and _C0 together stall a core when they hold this value. */
const STALL_MAGIC = 0x86;
/** INT_RAW bits. */
const SLP_WAKEUP = 1 << 0;
const WDT_INT = 1 << 3;
const TIME_VALID = 1 << 4;
const BROWN_OUT_INT = 1 << 7;
const MAIN_TIMER = 1 << 8;
/** Wake-up source of the RTC timer in WAKEUP_ENA and WAKEUP_CAUSE. */
const WAKE_BY_TIMER = 1 << 3;
const BIT31 = 0x80000000;

export class RtcCntl implements Device {
  readonly name = 'RTC_CNTL';
  private readonly bank: RegisterBank<typeof RTC_CNTL_REGISTERS>;
  private readonly config: RtcCntlConfig;
  private readonly timer: MainTimer;
  private readonly watchdog: Rwdt;
  private readonly brownOut: BrownOut;
  private asleep = false;

  constructor(config: RtcCntlConfig) {
    this.config = config;
    this.bank = new RegisterBank(this.name, RTC_CNTL_REGISTERS, config.log);
    this.timer = new MainTimer(
      this.name,
      config.slowClock,
      config.scheduler,
      (value) => this.latchTime(value),
      () => this.mainTimerAlarm(),
    );
    this.watchdog = new Rwdt({
      name: this.name,
      bank: this.bank,
      clock: config.slowClock,
      scheduler: config.scheduler,
      flashBoot: config.flashBoot,
      interrupt: () => this.raise(WDT_INT),
      requestReset: config.requestReset,
      onFeed: (left) => config.log.watchdogFed?.(this.name, left),
    });
    this.brownOut = new BrownOut({
      clock: config.slowClock,
      scheduler: config.scheduler,
      settings: () => ({
        enabled: this.bank.getField('BROWN_OUT', 'ENA') === 1,
        resets: this.bank.getField('BROWN_OUT', 'RST_ENA') === 1,
        resetWait: this.bank.getField('BROWN_OUT', 'RST_WAIT'),
      }),
      onDetect: (low) => {
        this.bank.setField('BROWN_OUT', 'DET', low ? 1 : 0);
        if (low) this.raise(BROWN_OUT_INT);
      },
      reset: () =>
        config.requestReset({
          level: 'system',
          cores: BOTH_CORES,
          cause: RESET_CAUSE.RTCWDT_BROWN_OUT_RESET,
          source: `${this.name}.brownOut`,
        }),
    });
    this.hook();
    this.setResetCause(0, RESET_CAUSE.POWERON_RESET);
    this.setResetCause(1, RESET_CAUSE.POWERON_RESET);
  }

  read(offset: number, size: AccessSize): number {
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.bank.write(offset, value, size);
  }

  /** The composition sets the causes afterwards by `setResetCause`. */
  reset(domain: ResetDomain): void {
    this.asleep = false;
    if (domain === 'power' || domain === 'system') {
      this.bank.reset();
      this.setResetCause(0, RESET_CAUSE.POWERON_RESET);
      this.setResetCause(1, RESET_CAUSE.POWERON_RESET);
      this.timer.reset();
      this.config.slowClock.setFrequency(SLOW_CLOCK_HZ[0], this.config.scheduler.now);
      this.watchdog.reset();
      this.config.selectCpuClock('XTAL');
      this.brownOut.update();
    }
    this.updateStall();
    this.updateIrq();
  }

  /** The running stage of the watchdog ends at once, when it runs. */
  expireWatchdog(): void {
    this.watchdog.expireNow();
  }

  /** The supply falls below the threshold of the brown-out detector, or recovers. */
  setSupplyLow(low: boolean): void {
    this.brownOut.setSupplyLow(low);
  }

  setResetCause(core: 0 | 1, cause: ResetCause): void {
    this.bank.setField(
      'RESET_STATE',
      core === 0 ? 'RESET_CAUSE_PROCPU' : 'RESET_CAUSE_APPCPU',
      cause,
    );
  }

  /** True: the core's reset vector is that of the mask ROM; false: that in RTC fast memory. */
  bootsFromRom(core: 0 | 1): boolean {
    const name = core === 0 ? 'PROCPU_STAT_VECTOR_SEL' : 'APPCPU_STAT_VECTOR_SEL';
    return this.bank.getField('RESET_STATE', name) === 1;
  }

  private hook(): void {
    const { bank } = this;
    bank.onWrite('OPTIONS0', (written) => this.writeOptions(written));
    bank.onWrite('SW_CPU_STALL', () => this.updateStall());
    bank.onWrite('TIME_UPDATE', (written) => {
      if (written < BIT31) return;
      bank.setField('TIME_UPDATE', 'TIME_VALID', 0);
      this.timer.requestUpdate();
    });
    bank.onWrite('SLP_TIMER0', () => this.updateAlarm());
    bank.onWrite('SLP_TIMER1', () => this.updateAlarm());
    bank.onWrite('STATE0', (written) => this.writeState(written));
    bank.onWrite('CLK_CONF', (_, before) => this.writeClocks(before));
    bank.onWrite('BROWN_OUT', () => this.brownOut.update());
    bank.onWrite('INT_ENA', () => this.updateIrq());
    bank.onWrite('INT_CLR', (written) => {
      bank.set('INT_RAW', bank.get('INT_RAW') & ~written);
      this.updateIrq();
    });
    bank.onRead('INT_ST', () => bank.get('INT_RAW') & bank.get('INT_ENA'));
    bank.onWrite('MEM_CONF', (written, before) => {
      bank.setField('MEM_CONF', 'RTC_MEM_CRC_FINISH', 0);
      if ((written & ~before & CRC_START) !== 0) this.checkFastMemory();
    });
  }

  private raise(bit: number): void {
    this.bank.set('INT_RAW', this.bank.get('INT_RAW') | bit);
    this.updateIrq();
  }

  private updateIrq(): void {
    this.config.irq.set((this.bank.get('INT_RAW') & this.bank.get('INT_ENA')) !== 0 ? 1 : 0);
  }

  private writeOptions(written: number): void {
    this.updateStall();
    const { requestReset } = this.config;
    const source = this.name;
    if (written >= BIT31)
      requestReset({ level: 'core', cores: BOTH_CORES, cause: RESET_CAUSE.SW_RESET, source });
    else
      for (const core of BOTH_CORES)
        if ((written & (core === 0 ? SW_PROCPU_RST : SW_APPCPU_RST)) !== 0)
          requestReset({ level: 'cpu', cores: [core], cause: RESET_CAUSE.SW_CPU_RESET, source });
  }

  private updateStall(): void {
    const { bank } = this;
    const pro =
      bank.getField('SW_CPU_STALL', 'SW_STALL_PROCPU_C1') * 4 +
      bank.getField('OPTIONS0', 'SW_STALL_PROCPU_C0');
    const app =
      bank.getField('SW_CPU_STALL', 'SW_STALL_APPCPU_C1') * 4 +
      bank.getField('OPTIONS0', 'SW_STALL_APPCPU_C0');
    this.config.stall[0].set(this.asleep || pro === STALL_MAGIC ? 1 : 0);
    this.config.stall[1].set(this.asleep || app === STALL_MAGIC ? 1 : 0);
  }

  private latchTime(value: number): void {
    this.bank.set('TIME0', value % 2 ** 32);
    this.bank.set('TIME1', Math.floor(value / 2 ** 32));
    this.bank.setField('TIME_UPDATE', 'TIME_VALID', 1);
    this.raise(TIME_VALID);
  }

  private updateAlarm(): void {
    const { bank } = this;
    const enabled = bank.getField('SLP_TIMER1', 'MAIN_TIMER_ALARM_EN') === 1;
    const target = bank.getField('SLP_TIMER1', 'SLP_VAL_HI') * 2 ** 32 + bank.get('SLP_TIMER0');
    this.timer.setAlarm(enabled ? target : -1);
  }

  private mainTimerAlarm(): void {
    this.raise(MAIN_TIMER);
    if (this.asleep) this.wakeByTimer();
  }

  private writeState(written: number): void {
    if (written < BIT31 || this.asleep) return;
    const sources = this.bank.getField('WAKEUP_STATE', 'WAKEUP_ENA');
    const { log } = this.config;
    if ((sources & ~WAKE_BY_TIMER) !== 0)
      log.unmodelled({
        device: this.name,
        register: 'WAKEUP_STATE',
        access: 'write',
        value: sources,
      });
    if ((sources & WAKE_BY_TIMER) === 0)
      log.warn(this.name, 'sleep without a timer to wake it up: the cores stand still for good');
    this.asleep = true;
    this.updateStall();
    this.updateAlarm();
  }

  /** Light sleep goes on where it stopped; after deep sleep the digital core is reset. */
  private wakeByTimer(): void {
    if ((this.bank.getField('WAKEUP_STATE', 'WAKEUP_ENA') & WAKE_BY_TIMER) === 0) return;
    this.asleep = false;
    this.bank.setField('WAKEUP_STATE', 'WAKEUP_CAUSE', WAKE_BY_TIMER);
    this.bank.setField('STATE0', 'SLEEP_EN', 0);
    this.updateStall();
    this.raise(SLP_WAKEUP);
    if (this.bank.getField('DIG_PWC', 'DG_WRAP_PD_EN') === 1)
      this.config.requestReset({
        level: 'core',
        cores: BOTH_CORES,
        cause: RESET_CAUSE.DEEPSLEEP_RESET,
        source: this.name,
      });
  }

  private writeClocks(before: number): void {
    const { bank, config } = this;
    const source = bank.getField('CLK_CONF', 'SOC_CLK_SEL');
    if (source !== ((before >>> 27) & 3)) config.selectCpuClock(CPU_CLOCK_SOURCES[source]!);
    const slowHz = SLOW_CLOCK_HZ[bank.getField('CLK_CONF', 'ANA_CLK_RTC_SEL')];
    if (slowHz !== undefined) config.slowClock.setFrequency(slowHz, config.scheduler.now);
  }

  /** CRC of RTC_MEM_CRC_LEN + 1 words of RTC fast memory; done at once. */
  private checkFastMemory(): void {
    const { bank } = this;
    const first = bank.getField('MEM_CONF', 'RTC_MEM_CRC_ADDR');
    const count = bank.getField('MEM_CONF', 'RTC_MEM_CRC_LEN') + 1;
    const word = this.config.readFastMemory ?? ((): number => 0);
    let crc = -1;
    for (let i = 0; i < count; i++) {
      crc ^= word((first + i) & FAST_MEMORY_MASK);
      for (let bit = 0; bit < 32; bit++) crc = (crc >>> 1) ^ (CRC_POLYNOMIAL & -(crc & 1));
    }
    bank.set('MEM_CRC_RES', crc);
    bank.setField('MEM_CONF', 'RTC_MEM_CRC_FINISH', 1);
  }

  save(): State {
    return {
      bank: this.bank.save(),
      timer: this.timer.save(),
      watchdog: this.watchdog.save(),
      brownOut: this.brownOut.save(),
      asleep: this.asleep,
    };
  }

  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
    this.timer.restore(state['timer'] as State);
    this.watchdog.restore(state['watchdog'] as State);
    this.brownOut.restore(state['brownOut'] as State);
    this.asleep = state['asleep'] as boolean;
  }
}

const CRC_START = 1 << 8;
const CRC_POLYNOMIAL = 0xedb88320;
/** RTC fast memory has 2048 words. */
const FAST_MEMORY_MASK = 0x7ff;
const SW_APPCPU_RST = 1 << 4;
const SW_PROCPU_RST = 1 << 5;
