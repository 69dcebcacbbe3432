/**
 * Turns the registers of an SPI controller into one transfer: what is driven in each clock, where
 * the input lands, and how many clocks it takes. TRM chapter "SPI Controller", sections on the
 * user-defined command and on the parallel QSPI read modes.
 */
import type { RegisterBank } from '../../emulator/bus/registers.ts';
import type { SpiLines } from '../../emulator/bus/spi-wire.ts';
import type { FlashCommand } from './flash-commands.ts';
import { FLASH_COMMANDS } from './flash-commands.ts';
import type { SPI_REGISTERS } from './spi.regs.ts';
import { reverseBits, Wave } from './wave.ts';

export type SpiBank = RegisterBank<typeof SPI_REGISTERS>;

/** Where the sampled bits go when the transfer is over. */
export type Landing = 'none' | 'buffer' | 'status' | 'dma';

export interface Transaction {
  readonly out: Uint8Array;
  /** Clock of the first sample; equal to `out.length` when nothing is sampled. */
  readonly firstSample: number;
  readonly sampleCount: number;
  readonly sampleLines: SpiLines;
  /** Lines that carry bits of the master in each clock: 0, 1, 2 or 4. */
  readonly lines: Uint8Array;
  /** Clocks of the dummy phase. */
  readonly dummyFrom: number;
  readonly dummyTo: number;
  /** First clock in which the lines of the input phase are let go. */
  readonly releaseFrom: number;
  /** Input comes on D (SIO). */
  readonly threeWire: boolean;
  readonly landing: Landing;
  /** First byte of the buffer that takes the input: 0, or 32 with USR_MISO_HIGHPART. */
  readonly landingByte: number;
}

/** Size of W0..W15 in bytes. */
export const BUFFER_BYTES = 64;
const HALF = 32;

/** Byte of W0..W15 that goes `index`th over the wire, before any change of bit order. */
export function bufferLane(index: number, bigEndian: boolean): number {
  return (bigEndian ? index ^ 3 : index) & (BUFFER_BYTES - 1);
}

/** Lines of the address and data phases of a read, after CTRL. */
export function readLines(bank: SpiBank): { address: SpiLines; data: SpiLines } {
  if (bank.getField('CTRL', 'FASTRD_MODE') === 0) return { address: 1, data: 1 };
  if (bank.getField('CTRL', 'FREAD_QIO') === 1) return { address: 4, data: 4 };
  if (bank.getField('CTRL', 'FREAD_DIO') === 1) return { address: 2, data: 2 };
  if (bank.getField('CTRL', 'FREAD_QUAD') === 1) return { address: 1, data: 4 };
  if (bank.getField('CTRL', 'FREAD_DUAL') === 1) return { address: 1, data: 2 };
  return { address: 1, data: 1 };
}

/** Lines of the address and data phases of a write, after USER. */
function writeLines(bank: SpiBank): { address: SpiLines; data: SpiLines } {
  if (bank.getField('USER', 'FWRITE_QIO') === 1) return { address: 4, data: 4 };
  if (bank.getField('USER', 'FWRITE_DIO') === 1) return { address: 2, data: 2 };
  if (bank.getField('USER', 'FWRITE_QUAD') === 1) return { address: 1, data: 4 };
  if (bank.getField('USER', 'FWRITE_DUAL') === 1) return { address: 1, data: 2 };
  return { address: 1, data: 1 };
}

/** The command is sent low byte first, each byte most significant bit first. */
function commandBytes(value: number, lsbFirst: boolean): number[] {
  const bytes = [value & 0xff, (value >>> 8) & 0xff];
  return lsbFirst ? bytes.map(reverseBits) : bytes;
}

/** SPI_ADDR is sent from bit 31 down; what exceeds 32 bits continues in SPI_SLV_WR_STATUS. */
function addressBytes(bank: SpiBank, lsbFirst: boolean): number[] {
  const bytes: number[] = [];
  for (const word of [bank.get('ADDR'), bank.get('SLV_WR_STATUS')])
    for (let shift = 24; shift >= 0; shift -= 8) bytes.push((word >>> shift) & 0xff);
  return lsbFirst ? bytes.map(reverseBits) : bytes;
}

