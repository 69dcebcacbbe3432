/**
 * The eFuse controller (TRM chapter "eFuse Controller"). The fuses are an array that the machine
 * gives and keeps; burning only sets bits. The RDATA registers hold what the last read command, or
 * the reset, brought from the fuses.
 *
 * Clock: APB_CLK. Interrupt source: ETS_EFUSE_INTR_SOURCE, level: INT_RAW & INT_ENA.
 * Time: a burn takes CLK_SEL0 + CLK_SEL1 APB cycles for each bit of the array, a read READ_CYCLES
 * for each word. Unverified on silicon: the time that burning and reading take; the manual names
 * the settings but no duration.
 *
 * **Not modelled:** DAC and programming voltage (a burn never fails); FORCE_NO_WR_RD_DIS; error
 * correction of the 3/4 code (errors are only reported in DEC_STATUS).
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { Signal } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Clock } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import { EFUSE_REGISTERS } from './efuse.regs.ts';
import { BLOCK_START, BLOCK_WORDS, burn, FUSE_WORDS, readFuses } from './fuses.ts';

export interface EfuseConfig {
  /** FUSE_WORDS words as burnt. Burning writes here; the machine owns and saves the array. */
  readonly fuses: Uint32Array;
  readonly apbClock: Clock;
  readonly scheduler: Scheduler;
  readonly irq: Signal;
  /** Told after a burn, so that the machine can store the array. */
  readonly onBurn?: () => void;
  readonly log: DeviceLog;
}

const OP_WRITE = 0x5a5a;
const OP_READ = 0x5aa5;
const READ_CMD = 1;
const PGM_CMD = 2;
const READ_CYCLES = 16;
const BITS = FUSE_WORDS * 32;

type Names = (typeof EFUSE_REGISTERS)[number]['name'];

/** Registers of one kind in the order of the fuse array. */
function arrayRegisters(kind: 'RDATA' | 'WDATA'): Names[] {
  return BLOCK_START.flatMap((_, block) =>
    Array.from({ length: BLOCK_WORDS[block]! }, (__, i) => `BLK${block}_${kind}${i}` as Names),
  );
}

const RDATA = arrayRegisters('RDATA');
const WDATA = arrayRegisters('WDATA');

export class Efuse implements Device {
  readonly name = 'EFUSE';
  private readonly bank: RegisterBank<typeof EFUSE_REGISTERS>;
  private readonly config: EfuseConfig;
  private readonly done: SchedulerEvent;

  constructor(config: EfuseConfig) {
    if (config.fuses.length !== FUSE_WORDS)
      throw new Error(`eFuse: array of ${config.fuses.length} words, expected ${FUSE_WORDS}`);
    this.config = config;
    this.bank = new RegisterBank(this.name, EFUSE_REGISTERS, config.log);
    this.done = config.scheduler.event('EFUSE.done', () => this.finish());
    this.bank.onWrite('CMD', (written) => this.start(written));
    this.bank.onWrite('INT_ENA', () => this.updateIrq());
    this.bank.onWrite('INT_CLR', (written) => {
      this.bank.set('INT_RAW', this.bank.get('INT_RAW') & ~written);
      this.updateIrq();
    });
    this.bank.onRead('INT_ST', () => this.bank.get('INT_RAW') & this.bank.get('INT_ENA'));
    this.load();
  }

  read(offset: number, size: AccessSize): number {
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.bank.write(offset, value, size);
  }

  reset(_domain: ResetDomain): void {
    this.config.scheduler.cancel(this.done);
    this.bank.reset();
    this.load();
    this.updateIrq();
  }

  /** A command without its operation code does nothing. */
  private start(written: number): void {
    const { scheduler, apbClock } = this.config;
    if (this.done.at >= 0) return;
    const code = this.bank.getField('CONF', 'OP_CODE');
    const cycles = this.bank.getField('CLK', 'SEL0') + this.bank.getField('CLK', 'SEL1');
    if ((written & PGM_CMD) !== 0 && code === OP_WRITE)
      scheduler.at(apbClock.after(scheduler.now, BITS * cycles), this.done);
    else if ((written & READ_CMD) !== 0 && code === OP_READ)
      scheduler.at(apbClock.after(scheduler.now, FUSE_WORDS * READ_CYCLES), this.done);
    else this.bank.set('CMD', 0);
  }

  private finish(): void {
    const { bank, config } = this;
    const burning = bank.getField('CMD', 'PGM_CMD') === 1;
    if (burning) {
      burn(
        config.fuses,
        Uint32Array.from(WDATA, (name) => bank.get(name)),
      );
      config.onBurn?.();
    } else this.load();
    bank.set('CMD', 0);
    bank.set('INT_RAW', bank.get('INT_RAW') | (burning ? PGM_CMD : READ_CMD));
    this.updateIrq();
  }

  private load(): void {
    const { words, warnings } = readFuses(this.config.fuses);
    RDATA.forEach((name, i) => this.bank.set(name, words[i]!));
    this.bank.setField('DEC_STATUS', 'DEC_WARNINGS', warnings);
  }

  private updateIrq(): void {
    const pending = this.bank.get('INT_RAW') & this.bank.get('INT_ENA');
    this.config.irq.set(pending !== 0 ? 1 : 0);
  }

  save(): State {
    return { bank: this.bank.save() };
  }

  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
  }
}
