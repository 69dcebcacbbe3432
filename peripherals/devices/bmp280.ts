/**
 * BMP280: temperature and pressure sensor on I2C (Bosch BST-BMP280-DS001). Given physical values it
 * measures the raw ones that the data sheet's compensation turns back into them, in the maximum
 * measurement time of the oversampling, once (forced) or with the stand-by time between (normal).
 *
 * Commands: `{ celsius: 21.5 }`, `{ pascal: 101325 }`, or both at once.
 *
 * **Not modelled:** the IIR filter's memory (its setting is kept), noise, SPI.
 */
import type {
  Board,
  BoardCommand,
  BoardDevice,
  BoardEvent,
} from '../../emulator/bus/board-device.ts';
import type { State } from '../../emulator/bus/state.ts';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';
import { BMP280_EXAMPLE, rawPressure, rawTemperature } from './bmp280-compensation.ts';
import type { Bmp280Calibration } from './bmp280-compensation.ts';
import { I2cTarget } from './i2c-target.ts';
import type { I2cTargetOptions } from './i2c-target.ts';

const REG = {
  ...{ CALIBRATION: 0x88, ID: 0xd0, RESET: 0xe0, STATUS: 0xf3, CTRL_MEAS: 0xf4, CONFIG: 0xf5 },
  ...{ PRESS: 0xf7, TEMP: 0xfa },
} as const;
const CHIP_ID = 0x58;
const SOFT_RESET = 0xb6;
const MEASURING = 0x08;
const IM_UPDATE = 0x01;
const NORMAL = 3;
const SKIPPED = 0x80000;
const DEFAULT_ADDRESS = 0x76;
const TICKS_PER_US = MASTER_HZ / 1_000_000;
/** t_sb by CONFIG[7:5], microseconds. */
const STANDBY_US = [500, 62_500, 125_000, 250_000, 500_000, 1_000_000, 2_000_000, 4_000_000];
/** Copying the calibration into the registers after a reset (t_startup). */
const STARTUP_US = 2000;

export interface Bmp280Options extends I2cTargetOptions {
  readonly name?: string;
  /** 0x76 (SDO low, the default) or 0x77. */
  readonly address?: number;
  readonly celsius?: number;
  readonly pascal?: number;
  /** Trimming values; by default the data sheet's example. */
  readonly calibration?: Bmp280Calibration;
}

export class Bmp280 implements BoardDevice {
  readonly name: string;
  private readonly address: number;
  private readonly calibration: Bmp280Calibration;
  private readonly target: I2cTarget;
  private readonly registers = new Uint8Array(256);
  private board!: Board;
  private measured!: BoardEvent;
  private standby!: BoardEvent;
  private started!: BoardEvent;
  private celsius: number;
  private pascal: number;
  private pointer = 0;
  private addressNext = false;

  constructor(options: Bmp280Options) {
    this.address = options.address ?? DEFAULT_ADDRESS;
    this.name = options.name ?? `BMP280 0x${this.address.toString(16)}`;
    this.calibration = options.calibration ?? BMP280_EXAMPLE;
    this.celsius = options.celsius ?? 20;
    this.pascal = options.pascal ?? 101_325;
    this.target = new I2cTarget(options, {
      called: (called, read) => {
        this.addressNext = !read;
        return called === this.address;
      },
      written: (value) => this.written(value),
      read: () => {
        const value = this.registers[this.pointer]!;
        this.pointer = (this.pointer + 1) & 0xff;
        return value;
      },
    });
  }

  plug(board: Board): void {
    this.board = board;
    this.measured = board.event('measured', (now) => this.finish(now));
    this.standby = board.event('standby', (now) => this.measure(now));
    this.started = board.event('startup', () => (this.registers[REG.STATUS] = 0));
    this.target.plug(board);
    this.reset();
    this.started.cancel();
    this.registers[REG.STATUS] = 0;
  }

  /** What the sensor is exposed to; a measurement under way ends with the new values. */
  set(values: { readonly celsius?: number; readonly pascal?: number }): void {
    this.celsius = values.celsius ?? this.celsius;
    this.pascal = values.pascal ?? this.pascal;
  }

  command(command: BoardCommand): void {
    if (isEnvironment(command)) this.set(command);
    else this.board.warn(`no such command: ${JSON.stringify(command)}`);
  }

  save(): State {
    const { celsius, pascal, pointer, addressNext } = this;
    return {
      ...{ celsius, pascal, pointer, addressNext },
      registers: this.registers.slice(),
      target: this.target.save(),
    };
  }