export function outputBytes(
  bank: SpiBank,
  buffer: Uint8Array,
  from: number,
  bits: number,
): Uint8Array {
  const bigEndian = bank.getField('USER', 'WR_BYTE_ORDER') === 1;
  const lsbFirst = bank.getField('CTRL', 'WR_BIT_ORDER') === 1;
  const bytes = new Uint8Array((bits + 7) >> 3);
  for (let i = 0; i < bytes.length; i++) {
    const byte = buffer[bufferLane(from + i, bigEndian)]!;
    bytes[i] = lsbFirst ? reverseBits(byte) : byte;
  }
  return bytes;
}

/** Most bits of one data phase without DMA: the whole buffer. */
const MAX_BITS = BUFFER_BYTES * 8;

/** What DMA offers to a transfer: bytes for the MOSI phase, a place for those of the MISO phase. */
export interface TransactionDma {
  readonly feedsOutput: boolean;
  readonly takesInput: boolean;
  output(count: number): Uint8Array;
}

/** Bytes of the MOSI phase, from the outlink when one is started. */
function mosiBytes(
  bank: SpiBank,
  buffer: Uint8Array,
  bits: number,
  dma: TransactionDma,
): Uint8Array {
  if (!dma.feedsOutput) {
    const from = bank.getField('USER', 'USR_MOSI_HIGHPART') * HALF;
    return outputBytes(bank, buffer, from, bits);
  }
  const bytes = dma.output((bits + 7) >> 3);
  return bank.getField('CTRL', 'WR_BIT_ORDER') === 1 ? bytes.map(reverseBits) : bytes;
}

/** The transfer that SPI_USR starts. */
export function userTransaction(
  bank: SpiBank,
  buffer: Uint8Array,
  dma: TransactionDma,
): Transaction {
  const on = (name: 'USR_COMMAND' | 'USR_ADDR' | 'USR_DUMMY' | 'USR_MOSI' | 'USR_MISO'): boolean =>
    bank.getField('USER', name) === 1;
  const lsbFirst = bank.getField('CTRL', 'WR_BIT_ORDER') === 1;
  const wave = new Wave();
  const reading = on('USR_MISO') && !on('USR_MOSI');
  const address = (reading ? readLines(bank) : writeLines(bank)).address;
  if (on('USR_COMMAND')) {
    const bits = bank.getField('USER2', 'USR_COMMAND_BITLEN') + 1;
    wave.bits(commandBytes(bank.getField('USER2', 'USR_COMMAND_VALUE'), lsbFirst), bits, 1);
  }
  if (on('USR_ADDR')) {
    const bits = bank.getField('USER1', 'USR_ADDR_BITLEN') + 1;
    wave.bits(addressBytes(bank, lsbFirst), bits, address);
  }
  if (on('USR_DUMMY')) wave.wait(bank.getField('USER1', 'USR_DUMMY_CYCLELEN') + 1);
  const outputStart = wave.length;
  const mosiBits = phaseBits(bank.getField('MOSI_DLEN', 'USR_MOSI_DBITLEN'), dma.feedsOutput);
  if (on('USR_MOSI'))
    wave.bits(mosiBytes(bank, buffer, mosiBits, dma), mosiBits, writeLines(bank).data);
  if (!on('USR_MISO')) return output(wave);
  const landing = dma.takesInput ? 'dma' : 'buffer';
  const landingByte = bank.getField('USER', 'USR_MISO_HIGHPART') * HALF;
  const misoBits = phaseBits(bank.getField('MISO_DLEN', 'USR_MISO_DBITLEN'), dma.takesInput);
  if (bank.getField('USER', 'DOUTDIN') === 1 && on('USR_MOSI')) {
    const bits = landing === 'dma' ? Math.min(mosiBits, misoBits) : mosiBits;
    return input(wave, outputStart, bits, 1, landing, landingByte);
  }
  const threeWire = bank.getField('USER', 'SIO') === 1;
  return receive(wave, misoBits, readLines(bank).data, landing, landingByte, threeWire);
}

/** Length of a data phase: without DMA the buffer bounds it. */
function phaseBits(bitLength: number, dma: boolean): number {
  return dma ? bitLength + 1 : Math.min(bitLength + 1, MAX_BITS);
}

