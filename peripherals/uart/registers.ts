/** What the registers of a UART that show its state read, and where writes go. */
import type { RegisterBank } from '../../emulator/bus/registers.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';
import type { ByteFifo } from './byte-fifo.ts';
import type { ModemLines } from './modem-lines.ts';
import type { ReceivePath } from './receive-path.ts';
import type { Transmitter } from './transmitter.ts';
import type { UART_REGISTERS } from './uart.regs.ts';

export interface UartState {
  readonly bank: RegisterBank<typeof UART_REGISTERS>;
  readonly input: ReceivePath;
  readonly transmitter: Transmitter;
  readonly txFifo: ByteFifo;
  readonly modem: ModemLines;
  now(): Ticks;
}

/** Registers that only show something. */
export function showState(uart: UartState): void {
  const { bank, input, txFifo } = uart;
  const rxFifo = input.fifo;
  bank.onRead('STATUS', () => status(uart));
  bank.onRead('MEM_TX_STATUS', () => pointers(txFifo));
  bank.onRead('MEM_RX_STATUS', () => pointers(rxFifo));
  bank.onRead('MEM_CNT_STATUS', () => (rxFifo.count >> 8) | ((txFifo.count >> 8) << 3));
  bank.onRead('LOWPULSE', () => input.measured().lowPulse);
  bank.onRead('HIGHPULSE', () => input.measured().highPulse);
  bank.onRead('POSPULSE', () => input.measured().positiveEdges);
  bank.onRead('NEGPULSE', () => input.measured().negativeEdges);
  bank.onRead('RXD_CNT', () => input.measured().edges);
  bank.onWrite('AUTOBAUD', () =>
    input.configureAutobaud(
      bank.getField('AUTOBAUD', 'EN') === 1,
      bank.getField('AUTOBAUD', 'GLITCH_FILT'),
    ),
  );
}

function status({ input, modem, transmitter, txFifo, now }: UartState): number {
  const tick = now();
  return (
    (input.fifo.count & 0xff) |
    (input.receiver.state(tick) << 8) |
    (modem.dsrn << 13) |
    (modem.ctsn << 14) |
    (input.line.levelAt(tick) << 15) |
    ((txFifo.count & 0xff) << 16) |
    (transmitter.state(tick) << 24) |
    (modem.dtrn << 29) |
    (modem.rtsn << 30) |
    (transmitter.level(tick) << 31)
  );
}

/** MEM_TX_STATUS and MEM_RX_STATUS: read address from bit 2, write address from bit 13. */
function pointers(fifo: ByteFifo): number {
  return (fifo.readAddress << 2) | (fifo.writeAddress << 13);
}
