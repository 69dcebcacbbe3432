/**
 * IO_MUX (TRM chapter "IO_MUX and GPIO Matrix"): per pad the function (GPIO matrix or a direct
 * peripheral signal), input enable and, on pads without RTC function, the pulls.
 *
 * Clock domain: APB_CLK.
 *
 * **Not modelled:** sleep configuration (MCU_*, SLP_SEL), drive strength, PIN_CTRL's clock outputs,
 * direct functions without a matrix signal (SD host, EMAC, JTAG): their pad is not driven.
 */
import type { AccessSize, Device, DeviceLog, ResetDomain } from '../../emulator/bus/device.ts';
import type { OutputWire, Pad } from '../../emulator/bus/pad.ts';
import { RegisterBank } from '../../emulator/bus/registers.ts';
import type { Level } from '../../emulator/bus/signal.ts';
import type { State } from '../../emulator/bus/state.ts';
import { DIRECT_FUNCTIONS, type DirectFunction } from './functions.ts';
import { FUNCTION_GPIO, GPIO_AT_FUNCTION_0 } from './functions.ts';
import { IO_MUX_REGISTERS } from './iomux.regs.ts';

export interface IoMuxOptions {
  readonly pads: readonly (Pad | undefined)[];
  /** Peripheral outputs by matrix signal number. */
  readonly outputs: readonly (OutputWire | undefined)[];
  /** Takes the level of a direct input: `Gpio.setDirectInput`. */
  readonly directInput: (signal: number, level: Level) => void;
  readonly log: DeviceLog;
  /** Called before each write and after it: the ways between pads and peripherals change. */
  readonly onAccess?: () => void;
  readonly onRouting?: () => void;
}

type PadRegister = Exclude<(typeof IO_MUX_REGISTERS)[number]['name'], 'PIN_CTRL'>;

export class IoMux implements Device {
  readonly name = 'IO_MUX';
  private readonly bank: RegisterBank<typeof IO_MUX_REGISTERS>;
  private readonly options: IoMuxOptions;
  private readonly padRegisters: readonly { pad: Pad; register: PadRegister }[];
  /** The direct function that each pad's MCU_SEL names, by pad number. */
  private readonly selected: (DirectFunction | undefined)[] = [];

  constructor(options: IoMuxOptions) {
    this.options = options;
    this.bank = new RegisterBank(this.name, IO_MUX_REGISTERS, options.log);
    const names = IO_MUX_REGISTERS.map((row) => row.name).filter((name) => name !== 'PIN_CTRL');
    this.padRegisters = names.flatMap((register) => {
      const pad = options.pads[Number(register.slice('GPIO'.length))];
      return pad === undefined ? [] : [{ pad, register }];
    });
    for (const { pad, register } of this.padRegisters) {
      this.bank.onWrite(register, (written) => this.configure(pad, register, written));
      pad.digitalInput.connect((level) => {
        const input = this.selected[pad.number]?.input;
        if (input !== undefined) options.directInput(input, level);
      });
    }
    DIRECT_FUNCTIONS.forEach((row) => this.followOutput(row));
    this.reset('power');
  }

  read(offset: number, size: AccessSize): number {
    return this.bank.read(offset, size);
  }

  write(offset: number, value: number, size: AccessSize): void {
    this.options.onAccess?.();
    this.bank.write(offset, value, size);
    this.options.onRouting?.();
  }

  reset(_domain: ResetDomain): void {
    this.bank.reset();
    for (const { pad, register } of this.padRegisters) this.configure(pad, register, undefined);
    this.options.onRouting?.();
  }

  save(): State {
    return { bank: this.bank.save() };
  }

  restore(state: State): void {
    this.bank.restore(state['bank'] as State);
    for (const { pad, register } of this.padRegisters) this.select(pad, register);
    this.options.onRouting?.();
  }

  /** The direct function of `pad` in effect, if any. */
  directFunctionOf(pad: Pad): DirectFunction | undefined {
    return pad.selected === 'iomux' ? this.selected[pad.number] : undefined;
  }

  /** `written` is undefined on reset, which reports nothing. */
  private configure(pad: Pad, register: PadRegister, written: number | undefined): void {
    const { bank } = this;
    if (!pad.rtc)
      pad.setPulls(
        bank.getField(register, 'FUN_WPU') === 1,
        bank.getField(register, 'FUN_WPD') === 1,
      );
    pad.setInputEnable('digital', bank.getField(register, 'FUN_IE') === 1);
    const direct = this.select(pad, register);
    if (this.isGpio(pad, register)) {
      if (pad.selected !== 'rtc') pad.select('matrix');
    } else {
      if (direct === undefined && written !== undefined)
        this.options.log.unmodelled({
          device: this.name,
          register,
          access: 'write',
          value: written >>> 0,
        });
      this.driveDirect(pad, direct);
      if (pad.selected !== 'rtc') pad.select('iomux');
    }
    if (direct?.input !== undefined) this.options.directInput(direct.input, pad.digitalInput.level);
  }

  /** What the pad returns to when RTC_IO lets it go. */
  digitalSource(padNumber: number): 'matrix' | 'iomux' {
    const entry = this.padRegisters.find(({ pad }) => pad.number === padNumber);
    return entry === undefined || this.isGpio(entry.pad, entry.register) ? 'matrix' : 'iomux';
  }

  private isGpio(pad: Pad, register: PadRegister): boolean {
    const selected = this.bank.getField(register, 'MCU_SEL');
    return (
      selected === FUNCTION_GPIO || (selected === 0 && GPIO_AT_FUNCTION_0.includes(pad.number))
    );
  }

  private select(pad: Pad, register: PadRegister): DirectFunction | undefined {
    const selected = this.bank.getField(register, 'MCU_SEL');
    return (this.selected[pad.number] = DIRECT_FUNCTIONS.find(
      (row) => row.pad === pad.number && row.function === selected,
    ));
  }

  private driveDirect(pad: Pad, direct: DirectFunction | undefined): void {
    const wire = direct?.output === undefined ? undefined : this.options.outputs[direct.output];
    const enabled = wire !== undefined && (wire.enable?.level ?? 1) === 1;
    pad.drive('iomux', enabled ? wire.level.level : 'z');
  }

  private followOutput(row: DirectFunction): void {
    const entry = this.padRegisters.find(({ pad }) => pad.number === row.pad);
    const wire = row.output === undefined ? undefined : this.options.outputs[row.output];
    if (entry === undefined || wire === undefined) return;
    const follow = (): void => {
      if (this.selected[row.pad] === row) this.driveDirect(entry.pad, row);
    };
    wire.level.connect(follow);
    wire.enable?.connect(follow);
  }
}