/** The transfer of the flash command bits set in `cmd`; undefined when none is set. */
export function flashTransaction(
  bank: SpiBank,
  buffer: Uint8Array,
  isSet: (bit: string) => boolean,
): Transaction | undefined {
  const row = FLASH_COMMANDS.find((candidate) => isSet(candidate.bit));
  if (row === undefined) return undefined;
  const wave = new Wave();
  const address = bank.get('ADDR');
  const reading = row.receive === 'buffer';
  const lines = reading ? readLines(bank) : ({ address: 1, data: 1 } as const);
  wave.bits([reading ? readOpcode(bank) : row.opcode], 8, 1);
  if (row.address) {
    wave.bits([address >>> 16, address >>> 8, address].map(lowByte), 24, lines.address);
    if (reading) readTurnaround(wave, bank, lines.address);
  }
  return flashData(row, wave, bank, buffer, lines.data);
}

function flashData(
  row: FlashCommand,
  wave: Wave,
  bank: SpiBank,
  buffer: Uint8Array,
  lines: SpiLines,
): Transaction {
  const count = Math.min(bank.get('ADDR') >>> 24, BUFFER_BYTES) * 8;
  if (row.send === 'buffer') wave.bits(outputBytes(bank, buffer, 0, count), count, 1);
  if (row.send === 'status') {
    const status = bank.getField('RD_STATUS', 'STATUS');
    const bits = bank.getField('CTRL', 'WRSR_2B') === 1 ? 16 : 8;
    wave.bits([lowByte(status), status >>> 8], bits, 1);
  }
  switch (row.receive) {
    case 'id':
      return receive(wave, 24, 1, 'buffer', 0);
    case 'status':
      return receive(wave, 8, 1, 'status', 0);
    case 'signature':
      wave.idle(24);
      return receive(wave, 8, 1, 'status', 0);
    case 'buffer':
      return receive(wave, count, lines, 'buffer', 0);
    case 'none':
      return output(wave);
  }
}

const lowByte = (value: number): number => value & 0xff;

/** Opcode of FLASH_READ in the read mode of CTRL. */
function readOpcode(bank: SpiBank): number {
  if (bank.getField('CTRL', 'FASTRD_MODE') === 0) return 0x03;
  if (bank.getField('CTRL', 'FREAD_QIO') === 1) return 0xeb;
  if (bank.getField('CTRL', 'FREAD_DIO') === 1) return 0xbb;
  if (bank.getField('CTRL', 'FREAD_QUAD') === 1) return 0x6b;
  if (bank.getField('CTRL', 'FREAD_DUAL') === 1) return 0x3b;
  return 0x0b;
}

/** Mode byte (WB_MODE) and dummy clocks of FLASH_READ, as the flash of that opcode wants them. */
function readTurnaround(wave: Wave, bank: SpiBank, addressLines: SpiLines): void {
  if (bank.getField('CTRL', 'FASTRD_MODE') === 0) return;
  if (addressLines === 1) return wave.idle(8);
  wave.bits([bank.getField('RD_STATUS', 'WB_MODE')], 8, addressLines);
  if (addressLines === 4) wave.idle(4);
}

function output(wave: Wave): Transaction {
  return input(wave, wave.length, 0, 1, 'none', 0);
}

function receive(
  wave: Wave,
  bits: number,
  lines: SpiLines,
  landing: Landing,
  landingByte: number,
  threeWire = false,
): Transaction {
  const first = wave.length;
  wave.idle(Math.ceil(bits / lines));
  const transaction = input(wave, first, bits, lines, landing, landingByte);
  const releaseFrom = wave.dummy.to === first ? wave.dummy.from : first;
  return { ...transaction, releaseFrom, threeWire };
}

function input(
  wave: Wave,
  firstSample: number,
  sampleCount: number,
  sampleLines: SpiLines,
  landing: Landing,
  landingByte: number,
): Transaction {
  const out = wave.finish();
  return {
    out,
    firstSample,
    sampleCount,
    sampleLines,
    lines: wave.lineCounts(),
    dummyFrom: wave.dummy.from,
    dummyTo: wave.dummy.to,
    releaseFrom: out.length,
    threeWire: false,
    landing,
    landingByte,
  };
}
