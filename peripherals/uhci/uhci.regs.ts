/**
 * UHCI0 and UHCI1 register table (TRM chapter "UART Controllers", UHCI registers). Offsets, fields
 * and reset values are the SVD's; START, STOP and RESTART of the links clear themselves.
 */
import type { Access } from '../../emulator/bus/registers.ts';
import { field, register } from '../../emulator/bus/registers.ts';

/** The interrupt bits, one list for the four interrupt registers. */
function interrupts(access: Access) {
  return [
    field('RX_START', 0, 1, access),
    field('TX_START', 1, 1, access),
    field('RX_HUNG', 2, 1, access),
    field('TX_HUNG', 3, 1, access),
    field('IN_DONE', 4, 1, access),
    field('IN_SUC_EOF', 5, 1, access),
    field('IN_ERR_EOF', 6, 1, access),
    field('OUT_DONE', 7, 1, access),
    field('OUT_EOF', 8, 1, access),
    field('IN_DSCR_ERR', 9, 1, access),
    field('OUT_DSCR_ERR', 10, 1, access),
    field('IN_DSCR_EMPTY', 11, 1, access),
    field('OUTLINK_EOF_ERR', 12, 1, access),
    field('OUT_TOTAL_EOF', 13, 1, access),
    field('SEND_S_Q', 14, 1, access),
    field('SEND_A_Q', 15, 1, access),
    field('DMA_INFIFO_FULL_WM', 16, 1, access),
  ];
}

function word<const N extends string>(name: N, offset: number, access: Access) {
  return register(name, offset, 0, [field('VALUE', 0, 32, access)]);
}

function escape<const N extends string>(name: N, offset: number, reset: number) {
  return register(name, offset, reset, [
    field('CHAR', 0, 8, 'R/W'),
    field('ESC_CHAR0', 8, 8, 'R/W'),
    field('ESC_CHAR1', 16, 8, 'R/W'),
  ]);
}

