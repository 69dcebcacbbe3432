/**
 * Whether a flash can answer SPI0's line reads: the command, the lines of its phases and the clocks between command and
 * data, as the data sheets of the flash that modules carry give them (W25Q32, GD25Q32: read commands).
 */
import type { SpiBank } from './transaction.ts';
import { readLines } from './transaction.ts';

interface ReadCommand {
  readonly code: number;
  readonly addressLines: number;
  readonly dataLines: number;
  /** Address, mode and dummy clocks. */
  readonly clocks: number;
}

// prettier-ignore
const COMMANDS: readonly ReadCommand[] = [
  { code: 0x03, addressLines: 1, dataLines: 1, clocks: 24 },
  { code: 0x0b, addressLines: 1, dataLines: 1, clocks: 32 },
  { code: 0x3b, addressLines: 1, dataLines: 2, clocks: 32 },
  { code: 0x6b, addressLines: 1, dataLines: 4, clocks: 32 },
  { code: 0xbb, addressLines: 2, dataLines: 2, clocks: 16 },
  { code: 0xeb, addressLines: 4, dataLines: 4, clocks: 12 },
];

/** Surplus dummy clocks that the way through the pads may ask for (ESP-IDF adds up to 2). */
const MOST_SURPLUS = 3;

/** What is wrong with SPI0's set-up for line reads of flash, or undefined. */
export function lineReadFault(bank: SpiBank): string | undefined {
  if (bank.getField('CACHE_FCTRL', 'CACHE_REQ_EN') === 0)
    return 'SPI0 does not take requests of the caches (CACHE_REQ_EN 0); silicon waits for ever';
  if (bank.getField('CACHE_FCTRL', 'CACHE_FLASH_USR_CMD') === 0) return undefined;
  const code = bank.getField('USER2', 'USR_COMMAND_VALUE');
  const lines = readLines(bank);
  const dummy =
    bank.getField('USER', 'USR_DUMMY') * (bank.getField('USER1', 'USR_DUMMY_CYCLELEN') + 1);
  const clocks = Math.ceil((bank.getField('USER1', 'USR_ADDR_BITLEN') + 1) / lines.address) + dummy;
  const command = COMMANDS.find((row) => row.code === code);
  const isRight =
    command !== undefined &&
    command.addressLines === lines.address &&
    command.dataLines === lines.data &&
    clocks >= command.clocks &&
    clocks <= command.clocks + MOST_SURPLUS;
  if (isRight) return undefined;
  return (
    `SPI0 reads flash by command 0x${code.toString(16)}, address on ${lines.address} and data on ${lines.data} lines, ` +
    `${clocks} clocks between; a flash answers something else`
  );
}
