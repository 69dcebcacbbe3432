import { describe, expect, it } from 'vitest';
import { createPads, type OutputWire } from '../../emulator/bus/pad.ts';
import { Signal } from '../../emulator/bus/signal.ts';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { DIRECT_FUNCTIONS } from './functions.ts';
import { IO_MUX_REGISTERS } from './iomux.regs.ts';
import { IoMux } from './iomux.ts';

const GPIO3 = 0x84;
const GPIO1 = 0x88;
const GPIO5 = 0x6c;
const GPIO4 = 0x48;
const FUN_WPU = 1 << 8;
const FUN_IE = 1 << 9;
const FUNCTION_2 = 2 << 12;

function bench() {
  const log = new RecordingLog();
  const pads = createPads(log);
  const txd = new Signal('U0TXD', 1);
  const outputs: (OutputWire | undefined)[] = [];
  outputs[14] = { level: txd };
  const direct: [signal: number, level: number][] = [];
  const iomux = new IoMux({
    ...{ pads, outputs, log },
    directInput: (signal, level) => direct.push([signal, level]),
  });
  return { log, iomux, pad: (n: number) => pads[n]!, txd, direct };
}

testRegisters('IO_MUX', () => bench().iomux, IO_MUX_REGISTERS);

describe('IO_MUX', () => {
  it('gives U0TXD its pad at reset, and lets the matrix have it for function 2', () => {
    const { iomux, pad, txd } = bench();
    expect([pad(1).selected, pad(1).wire.level]).toEqual(['iomux', 1]);
    txd.set(0);
    expect(pad(1).wire.level).toBe(0);
    iomux.write(GPIO1, FUNCTION_2, 4);
    expect([pad(1).selected, pad(1).condition]).toEqual(['matrix', 'floating']);
    txd.set(1);
    iomux.write(GPIO1, 0, 4);
    expect(pad(1).wire.level).toBe(1);
  });

  it('passes U0RXD on while its function is selected', () => {
    const { iomux, pad, direct } = bench();
    const wire = pad(3).attach('host');
    direct.length = 0;
    wire.drive(0);
    wire.drive(1);
    iomux.write(GPIO3, FUNCTION_2 | FUN_IE, 4);
    wire.drive(0);
    expect(direct).toEqual([
      [14, 0],
      [14, 1],
    ]);
  });

  it('sets pulls on digital pads only, and the input enable on all', () => {
    const { iomux, pad } = bench();
    iomux.write(GPIO5, FUN_WPU | FUN_IE, 4);
    expect([pad(5).wire.level, pad(5).digitalInput.level]).toEqual([1, 1]);
    iomux.write(GPIO5, FUN_WPU, 4);
    expect([pad(5).wire.level, pad(5).digitalInput.level]).toEqual([1, 0]);
    iomux.write(GPIO4, FUN_WPU | FUN_IE, 4);
    expect(pad(4).condition).toBe('floating');
  });

  it('reports a function without a modelled block', () => {
    const { iomux, log } = bench();
    iomux.write(GPIO4, 5 << 12, 4);
    expect(log.entries.map((entry) => [entry.device, entry.register])).toEqual([
      ['IO_MUX', 'GPIO4'],
    ]);
  });

  it('has one direct function per pad and function number', () => {
    const keys = DIRECT_FUNCTIONS.map((row) => `${row.pad}.${row.function}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
