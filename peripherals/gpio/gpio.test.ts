import { describe, expect, it } from 'vitest';
import { createPads, type OutputWire } from '../../emulator/bus/pad.ts';
import { Signal } from '../../emulator/bus/signal.ts';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { GPIO_REGISTERS } from './gpio.regs.ts';
import { Gpio } from './gpio.ts';

const OUT = 0x04;
const OUT_W1TS = 0x08;
const OUT_W1TC = 0x0c;
const OUT1_W1TS = 0x14;
const ENABLE = 0x20;
const ENABLE_W1TS = 0x24;
const ENABLE1_W1TS = 0x30;
const STRAP = 0x38;
const IN = 0x3c;
const IN1 = 0x40;
const STATUS = 0x44;
const STATUS_W1TS = 0x48;
const STATUS_W1TC = 0x4c;
const STATUS1 = 0x50;
const ACPU_INT = 0x60;
const PCPU_INT = 0x68;
const PCPU_INT1 = 0x7c;
const pin = (n: number): number => 0x88 + 4 * n;
const inSel = (n: number): number => 0x130 + 4 * n;
const outSel = (n: number): number => 0x530 + 4 * n;
const PAD_DRIVER = 1 << 2;
const RISING = 1 << 7;
const FALLING = 2 << 7;
const ANY = 3 << 7;
const LOW = 4 << 7;
const HIGH = 5 << 7;
const TO_APP = 1 << 13;
const TO_APP_NMI = 1 << 14;
const TO_PRO = 1 << 15;

function bench(strapping?: number) {
  const log = new RecordingLog();
  const pads = createPads(log);
  for (const pad of pads) pad?.setInputEnable('digital', true);
  const irqs = {
    app: new Signal('GPIO_INTR.app'),
    appNmi: new Signal('GPIO_NMI.app'),
    pro: new Signal('GPIO_INTR.pro'),
    proNmi: new Signal('GPIO_NMI.pro'),
  };
  const outputs: (OutputWire | undefined)[] = [];
  const txd = new Signal('U0TXD', 1);
  const sda = { level: new Signal('SDA_out', 0), enable: new Signal('SDA_oe', 0) };
  outputs[14] = { level: txd };
  outputs[29] = sda;
  const inputs: (Signal | undefined)[] = [];
  const rxd = new Signal('U0RXD', 1);
  inputs[14] = rxd;
  const options = { pads, outputs, inputs, irqs, log };
  const gpio = new Gpio(strapping === undefined ? options : { ...options, strapping });
  const set = (offset: number, value: number): void => gpio.write(offset, value | 0, 4);
  const get = (offset: number): number => gpio.read(offset, 4) >>> 0;
  const pad = (n: number) => pads[n]!;
  return { log, gpio, irqs, set, get, pad, txd, sda, rxd };
}

testRegisters('GPIO', () => bench().gpio, GPIO_REGISTERS, { readsAfterReset: { STRAP: 0x13 } });

describe('GPIO output and input', () => {
  it('drives pads by OUT, W1TS, W1TC under ENABLE and reads them back', () => {
    const { set, get, pad } = bench();
    set(OUT_W1TS, (1 << 2) | (1 << 4));
    expect(pad(2).condition).toBe('floating');
    set(ENABLE_W1TS, (1 << 2) | (1 << 4));
    expect([get(OUT), get(ENABLE), get(IN)]).toEqual([0x14, 0x14, 0x14]);
    set(OUT_W1TC, 1 << 2);
    expect([pad(2).wire.level, pad(4).wire.level, get(IN)]).toEqual([0, 1, 0x10]);
    set(OUT1_W1TS, 3);
    set(ENABLE1_W1TS, 3);
    expect(get(IN1)).toBe(3);
  });

  it('acts on the lanes of a byte write only', () => {
    const { gpio, set, get } = bench();
    set(OUT_W1TS, 1 << 4);
    set(OUT_W1TC, 1 << 4);
    gpio.write(OUT_W1TS + 1, 0x80, 1);
    expect(get(OUT)).toBe(1 << 15);
  });

  it('changes only the pads whose bit changed', () => {
    const { set, pad } = bench();
    set(ENABLE_W1TS, -1);
    const changes: number[] = [];
    for (const n of [0, 5, 27]) pad(n).wire.connect(() => changes.push(n));
    set(OUT, (1 << 5) | (1 << 27));
    set(OUT, 1 << 27);
    expect(changes).toEqual([5, 27, 5]);
  });

  it('makes an open-drain output by PINn.PAD_DRIVER', () => {
    const { set, pad } = bench();
    set(pin(4), PAD_DRIVER);
    set(ENABLE_W1TS, 1 << 4);
    set(OUT_W1TS, 1 << 4);
    expect(pad(4).condition).toBe('floating');
    set(OUT_W1TC, 1 << 4);
    expect(pad(4).condition).toBe('driven');
  });

  it('latches the strapping bits at power-on and system reset', () => {
    const { gpio, get } = bench(0x0f);
    expect(get(STRAP)).toBe(0x0f);
    gpio.reset('core');
    expect(get(STRAP)).toBe(0x0f);
  });
});

