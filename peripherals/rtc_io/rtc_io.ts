/**
 * RTC_IO (TRM chapter "IO_MUX and GPIO Matrix", RTC IO_MUX): the 18 pads of the RTC domain. MUX_SEL
 * takes a pad from the digital side; pulls and hold of these pads are here in both cases.
 *
 * Clock domain: RTC_FAST_CLK. A core reset leaves the block alone.
 *
 * **Not modelled:** RTC GPIO interrupts and wake-up, touch, DAC and 32 kHz crystal functions, sleep
 * configuration, drive strength.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import type { Pad } from '../../emulator/bus/pad.ts';
import type { RegisterRow } from '../../emulator/bus/registers.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import { DIG_PAD_HOLD_GPIOS, RTC_PADS, type RtcPad } from './pads.ts';
import { RTC_IO_REGISTERS } from './rtc_io.regs.ts';

export interface RtcIoOptions {
  readonly pads: readonly (Pad | undefined)[];
  /** Where a pad goes when MUX_SEL is 0: `IoMux.digitalSource`. */
  readonly digitalSource: (gpio: number) => 'matrix' | 'iomux';
  readonly log: DeviceLog;
}

const FIRST_BIT = 14;
const DATA_MASK = -1 << FIRST_BIT;

/** Bit positions of a pad's fields; -1 where it has none. */
interface PadBits {
  readonly row: RtcPad;
  readonly register: (typeof RTC_IO_REGISTERS)[number]['name'];
  readonly mux: number;
  readonly inputEnable: number;
  readonly pullUp: number;
  readonly pullDown: number;
  readonly hold: number;
}

export class RtcIo implements Device {
  readonly name = 'RTC_IO';
  private readonly bank: RegisterBank<typeof RTC_IO_REGISTERS>;
  private readonly options: RtcIoOptions;
  private readonly padBits: readonly PadBits[] = RTC_PADS.map(findBits);

  constructor(options: RtcIoOptions) {
    this.options = options;
    this.bank = new RegisterBank(this.name, RTC_IO_REGISTERS, options.log);
    const { bank } = this;
    const refresh = (): void => this.refresh();
    for (const name of ['OUT', 'ENABLE'] as const) {
      bank.onWrite(name, refresh);
      bank.onWrite(`${name}_W1TS`, (written) => {
        bank.set(name, bank.get(name) | (written & DATA_MASK));
        refresh();
      });
      bank.onWrite(`${name}_W1TC`, (written) => {
        bank.set(name, bank.get(name) & ~written);
        refresh();
      });
    }
    for (const register of new Set(this.padBits.map((bits) => bits.register)))
      bank.onWrite(register, refresh);
    for (let n = 0; n < RTC_PADS.length; n++) bank.onWrite(`PIN${n}`, refresh);
    bank.onWrite('DIG_PAD_HOLD', refresh);
    bank.onRead('IN', () => this.inputWord());
    this.refresh();
  }

  read(offset: number, size: AccessSize): number {
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.bank.write(offset, value, size);
  }

  reset(domain: ResetDomain): void {
    if (domain === 'core') return;
    this.bank.reset();
    this.refresh();
  }

  save(): State {
    return { bank: this.bank.save() };
  }

  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
  }

  /** Brings every RTC pad to what the registers say. */
  private refresh(): void {
    const { bank } = this;
    this.padBits.forEach((bits, n) => {
      const pad = this.options.pads[bits.row.gpio];
      if (pad === undefined) return;
      const word = bank.get(bits.register);
      const has = (bit: number): boolean => bit >= 0 && ((word >>> bit) & 1) === 1;
      const rtc = has(bits.mux);
      pad.setPulls(has(bits.pullUp), has(bits.pullDown));
      pad.setInputEnable('rtc', has(bits.inputEnable));
      const enabled = ((bank.get('ENABLE') >>> (FIRST_BIT + n)) & 1) === 1;
      const level = ((bank.get('OUT') >>> (FIRST_BIT + n)) & 1) as Level;
      const openDrain = bank.getField(`PIN${n}`, 'PAD_DRIVER') === 1;
      pad.drive('rtc', enabled && !(openDrain && level === 1) ? level : 'z');
      pad.select(rtc ? 'rtc' : this.options.digitalSource(bits.row.gpio));
      pad.setHold(has(bits.hold));
    });
    const hold = bank.get('DIG_PAD_HOLD');
    DIG_PAD_HOLD_GPIOS.forEach((gpio, bit) =>
      this.options.pads[gpio]?.setHold(((hold >>> bit) & 1) === 1),
    );
  }

  private inputWord(): number {
    let word = 0;
    this.padBits.forEach((bits, n) => {
      const pad = this.options.pads[bits.row.gpio];
      word |= (pad?.rtcInput.level ?? 0) << (FIRST_BIT + n);
    });
    return word;
  }
}

function findBits(row: RtcPad): PadBits {
  const rows: readonly RegisterRow[] = RTC_IO_REGISTERS;
  const register = rows.find((candidate) => candidate.name === row.register)!;
  const bit = (name: string): number =>
    register.fields.find((f) => f.name === row.prefix + name)?.bit ?? -1;
  return {
    row,
    register: register.name as PadBits['register'],
    mux: bit('MUX_SEL'),
    inputEnable: bit('FUN_IE'),
    pullUp: bit('RUE'),
    pullDown: bit('RDE'),
    hold: bit('HOLD'),
  };
}
