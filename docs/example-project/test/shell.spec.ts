import { Button, Eeprom24Lc256, ms, seconds, us } from 'lockstep32';
import { firmwareTest } from 'lockstep32/vitest';
import { expect } from 'vitest';

const IMAGES = 'node_modules/lockstep32/firmware/images';
/** Your project: `firmware: 'build'`, the ESP-IDF build folder. */
const FIRMWARE = {
  firmware: ['0x1000', `${IMAGES}/bootloader.bin`, '0x10000', `${IMAGES}/shell.bin`],
  elf: `${IMAGES}/shell.elf`,
  rom: 'open',
};
const PROMPT = 'lockstep32> ';

const test = firmwareTest({
  ...FIRMWARE,
  devices: [() => new Eeprom24Lc256({ scl: 22, sda: 21 }), () => new Button({ pin: 4 })],
  boot: (board) => board.uart().expect(PROMPT, seconds(1)),
});

test('the shell answers', ({ board }) => {
  board.uart().send('help\r');
  expect(board).toPrint('this list', ms(100));
});

test('a pin follows the shell', ({ board }) => {
  const pin = board.pin(2);
  board.uart().ask('gpio 2 out', PROMPT, ms(200));
  board.uart().ask('gpio 2 1', PROMPT, ms(200));
  expect(pin).toHaveLevel(1);
  board.uart().ask('gpio 2 0', PROMPT, ms(200));
  expect(pin.edges().map(({ kind }) => kind)).toEqual(['rising', 'falling']);
});

test('the bus has an EEPROM', ({ board }) => {
  board.uart().send('i2c scan\r');
  expect(board).toPrint(/0x50/, ms(500));
});

test('a pressed button reads 0', ({ board }) => {
  board.uart().ask('gpio 4 in', PROMPT, ms(200));
  board.input({ kind: 'device', device: 'button GPIO4', command: 'press' });
  board.runFor(us(10));
  board.uart().send('gpio 4 read\r');
  expect(board).toPrint('GPIO4 is 0', ms(200));
});

test('a crash shows where, and the system goes on', ({ board }) => {
  board.uart().send('crash\r');
  expect(board).toPrint('StoreProhibited', ms(200));
  expect(board).toPrint('the other tasks go on', ms(200));
  board.uart().send('uptime\r');
  expect(board).toPrint('context switches', ms(200));
});

test('forks of one boot are the same to the last bit', ({ board }) => {
  const other = board.fork();
  board.runFor(ms(20));
  other.runFor(ms(20));
  expect(other.stateHash()).toBe(board.stateHash());
});
