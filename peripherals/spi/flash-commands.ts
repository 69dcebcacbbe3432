/**
 * The flash commands that a bit of SPI_CMD starts (TRM chapter "SPI Controller", register
 * SPI_CMD; opcodes of the JEDEC command set, which that chapter names for RDID, SE, BE and RDSR).
 */
export interface FlashCommand {
  /** Field of SPI_CMD that starts it. */
  readonly bit: string;
  readonly opcode: number;
  /** A 24-bit address from SPI_ADDR[23:0] follows. */
  readonly address: boolean;
  /** Bytes sent: a number, the low bytes of RD_STATUS, or SPI_ADDR[31:24] bytes of W0 and up. */
  readonly send: 'none' | 'status' | 'buffer';
  /** Bytes received into W0 and up, into RD_STATUS, or as many as SPI_ADDR[31:24] says. */
  readonly receive: 'none' | 'id' | 'status' | 'signature' | 'buffer';
}

const command = (
  bit: string,
  opcode: number,
  address = false,
  send: FlashCommand['send'] = 'none',
  receive: FlashCommand['receive'] = 'none',
): FlashCommand => ({ bit, opcode, address, send, receive });

export const FLASH_COMMANDS: readonly FlashCommand[] = [
  command('FLASH_READ', 0x03, true, 'none', 'buffer'),
  command('FLASH_WREN', 0x06),
  command('FLASH_WRDI', 0x04),
  command('FLASH_RDID', 0x9f, false, 'none', 'id'),
  command('FLASH_RDSR', 0x05, false, 'none', 'status'),
  command('FLASH_WRSR', 0x01, false, 'status'),
  command('FLASH_PP', 0x02, true, 'buffer'),
  command('FLASH_SE', 0x20, true),
  command('FLASH_BE', 0xd8, true),
  command('FLASH_CE', 0xc7),
  command('FLASH_DP', 0xb9),
  command('FLASH_RES', 0xab, false, 'none', 'signature'),
  command('FLASH_HPM', 0xa3),
  command('FLASH_PES', 0x75),
  command('FLASH_PER', 0x7a),
];
