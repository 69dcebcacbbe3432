/**
 * UART0-2 register table (TRM chapter "UART Controllers", register summary). Offsets, fields and
 * reset values agree between the SVD and ESP-IDF's `uart_reg.h`; interrupt fields drop `_INT_RAW`
 * and the like, because the register's name says it.
 */
import type { Access } from '../../emulator/bus/registers.ts';
import { field, register } from '../../emulator/bus/registers.ts';

/** The 19 interrupt bits, one list for the four interrupt registers. */
function interrupts(access: Access) {
  return [
    field('RXFIFO_FULL', 0, 1, access),
    field('TXFIFO_EMPTY', 1, 1, access),
    field('PARITY_ERR', 2, 1, access),
    field('FRM_ERR', 3, 1, access),
    field('RXFIFO_OVF', 4, 1, access),
    field('DSR_CHG', 5, 1, access),
    field('CTS_CHG', 6, 1, access),
    field('BRK_DET', 7, 1, access),
    field('RXFIFO_TOUT', 8, 1, access),
    field('SW_XON', 9, 1, access),
    field('SW_XOFF', 10, 1, access),
    field('GLITCH_DET', 11, 1, access),
    field('TX_BRK_DONE', 12, 1, access),
    field('TX_BRK_IDLE_DONE', 13, 1, access),
    field('TX_DONE', 14, 1, access),
    field('RS485_PARITY_ERR', 15, 1, access),
    field('RS485_FRM_ERR', 16, 1, access),
    field('RS485_CLASH', 17, 1, access),
    field('AT_CMD_CHAR_DET', 18, 1, access),
  ];
}

