/**
 * The internal analog I2C master ("regi2c"), through which ROM and ESP-IDF set the PLLs, the
 * regulators and the RF front end. A write to a host word starts a transfer; BUSY falls when it is
 * over; a read leaves the slave's byte in DATA. Slaves are plain register files that read back what
 * was written, with the status bits of ANALOG_STATUS set.
 *
 * Clock domain: APB_CLK. Unverified on silicon: a transfer takes 40 APB cycles.
 *
 * **Not modelled:** any analog effect; reset values of the slaves (0 here); the PLL itself, which is
 * locked as soon as RTC_CNTL powers it.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { State } from '../../emulator/bus/state.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { ANALOG_STATUS, REGI2C_REGISTERS } from './regi2c.regs.ts';

export interface Regi2cOptions {
  readonly clocks: { readonly apb: Clock };
  readonly scheduler: Scheduler;
  readonly log: DeviceLog;
}

const HOSTS = 16;
const TRANSFER_APB_CYCLES = 40;
const BUSY = 1 << 25;
const WRITE = 1 << 24;
const DATA_MASK = 0xff0000;

const BBPLL_KEY = slaveKey(4, 0x66);
const BBPLL_DIVIDERS = 11;
const BBPLL_ENDIV5 = 0x80;

function slaveKey(host: number, slave: number): number {
  return (host << 8) | slave;
}

export class Regi2c implements Device {
  readonly name = 'REGI2C';
  private readonly bank: RegisterBank<typeof REGI2C_REGISTERS>;
  private readonly apb: Clock;
  private readonly scheduler: Scheduler;
  private readonly slaves = new Map<number, Uint8Array>();
  private readonly busyUntil = new Float64Array(HOSTS);

  constructor(options: Regi2cOptions) {
    this.apb = options.clocks.apb;
    this.scheduler = options.scheduler;
    this.bank = new RegisterBank(this.name, REGI2C_REGISTERS, options.log);
    for (let host = 0; host < HOSTS; host++) {
      this.bank.onWrite(`HOST${host}`, (written) => this.transfer(host, written));
      this.bank.onRead(`HOST${host}`, (stored) => stored | this.busyBit(host));
    }
  }

  /** The frequency that the BBPLL is set to: ENDIV5 selects 480 MHz, else 320 MHz. */
  get bbpllHz(): number {
    const dividers = this.slaves.get(BBPLL_KEY)?.[BBPLL_DIVIDERS] ?? 0;
    return (dividers & BBPLL_ENDIV5) !== 0 ? 480_000_000 : 320_000_000;
  }

  /** A slave's register as the master would read it. */
  peek(host: number, slave: number, register: number): number {
    let value = this.slaves.get(slaveKey(host, slave))?.[register] ?? 0;
    for (const status of ANALOG_STATUS) {
      if (status.host === host && status.slave === slave && status.register === register)
        value |= status.mask;
    }
    return value;
  }

  read(offset: number, size: AccessSize): number {
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.bank.write(offset, value, size);
  }

  /** The slaves are analog: only power-on clears them. */
  reset(domain: ResetDomain): void {
    this.bank.reset();
    this.busyUntil.fill(0);
    if (domain === 'power') this.slaves.clear();
  }

  save(): State {
    return {
      bank: this.bank.save(),
      busyUntil: this.busyUntil.slice(),
      slaves: [...this.slaves].map(([key, bytes]) => [key, bytes.slice()]),
    };
  }

  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
    this.busyUntil.set(state['busyUntil'] as Float64Array);
    this.slaves.clear();
    for (const [key, bytes] of state['slaves'] as [number, Uint8Array][])
      this.slaves.set(key, bytes.slice());
  }

  private busyBit(host: number): number {
    return this.scheduler.now < this.busyUntil[host]! ? BUSY : 0;
  }

  private transfer(host: number, written: number): void {
    const slave = written & 0xff;
    const register = (written >>> 8) & 0xff;
    const now: Ticks = this.scheduler.now;
    this.busyUntil[host] = this.apb.after(now, TRANSFER_APB_CYCLES);
    if ((written & WRITE) !== 0) {
      const key = slaveKey(host, slave);
      let bytes = this.slaves.get(key);
      if (bytes === undefined) this.slaves.set(key, (bytes = new Uint8Array(256)));
      bytes[register] = (written >>> 16) & 0xff;
      return;
    }
    const value = this.peek(host, slave, register);
    const name = `HOST${host}` as const;
    this.bank.set(name, (this.bank.get(name) & ~DATA_MASK) | (value << 16));
  }
}
