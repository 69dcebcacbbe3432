/**
 * GPIO and the GPIO matrix (TRM chapter "IO_MUX and GPIO Matrix"): simple output and input of 40
 * pads, edge and level interrupts, and the switch that connects any peripheral signal to any pad.
 *
 * Clock domain: APB_CLK. Interrupt sources: ETS_GPIO_INTR_SOURCE and ETS_GPIO_NMI_SOURCE, each with
 * its own level per CPU. PINn.INT_ENA: bit 0 APP_CPU, 1 APP_CPU NMI, 2 PRO_CPU, 3 PRO_CPU NMI,
 * 4 SDIO. STATUS is set by INT_TYPE whatever INT_ENA says; a level interrupt sets it again while the
 * level lasts.
 *
 * **Not modelled:** the two APB cycles of input synchronisation, sigma-delta modulation, wake-up,
 * BT_SELECT and SDIO_SELECT, pad calibration; erratum 3.14 (edge interrupts lost in a group).
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import type { OutputWire, Pad } from '../../emulator/bus/pad.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { Level, Signal } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import { GPIO_REGISTERS } from './gpio.regs.ts';
import { GpioInterrupts, INTERRUPT_TARGETS } from './interrupts.ts';
import { GpioMatrix } from './matrix.ts';

/** Levels of ETS_GPIO_INTR_SOURCE and ETS_GPIO_NMI_SOURCE as each CPU's interrupt matrix sees them. */
export interface GpioIrqs {
  readonly app: Signal;
  readonly appNmi: Signal;
  readonly pro: Signal;
  readonly proNmi: Signal;
}

export interface GpioOptions {
  readonly pads: readonly (Pad | undefined)[];
  /** Peripheral outputs by matrix signal number (0-255). */
  readonly outputs: readonly (OutputWire | undefined)[];
  /** Peripheral inputs by matrix signal number (0-255). */
  readonly inputs: readonly (Signal | undefined)[];
  readonly irqs: GpioIrqs;
  readonly log: DeviceLog;
  /** Called before each access, and after one that may change who hears a pad. */
  readonly onAccess?: () => void;
  readonly onRouting?: () => void;
  /**
   * GPIO_STRAP, latched at power-on and system reset. Bits: 5 MTDI, 4 GPIO0, 3 GPIO2, 2 GPIO4, 1 MTDO,
   * 0 GPIO5. Absent: 0x13, boot from SPI flash with U0TXD output on.
   */
  readonly strapping?: number;
}

const STRAP_SPI_FAST_FLASH_BOOT = 0x13;
/** The strapping pins by bit of GPIO_STRAP: MTDO is GPIO15, MTDI GPIO12. */
const STRAP_PADS = [5, 15, 4, 2, 0, 12] as const;

/** PIN0, FUNCn_IN_SEL_CFG and FUNCn_OUT_SEL_CFG lie from here on. */
const FIRST_CONFIGURATION = 0x88;

/** OUT, ENABLE and STATUS exist for GPIO0-31 and, with a 1 behind, for GPIO32-39. */
const HALVES = [
  { out: 'OUT', enable: 'ENABLE', status: 'STATUS', in: 'IN' },
  { out: 'OUT1', enable: 'ENABLE1', status: 'STATUS1', in: 'IN1' },
] as const;

export class Gpio implements Device {
  readonly name = 'GPIO';
  private readonly bank: RegisterBank<typeof GPIO_REGISTERS>;
  private readonly pads: readonly (Pad | undefined)[];
  private readonly onAccess: () => void;
  private readonly onRouting: () => void;
  /** Levels of the strapping pins that nobody outside drives or pulls. */
  private strapping: number;
  /** OUT, OUT1 and ENABLE, ENABLE1 as two words each. */
  private readonly out = new Int32Array(2);
  private readonly enable = new Int32Array(2);
  private readonly matrix: GpioMatrix;
  private readonly interrupts: GpioInterrupts;

  constructor(options: GpioOptions) {
    this.pads = options.pads;
    this.onAccess = options.onAccess ?? (() => {});
    this.onRouting = options.onRouting ?? (() => {});
    this.strapping = options.strapping ?? STRAP_SPI_FAST_FLASH_BOOT;
    this.bank = new RegisterBank(this.name, GPIO_REGISTERS, options.log);
    const { bank } = this;
    this.matrix = new GpioMatrix({
      ...options,
      outSelect: (pad) => bank.get(`FUNC${pad}_OUT_SEL_CFG`),
      inSelect: (signal) => bank.get(`FUNC${signal}_IN_SEL_CFG`),
      out: this.out,
      enable: this.enable,
    });
    this.interrupts = new GpioInterrupts(options.irqs, (pad) => this.level(pad));
    for (const pad of this.pads)
      pad?.digitalInput.connect((level) => {
        this.interrupts.edge(pad.number, level);
        this.matrix.padChanged(pad.number);
      });
    this.hookOutput();
    this.hookInterrupts();
    this.hookConfiguration();
    this.reset('power');
  }

  /** What the next power-on or system reset latches where nobody outside drives or pulls a pin. */
  setStrapping(strapping: number): void {
    this.strapping = strapping;
  }

  /** GPIO_STRAP as latched. */
  get latchedStrapping(): number {
    return this.bank.get('STRAP');
  }

