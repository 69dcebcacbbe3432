/** A UART on a bench: its clocks, what it sent, and its registers. */
import { Signal } from '../../emulator/bus/signal.ts';
import { Clock } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog } from '../register-test.ts';
import { Uart, type UartPins } from './uart.ts';

const CLKDIV = 0x14;
const IDLE_CONF = 0x40;
/** 80 MHz / 115200: 694 and 7/16 cycles. */
const DIV_115200 = 694 | (7 << 20);

export function bench(pins: UartPins = {}, index: 0 | 1 | 2 = 0) {
  const scheduler = new Scheduler();
  const apb = new Clock('APB_CLK', 80_000_000);
  const refTick = new Clock('REF_TICK', 1_000_000);
  const irq = new Signal('UART_INTR');
  const log = new RecordingLog();
  const uart = new Uart({ index, clocks: { apb, refTick }, scheduler, irq, log, pins });
  const sent: [value: number, start: number, end: number][] = [];
  const breaks: [start: number, end: number][] = [];
  uart.listen({
    onByte: (value, start, end) => sent.push([value, start, end]),
    onBreak: (start, end) => breaks.push([start, end]),
  });
  const set = (offset: number, value: number): void => uart.write(offset, value | 0, 4);
  const get = (offset: number): number => uart.read(offset, 4) >>> 0;
  set(IDLE_CONF, 0);
  set(CLKDIV, DIV_115200);
  return { scheduler, apb, refTick, irq, log, uart, sent, breaks, set, get };
}