// prettier-ignore
export const UART_REGISTERS = [
  register('FIFO', 0x000, 0x0, [field('RXFIFO_RD_BYTE', 0, 8, 'RO')]),
  register('INT_RAW', 0x004, 0x0, interrupts('RO')),
  register('INT_ST', 0x008, 0x0, interrupts('RO')),
  register('INT_ENA', 0x00c, 0x0, interrupts('R/W')),
  register('INT_CLR', 0x010, 0x0, interrupts('WO')),
  register('CLKDIV', 0x014, 0x2b6, [
    field('CLKDIV', 0, 20, 'R/W'), field('FRAG', 20, 4, 'R/W'),
  ]),
  register('AUTOBAUD', 0x018, 0x1000, [
    field('EN', 0, 1, 'R/W'), field('GLITCH_FILT', 8, 8, 'R/W'),
  ]),
  register('STATUS', 0x01c, 0x0, [
    field('RXFIFO_CNT', 0, 8, 'RO'), field('ST_URX_OUT', 8, 4, 'RO'), field('DSRN', 13, 1, 'RO'),
    field('CTSN', 14, 1, 'RO'), field('RXD', 15, 1, 'RO'), field('TXFIFO_CNT', 16, 8, 'RO'),
    field('ST_UTX_OUT', 24, 4, 'RO'), field('DTRN', 29, 1, 'RO'), field('RTSN', 30, 1, 'RO'),
    field('TXD', 31, 1, 'RO'),
  ]),
  register('CONF0', 0x020, 0x800001c, [
    field('PARITY', 0, 1, 'R/W'), field('PARITY_EN', 1, 1, 'R/W'), field('BIT_NUM', 2, 2, 'R/W'),
    field('STOP_BIT_NUM', 4, 2, 'R/W'), field('SW_RTS', 6, 1, 'R/W'), field('SW_DTR', 7, 1, 'R/W'),
    field('TXD_BRK', 8, 1, 'R/W'), field('IRDA_DPLX', 9, 1, 'R/W'),
    field('IRDA_TX_EN', 10, 1, 'R/W'), field('IRDA_WCTL', 11, 1, 'R/W', 'unmodelled'),
    field('IRDA_TX_INV', 12, 1, 'R/W'),
    field('IRDA_RX_INV', 13, 1, 'R/W'), field('LOOPBACK', 14, 1, 'R/W'),
    field('TX_FLOW_EN', 15, 1, 'R/W'), field('IRDA_EN', 16, 1, 'R/W'),
    field('RXFIFO_RST', 17, 1, 'R/W'), field('TXFIFO_RST', 18, 1, 'R/W'),
    field('RXD_INV', 19, 1, 'R/W'), field('CTS_INV', 20, 1, 'R/W'), field('DSR_INV', 21, 1, 'R/W'),
    field('TXD_INV', 22, 1, 'R/W'), field('RTS_INV', 23, 1, 'R/W'), field('DTR_INV', 24, 1, 'R/W'),
    field('CLK_EN', 25, 1, 'R/W', 'stored'), field('ERR_WR_MASK', 26, 1, 'R/W'),
    field('TICK_REF_ALWAYS_ON', 27, 1, 'R/W'),
  ]),
  register('CONF1', 0x024, 0x6060, [
    field('RXFIFO_FULL_THRHD', 0, 7, 'R/W'), field('TXFIFO_EMPTY_THRHD', 8, 7, 'R/W'),
    field('RX_FLOW_THRHD', 16, 7, 'R/W'), field('RX_FLOW_EN', 23, 1, 'R/W'),
    field('RX_TOUT_THRHD', 24, 7, 'R/W'), field('RX_TOUT_EN', 31, 1, 'R/W'),
  ]),
  register('LOWPULSE', 0x028, 0xfffff, [field('MIN_CNT', 0, 20, 'RO')]),
  register('HIGHPULSE', 0x02c, 0xfffff, [field('MIN_CNT', 0, 20, 'RO')]),
  register('RXD_CNT', 0x030, 0x0, [field('RXD_EDGE_CNT', 0, 10, 'RO')]),
  register('FLOW_CONF', 0x034, 0x0, [
    field('SW_FLOW_CON_EN', 0, 1, 'R/W'), field('XONOFF_DEL', 1, 1, 'R/W'),
    field('FORCE_XON', 2, 1, 'R/W'), field('FORCE_XOFF', 3, 1, 'R/W'),
    field('SEND_XON', 4, 1, 'R/W'), field('SEND_XOFF', 5, 1, 'R/W'),
  ]),
  register('SLEEP_CONF', 0x038, 0xf0, [field('ACTIVE_THRESHOLD', 0, 10, 'R/W', 'stored')]),
  register('SWFC_CONF', 0x03c, 0x1311e000, [
    field('XON_THRESHOLD', 0, 8, 'R/W'), field('XOFF_THRESHOLD', 8, 8, 'R/W'),
    field('XON_CHAR', 16, 8, 'R/W'), field('XOFF_CHAR', 24, 8, 'R/W'),
  ]),
  register('IDLE_CONF', 0x040, 0xa40100, [
    field('RX_IDLE_THRHD', 0, 10, 'R/W'), field('TX_IDLE_NUM', 10, 10, 'R/W'),
    field('TX_BRK_NUM', 20, 8, 'R/W'),
  ]),
  register('RS485_CONF', 0x044, 0x0, [
    field('RS485_EN', 0, 1, 'R/W'), field('DL0_EN', 1, 1, 'R/W'),
    field('DL1_EN', 2, 1, 'R/W'), field('RS485TX_RX_EN', 3, 1, 'R/W'),
    field('RS485RXBY_TX_EN', 4, 1, 'R/W'),
    field('RS485_RX_DLY_NUM', 5, 1, 'R/W'),
    field('RS485_TX_DLY_NUM', 6, 4, 'R/W'),
  ]),
  register('AT_CMD_PRECNT', 0x048, 0x186a00, [field('PRE_IDLE_NUM', 0, 24, 'R/W')]),
  register('AT_CMD_POSTCNT', 0x04c, 0x186a00, [field('POST_IDLE_NUM', 0, 24, 'R/W')]),
  register('AT_CMD_GAPTOUT', 0x050, 0x1e00, [field('RX_GAP_TOUT', 0, 24, 'R/W')]),
  register('AT_CMD_CHAR', 0x054, 0x32b, [
    field('AT_CMD_CHAR', 0, 8, 'R/W'), field('CHAR_NUM', 8, 8, 'R/W'),
  ]),
  register('MEM_CONF', 0x058, 0x88, [
    field('MEM_PD', 0, 1, 'R/W', 'unmodelled'), field('RX_SIZE', 3, 4, 'R/W'),
    field('TX_SIZE', 7, 4, 'R/W'), field('RX_FLOW_THRHD_H3', 15, 3, 'R/W'),
    field('RX_TOUT_THRHD_H3', 18, 3, 'R/W'), field('XON_THRESHOLD_H2', 21, 2, 'R/W'),
    field('XOFF_THRESHOLD_H2', 23, 2, 'R/W'), field('RX_MEM_FULL_THRHD', 25, 3, 'R/W'),
    field('TX_MEM_EMPTY_THRHD', 28, 3, 'R/W'),
  ]),
  register('MEM_TX_STATUS', 0x05c, 0x0, [field('MEM_TX_RD_ADDR', 2, 11, 'RO'), field('MEM_TX_WR_ADDR', 13, 11, 'RO'),]),
  register('MEM_RX_STATUS', 0x060, 0x0, [field('MEM_RX_RD_ADDR', 2, 11, 'RO'), field('MEM_RX_WR_ADDR', 13, 11, 'RO'),]),
  register('MEM_CNT_STATUS', 0x064, 0x0, [
    field('RX_MEM_CNT', 0, 3, 'RO'), field('TX_MEM_CNT', 3, 3, 'RO'),
  ]),
  register('POSPULSE', 0x068, 0xfffff, [field('POSEDGE_MIN_CNT', 0, 20, 'RO')]),
  register('NEGPULSE', 0x06c, 0xfffff, [field('NEGEDGE_MIN_CNT', 0, 20, 'RO')]),
  register('DATE', 0x078, 0x15122500, [field('DATE', 0, 32, 'R/W', 'stored')]),
  register('ID', 0x07c, 0x500, [field('ID', 0, 32, 'R/W', 'stored')]),
] as const;