// prettier-ignore
export const UHCI_REGISTERS = [
  register('CONF0', 0x00, 0x370100, [
    field('IN_RST', 0, 1, 'R/W'), field('OUT_RST', 1, 1, 'R/W'), field('AHBM_FIFO_RST', 2, 1, 'R/W', 'stored'),
    field('AHBM_RST', 3, 1, 'R/W', 'stored'), field('IN_LOOP_TEST', 4, 1, 'R/W', 'unmodelled'),
    field('OUT_LOOP_TEST', 5, 1, 'R/W', 'unmodelled'), field('OUT_AUTO_WRBACK', 6, 1, 'R/W'),
    field('OUT_NO_RESTART_CLR', 7, 1, 'R/W', 'stored'), field('OUT_EOF_MODE', 8, 1, 'R/W', 'stored'),
    field('UART0_CE', 9, 1, 'R/W'), field('UART1_CE', 10, 1, 'R/W'), field('UART2_CE', 11, 1, 'R/W'),
    field('OUTDSCR_BURST_EN', 12, 1, 'R/W', 'stored'), field('INDSCR_BURST_EN', 13, 1, 'R/W', 'stored'),
    field('OUT_DATA_BURST_EN', 14, 1, 'R/W', 'stored'), field('MEM_TRANS_EN', 15, 1, 'R/W', 'unmodelled'),
    field('SEPER_EN', 16, 1, 'R/W'), field('HEAD_EN', 17, 1, 'R/W'), field('CRC_REC_EN', 18, 1, 'R/W'),
    field('UART_IDLE_EOF_EN', 19, 1, 'R/W'), field('LEN_EOF_EN', 20, 1, 'R/W'),
    field('ENCODE_CRC_EN', 21, 1, 'R/W'), field('CLK_EN', 22, 1, 'R/W', 'stored'),
    field('UART_RX_BRK_EOF_EN', 23, 1, 'R/W'),
  ]),
  register('INT_RAW', 0x04, 0, interrupts('RO')),
  register('INT_ST', 0x08, 0, interrupts('RO')),
  register('INT_ENA', 0x0c, 0, interrupts('R/W')),
  register('INT_CLR', 0x10, 0, interrupts('WO')),
  register('DMA_OUT_STATUS', 0x14, 2, [field('OUT_FULL', 0, 1, 'RO', 'stored'), field('OUT_EMPTY', 1, 1, 'RO', 'stored')]),
  register('DMA_OUT_PUSH', 0x18, 0, [
    field('OUTFIFO_WDATA', 0, 9, 'R/W', 'unmodelled'), field('OUTFIFO_PUSH', 16, 1, 'R/W', 'unmodelled'),
  ]),
  register('DMA_IN_STATUS', 0x1c, 2, [
    field('IN_FULL', 0, 1, 'RO', 'stored'), field('IN_EMPTY', 1, 1, 'RO', 'stored'), field('RX_ERR_CAUSE', 4, 3, 'RO'),
  ]),
  register('DMA_IN_POP', 0x20, 0, [
    field('INFIFO_RDATA', 0, 12, 'RO', 'unmodelled'), field('INFIFO_POP', 16, 1, 'R/W', 'unmodelled'),
  ]),
  register('DMA_OUT_LINK', 0x24, 0, [
    field('OUTLINK_ADDR', 0, 20, 'R/W'), field('OUTLINK_STOP', 28, 1, 'SC'), field('OUTLINK_START', 29, 1, 'SC'),
    field('OUTLINK_RESTART', 30, 1, 'SC'), field('OUTLINK_PARK', 31, 1, 'RO'),
  ]),
  register('DMA_IN_LINK', 0x28, 0x100000, [
    field('INLINK_ADDR', 0, 20, 'R/W'), field('INLINK_AUTO_RET', 20, 1, 'R/W', 'stored'), field('INLINK_STOP', 28, 1, 'SC'),
    field('INLINK_START', 29, 1, 'SC'), field('INLINK_RESTART', 30, 1, 'SC'), field('INLINK_PARK', 31, 1, 'RO'),
  ]),
  register('CONF1', 0x2c, 0x33, [
    field('CHECK_SUM_EN', 0, 1, 'R/W'), field('CHECK_SEQ_EN', 1, 1, 'R/W', 'stored'), field('CRC_DISABLE', 2, 1, 'R/W'),
    field('SAVE_HEAD', 3, 1, 'R/W'), field('TX_CHECK_SUM_RE', 4, 1, 'R/W'), field('TX_ACK_NUM_RE', 5, 1, 'R/W'),
    field('CHECK_OWNER', 6, 1, 'R/W'), field('WAIT_SW_START', 7, 1, 'R/W', 'unmodelled'),
    field('SW_START', 8, 1, 'R/W', 'unmodelled'), field('DMA_INFIFO_FULL_THRS', 9, 12, 'R/W', 'stored'),
  ]),
  register('STATE0', 0x30, 0, [field('STATE0', 0, 32, 'RO', 'stored')]),
  register('STATE1', 0x34, 0, [field('STATE1', 0, 32, 'RO', 'stored')]),
  word('DMA_OUT_EOF_DES_ADDR', 0x38, 'RO'),
  word('DMA_IN_SUC_EOF_DES_ADDR', 0x3c, 'RO'),
  word('DMA_IN_ERR_EOF_DES_ADDR', 0x40, 'RO'),
  register('DMA_OUT_EOF_BFR_DES_ADDR', 0x44, 0, [field('OUT_EOF_BFR_DES_ADDR', 0, 32, 'RO', 'stored')]),
  register('AHB_TEST', 0x48, 0, [field('AHB_TESTMODE', 0, 3, 'R/W', 'unmodelled'), field('AHB_TESTADDR', 4, 2, 'R/W', 'stored')]),
  word('DMA_IN_DSCR', 0x4c, 'RO'),
  word('DMA_IN_DSCR_BF0', 0x50, 'RO'),
  word('DMA_IN_DSCR_BF1', 0x54, 'RO'),
  word('DMA_OUT_DSCR', 0x58, 'RO'),
  word('DMA_OUT_DSCR_BF0', 0x5c, 'RO'),
  word('DMA_OUT_DSCR_BF1', 0x60, 'RO'),
  register('ESCAPE_CONF', 0x64, 0x33, [
    field('TX_C0_ESC_EN', 0, 1, 'R/W'), field('TX_DB_ESC_EN', 1, 1, 'R/W'), field('TX_11_ESC_EN', 2, 1, 'R/W'),
    field('TX_13_ESC_EN', 3, 1, 'R/W'), field('RX_C0_ESC_EN', 4, 1, 'R/W'), field('RX_DB_ESC_EN', 5, 1, 'R/W'),
    field('RX_11_ESC_EN', 6, 1, 'R/W'), field('RX_13_ESC_EN', 7, 1, 'R/W'),
  ]),
  register('HUNG_CONF', 0x68, 0x810810, [
    field('TXFIFO_TIMEOUT', 0, 8, 'R/W', 'stored'), field('TXFIFO_TIMEOUT_SHIFT', 8, 3, 'R/W', 'stored'),
    field('TXFIFO_TIMEOUT_ENA', 11, 1, 'R/W', 'stored'), field('RXFIFO_TIMEOUT', 12, 8, 'R/W', 'stored'),
    field('RXFIFO_TIMEOUT_SHIFT', 20, 3, 'R/W', 'stored'), field('RXFIFO_TIMEOUT_ENA', 23, 1, 'R/W', 'stored'),
  ]),
  word('ACK_NUM', 0x6c, 'R/W'),
  word('RX_HEAD', 0x70, 'RO'),
  register('QUICK_SENT', 0x74, 0, [
    field('SINGLE_SEND_NUM', 0, 3, 'R/W'), field('SINGLE_SEND_EN', 3, 1, 'R/W'),
    field('ALWAYS_SEND_NUM', 4, 3, 'R/W'), field('ALWAYS_SEND_EN', 7, 1, 'R/W'),
  ]),
  word('Q0_WORD0', 0x78, 'R/W'),
  word('Q0_WORD1', 0x7c, 'R/W'),
  word('Q1_WORD0', 0x80, 'R/W'),
  word('Q1_WORD1', 0x84, 'R/W'),
  word('Q2_WORD0', 0x88, 'R/W'),
  word('Q2_WORD1', 0x8c, 'R/W'),
  word('Q3_WORD0', 0x90, 'R/W'),
  word('Q3_WORD1', 0x94, 'R/W'),
  word('Q4_WORD0', 0x98, 'R/W'),
  word('Q4_WORD1', 0x9c, 'R/W'),
  word('Q5_WORD0', 0xa0, 'R/W'),
  word('Q5_WORD1', 0xa4, 'R/W'),
  word('Q6_WORD0', 0xa8, 'R/W'),
  word('Q6_WORD1', 0xac, 'R/W'),
  escape('ESC_CONF0', 0xb0, 0xdcdbc0),
  escape('ESC_CONF1', 0xb4, 0xdddbdb),
  escape('ESC_CONF2', 0xb8, 0xdedb11),
  escape('ESC_CONF3', 0xbc, 0xdfdb13),
  register('PKT_THRES', 0xc0, 0x80, [field('PKT_THRS', 0, 13, 'R/W')]),
  register('DATE', 0xfc, 0x16041001, [field('DATE', 0, 32, 'R/W', 'stored')]),
] as const;
