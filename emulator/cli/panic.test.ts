import { expect, it } from 'vitest';
import { PanicDecoder } from './panic.ts';

function decode(text: string): { said: string[]; backtraces: string[][] } {
  const said: string[] = [];
  const decoder = new PanicDecoder({
    describe: (address) => `<${address.toString(16)}>`,
    say: (line) => said.push(line),
  });
  decoder.print(text);
  decoder.end();
  return { said, backtraces: decoder.backtraces };
}

it.each([
  [
    'IDF 5',
    '\r\nBacktrace: 0x400d525d:0x3ffb46b0 0x400d316e:0x3ffb46e0\r\n',
    ['<400d525d>', '<400d316e>'],
  ],
  ['IDF 4.4', 'Backtrace:0x400d525d:0x3ffb46b0 |<-CORRUPTED\n', ['<400d525d>']],
  ['IDF 3.0', 'Backtrace: 0x4008359D:0x3ffe3ab0  \n', ['<4008359d>']],
  ['coloured', '\x1b[31mBacktrace: 0x400d525d:0x3ffb46b0\x1b[0m\n', ['<400d525d>']],
  [
    'esp-backtrace',
    'Backtrace:\r\n\r\n0x400d1234\r\n0x40081234 - main\r\nbye\r\n',
    ['<400d1234>', '<40081234>'],
  ],
  ['without its line end', 'Backtrace: 0x400d525d:0x3ffb46b0', ['<400d525d>']],
])('decodes a backtrace: %s', (_name, text, frames) => {
  const { said, backtraces } = decode(text);
  expect(backtraces).toEqual([frames]);
  expect(said).toEqual([['backtrace:', ...frames].join('\n  ')]);
});

it('takes no stack pointer for code, and ordinary lines for nothing', () => {
  expect(decode('Backtrace: 0x3ffb46b0 none\n0x400d1234 is an address\n').said).toEqual([]);
});

it('is bounded, whatever the guest prints', () => {
  const line = `Backtrace: ${'0x400d0000:0x3ffb0000 '.repeat(1000)}\n`;
  const { backtraces } = decode(line.repeat(200));
  expect(backtraces.length).toBe(100);
  expect(backtraces[0]!.length).toBe(100);
});
