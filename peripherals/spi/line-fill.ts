/**
 * How long SPI0 takes to fill one 32-byte cache line from flash or from the SRAM chip (PSRAM), in
 * SPI clocks, from its registers. Sum of the phases of one read plus the controller's overhead.
 */
import type { SpiBank } from './transaction.ts';
import { readLines } from './transaction.ts';

/** SPI clocks of a line fill beyond command, address, dummy and data. */
export const LINE_OVERHEAD = {
  value: 9,
  source:
    'derived: PSRAM at 80 MHz takes 86 to 92 clocks a line (ramspeed tables), 79 of them phases',
  confidence: 'M',
  measure: 'L32I with a stride of 64 KiB + 32 from flash, in each mode and frequency',
} as const;

const COMMAND_BITS = 8;

/** Clocks of a flash read of `bytes` bytes through the cache. */
export function flashReadClocks(bank: SpiBank, bytes: number): number {
  const lines = readLines(bank);
  const userCommand = bank.getField('CACHE_FCTRL', 'CACHE_FLASH_USR_CMD') === 1;
  const command = userCommand ? bank.getField('USER2', 'USR_COMMAND_BITLEN') + 1 : COMMAND_BITS;
  const address = Math.ceil((bank.getField('USER1', 'USR_ADDR_BITLEN') + 1) / lines.address);
  const dummy =
    bank.getField('USER', 'USR_DUMMY') === 1 ? bank.getField('USER1', 'USR_DUMMY_CYCLELEN') + 1 : 0;
  return command + address + dummy + (bytes * 8) / lines.data;
}

/** Clocks of a read (or, when `write`, a write) of `bytes` bytes of the SRAM chip through the cache. */
export function sramClocks(bank: SpiBank, bytes: number, write: boolean): number {
  const sctrl = (name: 'USR_SRAM_QIO' | 'USR_SRAM_DIO' | 'SRAM_ADDR_BITLEN'): number =>
    bank.getField('CACHE_SCTRL', name);
  const lines = sctrl('USR_SRAM_QIO') === 1 ? 4 : sctrl('USR_SRAM_DIO') === 1 ? 2 : 1;
  const userCommand = bank.getField(
    'CACHE_SCTRL',
    write ? 'CACHE_SRAM_USR_WCMD' : 'CACHE_SRAM_USR_RCMD',
  );
  const bitLength = write
    ? bank.getField('SRAM_DWR_CMD', 'CACHE_SRAM_USR_WR_CMD_BITLEN')
    : bank.getField('SRAM_DRD_CMD', 'CACHE_SRAM_USR_RD_CMD_BITLEN');
  const command = userCommand === 1 ? bitLength + 1 : COMMAND_BITS;
  const hasDummy = bank.getField('CACHE_SCTRL', write ? 'USR_WR_SRAM_DUMMY' : 'USR_RD_SRAM_DUMMY');
  const dummy = hasDummy === 1 ? bank.getField('CACHE_SCTRL', 'SRAM_DUMMY_CYCLELEN') + 1 : 0;
  const bits = command + sctrl('SRAM_ADDR_BITLEN') + 1 + bytes * 8;
  return Math.ceil(bits / lines) + dummy;
}
