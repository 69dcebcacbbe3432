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
  readonly rs485: {
    readonly on: boolean;
    /** TX_RX_EN: hears what it sends, and compares. */
    readonly hearsItself: boolean;
    /** RXBY_TX_EN: sends while something is being received. */
    readonly sendsOver: boolean;
    /** TX_DLY_NUM and RX_DLY_NUM. */
    readonly txDelayBits: number;
    readonly rxDelayBits: number;
  };
  readonly irda: {
    readonly on: boolean;
    readonly sends: boolean;
    readonly txInvert: number;
    readonly rxInvert: number;
  };
  /** FLOW_CONF and SWFC_CONF. */
  readonly flow: {
    readonly on: boolean;
    readonly removes: boolean;
    readonly forceXon: boolean;
    readonly forceXoff: boolean;
    readonly sendXon: boolean;
    readonly sendXoff: boolean;
    readonly xonChar: number;
    readonly xoffChar: number;
    readonly xonThreshold: number;
    readonly xoffThreshold: number;
  };
  /** AT_CMD_*; times in APB_CLK cycles. */
  readonly atCommand: {
    readonly char: number;
    readonly count: number;
    readonly preIdle: number;
    readonly postIdle: number;
    readonly gap: number;
  };
  /** CTS holds new frames. */
  readonly txFlow: boolean;
  /** TX_BRK_NUM when TXD_BRK is set, else 0. */
  readonly breakBits: number;
  readonly idleBits: number;
  /** RX_IDLE_THRHD, in bit times. */
  readonly rxIdleBits: number;
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

type Bank = RegisterBank<typeof UART_REGISTERS>;

export function readSettings(bank: Bank): UartSettings {
  const conf0 = (name: Parameters<typeof bank.getField<'CONF0'>>[1]): number =>
    bank.getField('CONF0', name);
  const conf1 = (name: Parameters<typeof bank.getField<'CONF1'>>[1]): number =>
    bank.getField('CONF1', name);
  const mem = (name: Parameters<typeof bank.getField<'MEM_CONF'>>[1]): number =>
    bank.getField('MEM_CONF', name);
  const irdaOn = conf0('IRDA_EN') === 1;
  return {
    divider: bank.getField('CLKDIV', 'CLKDIV') * 16 + bank.getField('CLKDIV', 'FRAG'),
    apb: conf0('TICK_REF_ALWAYS_ON') === 1,
    format: readFormat(bank),
    loopback: conf0('LOOPBACK') === 1 || (irdaOn && conf0('IRDA_DPLX') === 1),
    dropErrors: conf0('ERR_WR_MASK') === 1,
    txFifoReset: conf0('TXFIFO_RST') === 1,
    rxFifoReset: conf0('RXFIFO_RST') === 1,
    rs485: readRs485(bank),
    irda: {
      on: irdaOn,
      sends: conf0('IRDA_TX_EN') === 1,
      txInvert: conf0('IRDA_TX_INV'),
      rxInvert: conf0('IRDA_RX_INV'),
    },
    flow: readFlow(bank),
    atCommand: {
      char: bank.getField('AT_CMD_CHAR', 'AT_CMD_CHAR'),
      count: bank.getField('AT_CMD_CHAR', 'CHAR_NUM'),
      preIdle: bank.getField('AT_CMD_PRECNT', 'PRE_IDLE_NUM'),
      postIdle: bank.getField('AT_CMD_POSTCNT', 'POST_IDLE_NUM'),
      gap: bank.getField('AT_CMD_GAPTOUT', 'RX_GAP_TOUT'),
    },
    txFlow: conf0('TX_FLOW_EN') === 1,
    breakBits: conf0('TXD_BRK') * bank.getField('IDLE_CONF', 'TX_BRK_NUM'),
    idleBits: bank.getField('IDLE_CONF', 'TX_IDLE_NUM'),
    rxIdleBits: bank.getField('IDLE_CONF', 'RX_IDLE_THRHD'),
    rxFullThreshold: conf1('RXFIFO_FULL_THRHD') | (mem('RX_MEM_FULL_THRHD') << 7),
    txEmptyThreshold: conf1('TXFIFO_EMPTY_THRHD') | (mem('TX_MEM_EMPTY_THRHD') << 7),
    timeoutOn: conf1('RX_TOUT_EN') === 1,
    timeoutThreshold: conf1('RX_TOUT_THRHD') | (mem('RX_TOUT_THRHD_H3') << 7),
    rxFlow: conf1('RX_FLOW_EN') === 1,
    rxFlowThreshold: conf1('RX_FLOW_THRHD') | (mem('RX_FLOW_THRHD_H3') << 7),
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
function readFormat(bank: Bank): FrameFormat {
  const odd = bank.getField('CONF0', 'PARITY') === 1;
  const parityOn = bank.getField('CONF0', 'PARITY_EN') === 1;
  return {
    dataBits: 5 + bank.getField('CONF0', 'BIT_NUM'),
    parity: parityOn ? (odd ? 'odd' : 'even') : undefined,
    stopHalfBits: Math.max(bank.getField('CONF0', 'STOP_BIT_NUM'), 1) + 1,
    delay0: bank.getField('RS485_CONF', 'DL0_EN'),
    delay1: bank.getField('RS485_CONF', 'DL1_EN'),
  };
}

function readRs485(bank: Bank): UartSettings['rs485'] {
  const on = bank.getField('RS485_CONF', 'RS485_EN') === 1;
  return {
    on,
    hearsItself: bank.getField('RS485_CONF', 'RS485TX_RX_EN') === 1,
    sendsOver: bank.getField('RS485_CONF', 'RS485RXBY_TX_EN') === 1,
    txDelayBits: on ? bank.getField('RS485_CONF', 'RS485_TX_DLY_NUM') : 0,
    rxDelayBits: on ? bank.getField('RS485_CONF', 'RS485_RX_DLY_NUM') : 0,
  };
}

function readFlow(bank: Bank): UartSettings['flow'] {
  const conf = (name: Parameters<typeof bank.getField<'FLOW_CONF'>>[1]): boolean =>
    bank.getField('FLOW_CONF', name) === 1;
  const high = (name: 'XON_THRESHOLD_H2' | 'XOFF_THRESHOLD_H2'): number =>
    bank.getField('MEM_CONF', name) << 8;
  return {
    on: conf('SW_FLOW_CON_EN'),
    removes: conf('XONOFF_DEL'),
    forceXon: conf('FORCE_XON'),
    forceXoff: conf('FORCE_XOFF'),
    sendXon: conf('SEND_XON'),
    sendXoff: conf('SEND_XOFF'),
    xonChar: bank.getField('SWFC_CONF', 'XON_CHAR'),
    xoffChar: bank.getField('SWFC_CONF', 'XOFF_CHAR'),
    xonThreshold: bank.getField('SWFC_CONF', 'XON_THRESHOLD') | high('XON_THRESHOLD_H2'),
    xoffThreshold: bank.getField('SWFC_CONF', 'XOFF_THRESHOLD') | high('XOFF_THRESHOLD_H2'),
  };
}
