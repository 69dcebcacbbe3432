/** The configuration registers as the state machines use them, read when one of them is written. */
import type { RegisterBank } from '../../emulator/bus/registers.ts';
import type { I2C_REGISTERS } from './i2c.regs.ts';

/** Times are APB_CLK cycles. */
export interface I2cSettings {
  readonly master: boolean;
  readonly sclLow: number;
  readonly sclHigh: number;
  readonly sdaHold: number;
  readonly sdaSample: number;
  readonly sampleLow: boolean;
  readonly startHold: number;
  readonly restartSetup: number;
  readonly stopHold: number;
  readonly stopSetup: number;
  /** From an edge on the wire to the state machines. */
  readonly sclDelay: number;
  readonly sdaDelay: number;
  readonly timeOut: number;
  readonly txLsbFirst: boolean;
  readonly rxLsbFirst: boolean;
  readonly openDrainSda: boolean;
  readonly openDrainScl: boolean;
  readonly slaveAddress: number;
  readonly tenBit: boolean;
  readonly nonFifo: boolean;
  readonly addressedRam: boolean;
  readonly rxFullThreshold: number;
  readonly txEmptyThreshold: number;
  readonly rxRecordThreshold: number;
  readonly txRecordThreshold: number;
}

/** Registers whose change needs `readSettings` again. */
export const SETTING_REGISTERS = [
  ...['SCL_LOW_PERIOD', 'CTR', 'TO', 'SLAVE_ADDR', 'FIFO_CONF', 'SDA_HOLD', 'SDA_SAMPLE'],
  ...['SCL_HIGH_PERIOD', 'SCL_START_HOLD', 'SCL_RSTART_SETUP', 'SCL_STOP_HOLD', 'SCL_STOP_SETUP'],
  ...['SCL_FILTER_CFG', 'SDA_FILTER_CFG'],
] as readonly (typeof I2C_REGISTERS)[number]['name'][];

/**
 * Cycles from SCL's edge on the wire until the controller counts, besides the input's delay. With
 * it SCL is high for SCL_HIGH_PERIOD + 7 cycles, + 8 with a filter of up to 2, + 6 + THRES with one of
 * 3 to 7 (TRM, "SCL frequency", and ESP-IDF's `i2c_ll_master_set_bus_timing`).
 */
export const EDGE_CYCLES = 6;
const MIN_FILTER_CYCLES = 2;
const SYNC_CYCLES = 1;

export function readSettings(bank: RegisterBank<typeof I2C_REGISTERS>): I2cSettings {
  const delay = (name: 'SCL_FILTER_CFG' | 'SDA_FILTER_CFG'): number =>
    bank.getField(name, 'EN') === 0
      ? SYNC_CYCLES
      : Math.max(MIN_FILTER_CYCLES, bank.getField(name, 'THRES'));
  return {
    master: bank.getField('CTR', 'MS_MODE') === 1,
    sclLow: bank.get('SCL_LOW_PERIOD'),
    sclHigh: bank.get('SCL_HIGH_PERIOD'),
    sdaHold: bank.get('SDA_HOLD'),
    sdaSample: bank.get('SDA_SAMPLE'),
    sampleLow: bank.getField('CTR', 'SAMPLE_SCL_LEVEL') === 1,
    startHold: bank.get('SCL_START_HOLD'),
    restartSetup: bank.get('SCL_RSTART_SETUP'),
    stopHold: bank.get('SCL_STOP_HOLD'),
    stopSetup: bank.get('SCL_STOP_SETUP'),
    sclDelay: delay('SCL_FILTER_CFG'),
    sdaDelay: delay('SDA_FILTER_CFG'),
    timeOut: bank.get('TO'),
    txLsbFirst: bank.getField('CTR', 'TX_LSB_FIRST') === 1,
    rxLsbFirst: bank.getField('CTR', 'RX_LSB_FIRST') === 1,
    openDrainSda: bank.getField('CTR', 'SDA_FORCE_OUT') === 1,
    openDrainScl: bank.getField('CTR', 'SCL_FORCE_OUT') === 1,
    slaveAddress: bank.getField('SLAVE_ADDR', 'SLAVE_ADDR'),
    tenBit: bank.getField('SLAVE_ADDR', 'ADDR_10BIT_EN') === 1,
    nonFifo: bank.getField('FIFO_CONF', 'NONFIFO_EN') === 1,
    addressedRam: bank.getField('FIFO_CONF', 'FIFO_ADDR_CFG_EN') === 1,
    rxFullThreshold: bank.getField('FIFO_CONF', 'RXFIFO_FULL_THRHD'),
    txEmptyThreshold: bank.getField('FIFO_CONF', 'TXFIFO_EMPTY_THRHD'),
    rxRecordThreshold: bank.getField('FIFO_CONF', 'NONFIFO_RX_THRES'),
    txRecordThreshold: bank.getField('FIFO_CONF', 'NONFIFO_TX_THRES'),
  };
}
