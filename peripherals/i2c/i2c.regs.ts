/**
 * I2C0 and I2C1 register table (TRM chapter "I2C Controller", register summary). Offsets, fields
 * and names from the SVD; reset values that it leaves out are 0 in ESP-IDF's `i2c_reg.h`. Interrupt
 * fields drop `_INT_RAW` and the like. The RAM at 0x100 and the FIFO behind DATA are the block's.
 */
import type { Access } from '../../emulator/bus/registers.ts';
import { field, register, registerArray } from '../../emulator/bus/registers.ts';

/** The 13 interrupt bits, one list for the four interrupt registers. */
function interrupts(access: Access) {
  return [
    field('RXFIFO_FULL', 0, 1, access),
    field('TXFIFO_EMPTY', 1, 1, access),
    field('RXFIFO_OVF', 2, 1, access),
    field('END_DETECT', 3, 1, access),
    field('SLAVE_TRAN_COMP', 4, 1, access),
    field('ARBITRATION_LOST', 5, 1, access),
    field('MASTER_TRAN_COMP', 6, 1, access),
    field('TRANS_COMPLETE', 7, 1, access),
    field('TIME_OUT', 8, 1, access),
    field('TRANS_START', 9, 1, access),
    field('ACK_ERR', 10, 1, access),
    field('RX_REC_FULL', 11, 1, access),
    field('TX_SEND_EMPTY', 12, 1, access),
  ];
}

// prettier-ignore
export const I2C_REGISTERS = [
  register('SCL_LOW_PERIOD', 0x00, 0x0, [field('PERIOD', 0, 14, 'R/W')]),
  register('CTR', 0x04, 0x3, [
    field('SDA_FORCE_OUT', 0, 1, 'R/W'), field('SCL_FORCE_OUT', 1, 1, 'R/W'),
    field('SAMPLE_SCL_LEVEL', 2, 1, 'R/W'), field('MS_MODE', 4, 1, 'R/W'),
    field('TRANS_START', 5, 1, 'SC'), field('TX_LSB_FIRST', 6, 1, 'R/W'),
    field('RX_LSB_FIRST', 7, 1, 'R/W'), field('CLK_EN', 8, 1, 'R/W', 'stored'),
  ]),
  register('SR', 0x08, 0x0, [
    field('ACK_REC', 0, 1, 'RO'), field('SLAVE_RW', 1, 1, 'RO'), field('TIME_OUT', 2, 1, 'RO'),
    field('ARB_LOST', 3, 1, 'RO'), field('BUS_BUSY', 4, 1, 'RO'),
    field('SLAVE_ADDRESSED', 5, 1, 'RO'), field('BYTE_TRANS', 6, 1, 'RO'),
    field('RXFIFO_CNT', 8, 6, 'RO'), field('TXFIFO_CNT', 18, 6, 'RO'),
    field('SCL_MAIN_STATE_LAST', 24, 3, 'RO'), field('SCL_STATE_LAST', 28, 3, 'RO'),
  ]),
  register('TO', 0x0c, 0x0, [field('TIME_OUT', 0, 20, 'R/W')]),
  register('SLAVE_ADDR', 0x10, 0x0, [
    field('SLAVE_ADDR', 0, 15, 'R/W'), field('ADDR_10BIT_EN', 31, 1, 'R/W'),
  ]),
  register('RXFIFO_ST', 0x14, 0x0, [
    field('RXFIFO_START_ADDR', 0, 5, 'RO'), field('RXFIFO_END_ADDR', 5, 5, 'RO'),
    field('TXFIFO_START_ADDR', 10, 5, 'RO'), field('TXFIFO_END_ADDR', 15, 5, 'RO'),
  ]),
  register('FIFO_CONF', 0x18, 0x155408b, [
    field('RXFIFO_FULL_THRHD', 0, 5, 'R/W'), field('TXFIFO_EMPTY_THRHD', 5, 5, 'R/W'),
    field('NONFIFO_EN', 10, 1, 'R/W'), field('FIFO_ADDR_CFG_EN', 11, 1, 'R/W'),
    field('RX_FIFO_RST', 12, 1, 'R/W'), field('TX_FIFO_RST', 13, 1, 'R/W'),
    field('NONFIFO_RX_THRES', 14, 6, 'R/W'), field('NONFIFO_TX_THRES', 20, 6, 'R/W'),
  ]),
  register('DATA', 0x1c, 0x0, [field('FIFO_RDATA', 0, 8, 'RO')]),
  register('INT_RAW', 0x20, 0x0, interrupts('RO')),
  register('INT_CLR', 0x24, 0x0, interrupts('WO')),
  register('INT_ENA', 0x28, 0x0, interrupts('R/W')),
  register('INT_STATUS', 0x2c, 0x0, interrupts('RO')),
  register('SDA_HOLD', 0x30, 0x0, [field('TIME', 0, 10, 'R/W')]),
  register('SDA_SAMPLE', 0x34, 0x0, [field('TIME', 0, 10, 'R/W')]),
  register('SCL_HIGH_PERIOD', 0x38, 0x0, [field('PERIOD', 0, 14, 'R/W')]),
  register('SCL_START_HOLD', 0x40, 0x8, [field('TIME', 0, 10, 'R/W')]),
  register('SCL_RSTART_SETUP', 0x44, 0x8, [field('TIME', 0, 10, 'R/W')]),
  register('SCL_STOP_HOLD', 0x48, 0x0, [field('TIME', 0, 14, 'R/W')]),
  register('SCL_STOP_SETUP', 0x4c, 0x0, [field('TIME', 0, 10, 'R/W')]),
  register('SCL_FILTER_CFG', 0x50, 0x8, [
    field('THRES', 0, 3, 'R/W'), field('EN', 3, 1, 'R/W'),
  ]),
  register('SDA_FILTER_CFG', 0x54, 0x8, [
    field('THRES', 0, 3, 'R/W'), field('EN', 3, 1, 'R/W'),
  ]),
  ...registerArray((n) => `COMD${n}` as const, 16, 0x58, 4, 0x0, [
    field('COMMAND', 0, 14, 'R/W'), field('COMMAND_DONE', 31, 1, 'R/W'),
  ]),
  register('DATE', 0xf8, 0x16042000, [field('DATE', 0, 32, 'R/W', 'stored')]),
] as const;

type InterruptName = ReturnType<typeof interrupts>[number]['name'];

/** Interrupt bits of INT_RAW by name. */
export const INTERRUPT = Object.fromEntries(
  interrupts('RO').map((row) => [row.name, 1 << row.bit]),
) as Record<InterruptName, number>;