  /** The level that an IO_MUX function gives to a peripheral input that bypasses the matrix. */
  setDirectInput(signal: number, level: Level): void {
    this.matrix.setDirectInput(signal, level);
  }

  /** Pads that the matrix gives to the peripheral output `signal`. */
  outputPads(signal: number): number[] {
    return this.matrix.outputPads(signal);
  }

  /** Who hears `pad` inside the chip: peripheral inputs through the matrix, and GPIO interrupts. */
  listenersOf(pad: number): { inputs: readonly number[]; interrupt: boolean } {
    return { inputs: this.matrix.inputsFrom(pad), interrupt: this.interrupts.armed(pad) };
  }

  read(offset: number, size: AccessSize): number {
    this.onAccess();
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.onAccess();
    this.bank.write(offset, value, size);
    if (offset >= FIRST_CONFIGURATION) this.onRouting();
  }

  reset(domain: ResetDomain): void {
    const strap = this.bank.get('STRAP');
    this.bank.reset();
    this.loadWords();
    const latch = domain === 'power' || domain === 'system';
    this.bank.set('STRAP', latch ? this.sampleStraps() : strap);
    this.interrupts.reset();
    for (const pad of this.pads) pad?.setOpenDrain(false);
    this.matrix.refresh();
    this.onRouting();
  }

  private sampleStraps(): number {
    let straps = this.strapping;
    STRAP_PADS.forEach((gpio, bit) => {
      const level = this.pads[gpio]?.outsideLevel() ?? 'z';
      if (level !== 'z') straps = (straps & ~(1 << bit)) | (level << bit);
    });
    return straps;
  }

  save(): State {
    return {
      strapping: this.strapping,
      bank: this.bank.save(),
      matrix: this.matrix.save(),
      interrupts: this.interrupts.save(),
    };
  }

  restore(state: State): void {
    this.strapping = state['strapping'] as number;
    this.bank.restore(state['bank'] as State);
    this.loadWords();
    this.matrix.restore(state['matrix'] as State);
    this.interrupts.restore(state['interrupts'] as State);
    this.onRouting();
  }

  private loadWords(): void {
    this.out.set([this.bank.get('OUT'), this.bank.get('OUT1')]);
    this.enable.set([this.bank.get('ENABLE'), this.bank.get('ENABLE1')]);
  }

  private level(pad: number): Level {
    return this.pads[pad]?.digitalInput.level ?? 0;
  }

  private inputWord(first: number): number {
    let word = 0;
    for (let i = 0; i < 32; i++) word |= this.level(first + i) << i;
    return word;
  }

  private hookOutput(): void {
    const { bank } = this;
    HALVES.forEach((names, word) => {
      const mask = word === 0 ? -1 : 0xff;
      for (const [name, words] of [
        [names.out, this.out],
        [names.enable, this.enable],
      ] as const) {
        const set = bank.setter(name);
        const change = (value: number): void => {
          const changed = words[word]! ^ value;
          words[word] = value;
          set(value);
          this.drivePads(32 * word, changed);
        };
        bank.onWrite(name, () => change(bank.get(name) | 0));
        bank.onWrite(`${name}_W1TS`, (written) => change(words[word]! | (written & mask)));
        bank.onWrite(`${name}_W1TC`, (written) => change(words[word]! & ~written));
      }
    });
    bank.onRead('IN', () => this.inputWord(0));
    bank.onRead('IN1', () => this.inputWord(32));
  }

  private drivePads(first: number, changed: number): void {
    for (let rest = changed; rest !== 0; rest &= rest - 1)
      this.matrix.drivePad(first + 31 - Math.clz32(rest & -rest));
  }

  private hookInterrupts(): void {
    const { bank, interrupts } = this;
    HALVES.forEach(({ status }, word) => {
      bank.onRead(status, () => interrupts.status(word));
      bank.onWrite(status, () => interrupts.setStatus(word, bank.get(status)));
      bank.onWrite(`${status}_W1TS`, (written) =>
        interrupts.setStatus(word, interrupts.status(word) | written),
      );
      bank.onWrite(`${status}_W1TC`, (written) =>
        interrupts.setStatus(word, interrupts.status(word) & ~written),
      );
    });
    INTERRUPT_TARGETS.forEach((name, target) => {
      bank.onRead(`${name}_INT`, () => interrupts.pending(target, 0));
      bank.onRead(`${name}_INT1`, () => interrupts.pending(target, 1));
    });
  }

  private hookConfiguration(): void {
    const { bank } = this;
    for (let n = 0; n < this.pads.length; n++) {
      bank.onWrite(`PIN${n}`, () => {
        this.pads[n]?.setOpenDrain(bank.getField(`PIN${n}`, 'PAD_DRIVER') === 1);
        const type = bank.getField(`PIN${n}`, 'INT_TYPE');
        this.interrupts.configure(n, type, bank.getField(`PIN${n}`, 'INT_ENA'));
      });
      bank.onWrite(`FUNC${n}_OUT_SEL_CFG`, () => this.matrix.selectOutput(n));
    }
    for (let signal = 0; signal < 256; signal++)
      bank.onWrite(`FUNC${signal}_IN_SEL_CFG`, () => this.matrix.selectInput(signal));
  }
}