describe('GPIO interrupts', () => {
  it.each([
    { name: 'rising', type: RISING, hits: [1, 0] },
    { name: 'falling', type: FALLING, hits: [0, 1] },
    { name: 'any edge', type: ANY, hits: [1, 1] },
  ])('$name sets STATUS on its edges only', ({ type, hits }) => {
    const { set, get, pad, irqs } = bench();
    const wire = pad(5).attach('test');
    wire.drive(0);
    set(pin(5), type | TO_PRO);
    for (const [i, level] of ([1, 0] as const).entries()) {
      wire.drive(level);
      expect((get(STATUS) >>> 5) & 1).toBe(hits[i]);
      expect(irqs.pro.level).toBe(hits[i]);
      set(STATUS_W1TC, -1);
      expect(irqs.pro.level).toBe(0);
    }
  });

  it('keeps a level interrupt while the level lasts', () => {
    const { set, get, pad, irqs } = bench();
    const wire = pad(33).attach('test');
    wire.drive(1);
    set(pin(33), HIGH | TO_PRO);
    expect(irqs.pro.level).toBe(1);
    expect([get(STATUS1), get(PCPU_INT1)]).toEqual([2, 2]);
    set(0x58, 2);
    expect(irqs.pro.level).toBe(1);
    wire.drive(0);
    expect(irqs.pro.level).toBe(1);
    set(0x58, 2);
    expect(irqs.pro.level).toBe(0);
    set(pin(33), LOW | TO_PRO);
    expect(irqs.pro.level).toBe(1);
  });

  it('tells only the CPUs enabled for the pad', () => {
    const { set, get, irqs } = bench();
    set(pin(0), TO_APP);
    set(pin(1), TO_PRO);
    set(pin(2), TO_APP_NMI);
    const levels = (): number[] =>
      [irqs.app, irqs.appNmi, irqs.pro, irqs.proNmi].map((irq) => irq.level);
    set(STATUS_W1TS, 1);
    expect(levels()).toEqual([1, 0, 0, 0]);
    set(STATUS, 2);
    expect(levels()).toEqual([0, 0, 1, 0]);
    expect([get(ACPU_INT), get(PCPU_INT)]).toEqual([0, 2]);
    set(STATUS, 4);
    expect(levels()).toEqual([0, 1, 0, 0]);
  });
});

describe('GPIO matrix', () => {
  it('puts a peripheral output on a pad, inverted if asked', () => {
    const { set, pad, txd } = bench();
    set(outSel(4), 14);
    expect([pad(4).wire.level, pad(4).condition]).toEqual([1, 'driven']);
    txd.set(0);
    expect(pad(4).wire.level).toBe(0);
    set(outSel(4), 14 | (1 << 9));
    expect(pad(4).wire.level).toBe(1);
  });

  it('takes the output enable from the peripheral, or from ENABLE with OEN_SEL', () => {
    const { set, pad, sda } = bench();
    set(outSel(4), 29);
    expect(pad(4).condition).toBe('floating');
    sda.enable.set(1);
    expect(pad(4).condition).toBe('driven');
    set(outSel(4), 29 | (1 << 10));
    expect(pad(4).condition).toBe('floating');
    set(ENABLE_W1TS, 1 << 4);
    expect(pad(4).condition).toBe('driven');
    set(outSel(4), 29 | (1 << 10) | (1 << 11));
    expect(pad(4).condition).toBe('floating');
  });

  it('feeds a peripheral input from a pad, a constant or the direct path', () => {
    const { gpio, set, pad, rxd } = bench();
    const wire = pad(27).attach('test');
    gpio.setDirectInput(14, 0);
    expect(rxd.level).toBe(0);
    set(inSel(14), 27 | (1 << 7));
    wire.drive(1);
    expect(rxd.level).toBe(1);
    gpio.setDirectInput(14, 0);
    expect(rxd.level).toBe(1);
    set(inSel(14), 27 | (1 << 6) | (1 << 7));
    expect(rxd.level).toBe(0);
    set(inSel(14), 0x38 | (1 << 7));
    expect(rxd.level).toBe(1);
    set(inSel(14), 0x30 | (1 << 7));
    expect(rxd.level).toBe(0);
    set(inSel(14), 0);
    gpio.setDirectInput(14, 1);
    expect(rxd.level).toBe(1);
  });

  it('reports a signal whose block is not modelled', () => {
    const { set, log } = bench();
    set(outSel(2), 71);
    expect(log.entries).toEqual([
      { device: 'GPIO', register: 'FUNC2_OUT_SEL_CFG', access: 'write', value: 71 },
    ]);
  });
});
