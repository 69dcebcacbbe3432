/**
 * The slave: follows the wires bit by bit. It samples SDA SDA_SAMPLE after SCL's rise and changes SDA
 * SDA_HOLD after SCL's fall (APB_CLK cycles from the wire's edge, but not before the edge is seen).
 */
import type { Level } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import { INTERRUPT } from './i2c.regs.ts';
import type { InputLine } from './input-line.ts';
import type { OutputLine } from './output-line.ts';
import type { I2cSettings } from './settings.ts';

export interface SlaveHost {
  settings(): I2cSettings;
  raise(interrupts: number): void;
  /** The master's byte, or with FIFO_ADDR_CFG_EN the offset in the RAM. */
  received(value: number): void;
  setRamOffset(offset: number): void;
  /** The next byte for the master. */
  take(): number;
  /** The master took the byte with this ACK bit. */
  sent(ack: Level): void;
}

export interface SlaveOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly sda: { readonly in: InputLine; readonly out: OutputLine };
  readonly host: SlaveHost;
}

type Phase = 'idle' | 'address' | 'address2' | 'receive' | 'send' | 'ignore';

const ACK_BIT = 8;

export class Slave implements Stateful {
  /** SLAVE_ADDRESSED, SLAVE_RW and BYTE_TRANS of SR. */
  addressed = false;
  reading = false;
  byteDone = false;
  private readonly options: SlaveOptions;
  private readonly sampling: SchedulerEvent;
  private readonly sdaChange: SchedulerEvent;
  private phase: Phase = 'idle';
  /** 0 to 7 data bits, 8 the ACK, -1 before SCL's first fall. */
  private bit = -1;
  private shift = 0;
  private sampled: Level = 1;
  private nextSda: Level = 1;
  /** Both bytes of its 10-bit address matched since the last STOP. */
  private matchedTenBit = false;
  private offsetNext = false;

  constructor(options: SlaveOptions) {
    const { name, scheduler, sda } = options;
    this.options = options;
    this.sampling = scheduler.event(`${name}.slaveSample`, () => this.sample());
    this.sdaChange = scheduler.event(`${name}.slaveSda`, () => sda.out.drive(this.nextSda));
  }

  reset(): void {
    const { scheduler } = this.options;
    scheduler.cancel(this.sampling);
    this.idle();
    this.addressed = false;
    this.reading = false;
    this.byteDone = false;
  }

  onStart(): void {
    this.idle();
    this.phase = 'address';
    this.bit = -1;
    this.byteDone = false;
  }

  onStop(): void {
    const wasAddressed = this.addressed;
    this.idle();
    this.addressed = false;
    this.matchedTenBit = false;
    if (wasAddressed) this.options.host.raise(INTERRUPT.SLAVE_TRAN_COMP | INTERRUPT.TRANS_COMPLETE);
  }

  onScl(level: Level, now: Ticks): void {
    if (this.phase === 'idle' || this.phase === 'ignore') return;
    const { host, scheduler } = this.options;
    if (level === 1) {
      const { sampleLow, sdaSample } = host.settings();
      if (sampleLow) this.sample();
      else this.after(now, sdaSample, this.sampling);
      return;
    }
    if (this.sampling.at >= 0) {
      scheduler.cancel(this.sampling);
      this.sample();
    }
    this.fallen(now);
  }

  /** SCL_MAIN_STATE_LAST. */
  get mainState(): number {
    const ack = this.bit === ACK_BIT;
    if (this.phase === 'address' || this.phase === 'address2') return ack ? 2 : 1;
    if (this.phase === 'receive') return ack ? 5 : 3;
    if (this.phase === 'send') return ack ? 6 : 4;
    return 0;
  }

  save(): State {
    const { addressed, reading, byteDone, phase, bit, shift, sampled, nextSda } = this;
    const { matchedTenBit, offsetNext } = this;
    return {
      ...{ addressed, reading, byteDone, phase, bit, shift, sampled, nextSda },
      ...{ matchedTenBit, offsetNext },
    };
  }

