/** Firmware of the repository scans the bus while an EEPROM is silent or stretches the clock. */
import { describe, expect, it } from 'vitest';
import { createBoard } from '../../emulator/testing/board.ts';
import { ms, us } from '../../emulator/testing/units.ts';
import { Eeprom24Lc256 } from './eeprom-24lc256.ts';
import { I2cFault } from './i2c-fault.ts';

const BUS = { sda: 21, scl: 22 };
const IMAGES = 'firmware/images';
const PROMPT = 'lockstep32> ';

function booted() {
  const board = createBoard({
    firmware: ['0x1000', `${IMAGES}/bootloader.bin`, '0x10000', `${IMAGES}/shell.bin`],
    rom: 'open',
    devices: [() => new I2cFault(new Eeprom24Lc256(BUS), BUS)],
  });
  board.uart().expect(PROMPT, ms(200));
  const fault = (command: { nack: boolean } | { stretchUs: number }): void =>
    board.input({ kind: 'device', device: 'faulty 24LC256 0x50', command });
  const scan = (): string => {
    const before = board.uart().text.length;
    board.uart().ask('i2c scan', PROMPT, ms(900));
    return board.uart().text.slice(before);
  };
  return { board, fault, scan };
}

describe('an I2C device behind a fault', () => {
  it('answers, is silent, and answers again', () => {
    const { fault, scan } = booted();
    expect(scan()).toContain('0x50');
    fault({ nack: true });
    expect(scan()).not.toContain('0x50');
    fault({ nack: false });
    expect(scan()).toContain('0x50');
  });

  it('holds SCL low for as long as asked after each fall', () => {
    const { board, fault, scan } = booted();
    fault({ stretchUs: 20 });
    const scl = board.pin(BUS.scl);
    expect(scan()).toContain('0x50');
    const edges = scl.edges();
    const lows = edges.flatMap((edge, i) =>
      edge.kind === 'falling' && i + 1 < edges.length ? [edges[i + 1]!.tick - edge.tick] : [],
    );
    expect(lows.length).toBeGreaterThan(100);
    expect(Math.min(...lows)).toBeGreaterThanOrEqual(us(20).ticks);
  });
});
