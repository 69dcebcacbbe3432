/** UART, GPIO matrix, IO_MUX and RTC_IO together on the pads, as the composition wires them. */
import { expect, it } from 'vitest';
import { createPads, type OutputWire } from '../emulator/bus/pad.ts';
import { Signal } from '../emulator/bus/signal.ts';
import { Clock } from '../emulator/scheduler/clock.ts';
import { Scheduler } from '../emulator/scheduler/scheduler.ts';
import { Gpio } from './gpio/gpio.ts';
import { IoMux } from './iomux/iomux.ts';
import { RecordingLog } from './register-test.ts';
import { RtcIo } from './rtc_io/rtc_io.ts';
import { Uart } from './uart/uart.ts';

function board() {
  const scheduler = new Scheduler();
  const clocks = { apb: new Clock('APB_CLK', 80e6), refTick: new Clock('REF_TICK', 1e6) };
  const log = new RecordingLog();
  const pads = createPads(log);
  const signal = (name: string): Signal => new Signal(name, 1);
  const pins0 = { tx: signal('U0TXD'), rx: signal('U0RXD') };
  const pins2 = { tx: signal('U2TXD'), rx: signal('U2RXD') };
  const outputs: (OutputWire | undefined)[] = [];
  const inputs: (Signal | undefined)[] = [];
  outputs[14] = { level: pins0.tx };
  inputs[14] = pins0.rx;
  outputs[198] = { level: pins2.tx };
  inputs[198] = pins2.rx;
  const irqs = {
    ...{ app: new Signal('app'), appNmi: new Signal('appNmi') },
    ...{ pro: new Signal('pro'), proNmi: new Signal('proNmi') },
  };
  const gpio = new Gpio({ pads, outputs, inputs, irqs, log });
  const directInput = gpio.setDirectInput.bind(gpio);
  const iomux = new IoMux({ pads, outputs, directInput, log });
  const rtcIo = new RtcIo({ pads, digitalSource: (n) => iomux.digitalSource(n), log });
  const uart = (index: 0 | 2, pins: typeof pins0): Uart =>
    new Uart({ index, clocks, scheduler, irq: new Signal(`UART${index}`), log, pins });
  const uart0 = uart(0, pins0);
  const uart2 = uart(2, pins2);
  return { scheduler, pads, gpio, iomux, rtcIo, uart0, uart2 };
}

it('sends a byte from UART2 by the matrix over a wire to UART0 by IO_MUX, edge by edge', () => {
  const { scheduler, pads, gpio, uart0, uart2 } = board();
  // A wire from GPIO26 to GPIO3.
  const link = pads[3]!.attach('wire');
  const edges: [number, number][] = [];
  pads[26]!.wire.connect((level) => {
    edges.push([scheduler.now, level]);
    link.drive(level);
  });
  gpio.write(0x530 + 4 * 26, 198, 4);
  for (const uart of [uart0, uart2]) uart.write(0x14, 100, 4);
  scheduler.runUntil(6000);
  edges.length = 0;
  uart2.write(0x00, 0x53, 4);
  scheduler.runUntil(100_000);
  // 0x53, least significant bit first: 1 1 0 0 1 0 1 0; one bit is 600 ticks.
  expect(edges).toEqual(
    [
      [0, 0],
      [1, 1],
      [3, 0],
      [5, 1],
      [6, 0],
      [7, 1],
      [8, 0],
      [9, 1],
    ].map(([bit, level]) => [6000 + bit! * 600, level]),
  );
  expect(uart0.read(0x1c, 4) & 0xff).toBe(1);
  expect(uart0.read(0x00, 4)).toBe(0x53);
});