  restore(state: State): void {
    this.addressed = state['addressed'] as boolean;
    this.reading = state['reading'] as boolean;
    this.byteDone = state['byteDone'] as boolean;
    this.phase = state['phase'] as Phase;
    this.bit = state['bit'] as number;
    this.shift = state['shift'] as number;
    this.sampled = state['sampled'] as Level;
    this.nextSda = state['nextSda'] as Level;
    this.matchedTenBit = state['matchedTenBit'] as boolean;
    this.offsetNext = state['offsetNext'] as boolean;
  }

  private after(now: Ticks, cycles: number, event: SchedulerEvent): void {
    const { scheduler, clock } = this.options;
    scheduler.at(clock.tickOf(clock.cycleFrom(now) + cycles), event);
  }

  private idle(): void {
    this.options.scheduler.cancel(this.sdaChange);
    this.phase = 'idle';
    this.options.sda.out.drive(1);
  }

  private sample(): void {
    this.sampled = this.options.sda.in.level;
  }

  private fallen(now: Ticks): void {
    if (this.phase !== 'send' && this.bit >= 0 && this.bit < ACK_BIT)
      this.shift = (this.shift << 1) | this.sampled;
    this.bit++;
    if (this.bit === ACK_BIT) this.beginAck(now);
    else if (this.bit > ACK_BIT) this.endAck(now);
    else if (this.phase === 'send') this.setSda(now, this.dataBit());
    if (this.bit === 1) this.byteDone = false;
  }

  private dataBit(): Level {
    const { txLsbFirst } = this.options.host.settings();
    return ((this.shift >>> (txLsbFirst ? this.bit : 7 - this.bit)) & 1) as Level;
  }

  private setSda(now: Ticks, level: Level): void {
    const { sdaHold, sclDelay } = this.options.host.settings();
    this.nextSda = level;
    this.after(now, Math.max(sdaHold - sclDelay, 0), this.sdaChange);
  }

  /** Eight bits are over: who is meant, and what the ACK will be. */
  private beginAck(now: Ticks): void {
    if (this.phase === 'send') return this.setSda(now, 1);
    const acknowledged = this.phase === 'receive' || this.matches(this.shift & 0xff);
    if (acknowledged) this.setSda(now, 0);
    else this.phase = 'ignore';
  }

  private matches(value: number): boolean {
    const { slaveAddress, tenBit } = this.options.host.settings();
    if (this.phase === 'address2') {
      this.matchedTenBit = value === slaveAddress >>> 7;
      return this.matchedTenBit;
    }
    const read = (value & 1) === 1;
    if (!read) this.matchedTenBit = false;
    if (value >>> 1 !== (slaveAddress & 0x7f)) return false;
    if (tenBit && read && !this.matchedTenBit) return false;
    this.reading = read;
    return true;
  }

  private endAck(now: Ticks): void {
    const { host } = this.options;
    const { tenBit, addressedRam, nonFifo } = host.settings();
    const value = this.shift & 0xff;
    this.bit = 0;
    this.shift = 0;
    this.byteDone = true;
    if (this.phase === 'address' && tenBit && !this.reading) this.phase = 'address2';
    else if (this.phase === 'address' || this.phase === 'address2') {
      this.addressed = true;
      this.phase = this.reading ? 'send' : 'receive';
      this.offsetNext = !this.reading && addressedRam && nonFifo;
      if (!this.reading && nonFifo && !addressedRam) host.setRamOffset(0);
    } else if (this.phase === 'receive') this.take(value);
    else {
      host.sent(this.sampled);
      if (this.sampled === 1) {
        this.phase = 'ignore';
        return this.setSda(now, 1);
      }
    }
    if (this.phase !== 'send') return this.setSda(now, 1);
    this.shift = host.take();
    this.setSda(now, this.dataBit());
  }

  private take(value: number): void {
    const { host } = this.options;
    if (this.offsetNext) host.setRamOffset(value);
    else host.received(host.settings().rxLsbFirst ? mirror(value) : value);
    this.offsetNext = false;
  }
}

function mirror(byte: number): number {
  let mirrored = 0;
  for (let bit = 0; bit < 8; bit++) mirrored |= ((byte >>> bit) & 1) << (7 - bit);
  return mirrored;
}