  restore(state: State): void {
    this.celsius = state['celsius'] as number;
    this.pascal = state['pascal'] as number;
    this.pointer = state['pointer'] as number;
    this.addressNext = state['addressNext'] as boolean;
    this.registers.set(state['registers'] as Uint8Array);
    this.target.restore(state['target'] as State);
  }

  private reset(): void {
    const { registers, calibration, board } = this;
    this.measured.cancel();
    this.standby.cancel();
    registers.fill(0);
    registers[REG.ID] = CHIP_ID;
    const words = [...calibration.t, ...calibration.p];
    words.forEach((word, n) => {
      registers[REG.CALIBRATION + 2 * n] = word & 0xff;
      registers[REG.CALIBRATION + 2 * n + 1] = (word >> 8) & 0xff;
    });
    for (const at of [REG.PRESS, REG.TEMP]) this.put(at, SKIPPED);
    registers[REG.STATUS] = IM_UPDATE;
    this.started.at(board.now + STARTUP_US * TICKS_PER_US);
  }

  /** Writes come in pairs of register address and value. */
  private written(value: number): boolean {
    if (this.addressNext) {
      this.pointer = value;
      this.addressNext = false;
      return true;
    }
    this.addressNext = true;
    if (this.pointer === REG.RESET && value === SOFT_RESET) this.reset();
    else if (this.pointer === REG.CONFIG) this.registers[REG.CONFIG] = value & 0xfd;
    else if (this.pointer === REG.CTRL_MEAS) {
      this.registers[REG.CTRL_MEAS] = value;
      const { now } = this.board;
      this.standby.cancel();
      const measuring = (this.registers[REG.STATUS]! & MEASURING) !== 0;
      if (this.mode !== 0 && !measuring) this.measure(now);
    }
    return true;
  }

  /** 0 sleep, 1 and 2 forced, 3 normal. */
  private get mode(): number {
    return this.registers[REG.CTRL_MEAS]! & 3;
  }

  private get oversampling(): { temperature: number; pressure: number } {
    const control = this.registers[REG.CTRL_MEAS]!;
    const times = (code: number): number => (code === 0 ? 0 : 1 << (Math.min(code, 5) - 1));
    return { temperature: times(control >> 5), pressure: times((control >> 2) & 7) };
  }

  /** Maximum measurement time: 1.25 ms + 2.3 ms per temperature and pressure sample + 0.575 ms. */
  private measure(now: Ticks): void {
    const { temperature, pressure } = this.oversampling;
    const us = 1250 + 2300 * temperature + (pressure === 0 ? 0 : 2300 * pressure + 575);
    this.registers[REG.STATUS] = this.registers[REG.STATUS]! | MEASURING;
    this.measured.at(now + us * TICKS_PER_US);
  }

  private finish(now: Ticks): void {
    const { temperature, pressure } = this.oversampling;
    const raw = rawTemperature(this.calibration, this.celsius);
    this.put(REG.TEMP, temperature === 0 ? SKIPPED : raw);
    // Without a temperature the firmware compensates with the reset value of TEMP.
    const fine = temperature === 0 ? SKIPPED : raw;
    this.put(
      REG.PRESS,
      pressure === 0 ? SKIPPED : rawPressure(this.calibration, fine, this.pascal),
    );
    this.registers[REG.STATUS] = this.registers[REG.STATUS]! & ~MEASURING;
    if (this.mode === NORMAL) {
      const standby = STANDBY_US[this.registers[REG.CONFIG]! >> 5]!;
      this.standby.at(now + standby * TICKS_PER_US);
    } else this.registers[REG.CTRL_MEAS] = this.registers[REG.CTRL_MEAS]! & ~3;
  }

  /** 20 bits: MSB, LSB, XLSB[7:4]. */
  private put(at: number, raw: number): void {
    this.registers[at] = raw >> 12;
    this.registers[at + 1] = (raw >> 4) & 0xff;
    this.registers[at + 2] = (raw & 0xf) << 4;
  }
}

function isEnvironment(
  command: BoardCommand,
): command is { readonly celsius?: number; readonly pascal?: number } {
  if (typeof command !== 'object' || command === null || Array.isArray(command)) return false;
  const entries = Object.entries(command as object);
  return (
    entries.length > 0 &&
    entries.every(
      ([key, value]) =>
        (key === 'celsius' || key === 'pascal') &&
        typeof value === 'number' &&
        Number.isFinite(value),
    )
  );
}
