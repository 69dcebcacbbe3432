/**
 * What a UART's configuration registers say, as plain values: computed when one of them changes, so
 * that a byte on the wire looks nothing up by name.
 */
import type { RegisterBank } from '../../emulator/bus/registers.ts';
import type { FrameFormat } from './transmitter.ts';
import type { UART_REGISTERS } from './uart.regs.ts';

export interface UartSettings {
  /** CLKDIV in sixteenths of a source-clock cycle. */
  readonly divider: number;
  /** APB_CLK, else REF_TICK. */
  readonly apb: boolean;
  readonly format: FrameFormat;
  readonly loopback: boolean;
  readonly dropErrors: boolean;
  readonly txFifoReset: boolean;
  readonly rxFifoReset: boolean;
  /** CTS holds new frames. */
  readonly txFlow: boolean;
  /** TX_BRK_NUM when TXD_BRK is set, else 0. */
  readonly breakBits: number;
  readonly idleBits: number;
  readonly rxFullThreshold: number;
  readonly txEmptyThreshold: number;
  readonly timeoutOn: boolean;
  readonly timeoutThreshold: number;
  /** RTS follows the RX FIFO's fill. */
  readonly rxFlow: boolean;
  readonly rxFlowThreshold: number;
  readonly softwareRts: number;
  readonly softwareDtr: number;
  /** 1 where the pin is inverted. */
  readonly invert: Readonly<Record<'rxd' | 'txd' | 'cts' | 'dsr' | 'rts' | 'dtr', number>>;
}

export function readSettings(bank: RegisterBank<typeof UART_REGISTERS>): UartSettings {
  const conf0 = (name: Parameters<typeof bank.getField<'CONF0'>>[1]): number =>
    bank.getField('CONF0', name);
  const conf1 = (name: Parameters<typeof bank.getField<'CONF1'>>[1]): number =>
    bank.getField('CONF1', name);
  return {
    divider: bank.getField('CLKDIV', 'CLKDIV') * 16 + bank.getField('CLKDIV', 'FRAG'),
    apb: conf0('TICK_REF_ALWAYS_ON') === 1,
    format: readFormat(bank),
    loopback: conf0('LOOPBACK') === 1,
    dropErrors: conf0('ERR_WR_MASK') === 1,
    txFifoReset: conf0('TXFIFO_RST') === 1,
    rxFifoReset: conf0('RXFIFO_RST') === 1,
    txFlow: conf0('TX_FLOW_EN') === 1,
    breakBits: conf0('TXD_BRK') * bank.getField('IDLE_CONF', 'TX_BRK_NUM'),
    idleBits: bank.getField('IDLE_CONF', 'TX_IDLE_NUM'),
    rxFullThreshold: conf1('RXFIFO_FULL_THRHD'),
    txEmptyThreshold: conf1('TXFIFO_EMPTY_THRHD'),
    timeoutOn: conf1('RX_TOUT_EN') === 1,
    timeoutThreshold: conf1('RX_TOUT_THRHD') | (bank.getField('MEM_CONF', 'RX_TOUT_THRHD_H3') << 7),
    rxFlow: conf1('RX_FLOW_EN') === 1,
    rxFlowThreshold: conf1('RX_FLOW_THRHD') | (bank.getField('MEM_CONF', 'RX_FLOW_THRHD_H3') << 7),
    softwareRts: conf0('SW_RTS'),
    softwareDtr: conf0('SW_DTR'),
    invert: {
      rxd: conf0('RXD_INV'),
      txd: conf0('TXD_INV'),
      cts: conf0('CTS_INV'),
      dsr: conf0('DSR_INV'),
      rts: conf0('RTS_INV'),
      dtr: conf0('DTR_INV'),
    },
  };
}

/** STOP_BIT_NUM 1, 2, 3 is 1, 1.5, 2 bits; each RS485 delay bit adds one (IDF's 2-bit workaround). */
function readFormat(bank: RegisterBank<typeof UART_REGISTERS>): FrameFormat {
  const stop = Math.max(bank.getField('CONF0', 'STOP_BIT_NUM'), 1) + 1;
  const delays = bank.getField('RS485_CONF', 'DL0_EN') + bank.getField('RS485_CONF', 'DL1_EN');
  const odd = bank.getField('CONF0', 'PARITY') === 1;
  const parityOn = bank.getField('CONF0', 'PARITY_EN') === 1;
  return {
    dataBits: 5 + bank.getField('CONF0', 'BIT_NUM'),
    parity: parityOn ? (odd ? 'odd' : 'even') : undefined,
    stopHalfBits: stop + 2 * delays,
  };
}
