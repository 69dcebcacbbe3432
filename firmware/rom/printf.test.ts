/** printf and scanf of the C library: texts, results and memory are those of the mask ROM. */
import { beforeAll, describe, expect, it } from 'vitest';
import { haveRealFiles } from '../../emulator/loader/real.fixtures.ts';
import { Random, RomPair } from './differential.fixtures.ts';
import { installLibc, REENT, resetLibc, written } from './libc.fixtures.ts';
import { DATA, type RomCaller } from './rom-caller.fixtures.ts';

const FORMAT = DATA + 0x400;
const STRING = DATA + 0x600;
const OUT = DATA;
/** A va_list of this many words, none of them in registers. */
const LIST = DATA + 0x800;

const conversion = (r: Random): string => {
  const some = (text: string): string => [...text].filter(() => r.below(4) === 0).join('');
  const width = r.pick(['', '', '1', '5', '12', '20', '*']);
  const precision = r.pick(['', '', '', '.', '.0', '.3', '.9', '.*']);
  const kind = r.pick([...'diuxXopcs%']);
  const flags = some('#-0+ ');
  // Here the mask ROM's result depends on what its stack happens to hold.
  const isOpen = kind === 'o' && flags.includes('#') && precision !== '';
  return `%${flags}${width}${isOpen ? '' : precision}${r.pick(['', '', '', 'h', 'l'])}${kind}`;
};

/** Format of some conversions and the arguments that it takes. */
function print(r: Random): { format: string; values: number[] } {
  let format = '';
  const values: number[] = [];
  for (let i = r.between(1, 4); i > 0; i--) {
    const part = conversion(r);
    format += `${r.pick(['', 'a', ', ', '\n'])}${part}`;
    for (const c of part) if (c === '*') values.push(r.between(-15, 15));
    if (part.endsWith('s')) values.push(STRING + r.below(12));
    else if (!part.endsWith('%')) values.push(r.word());
  }
  return { format, values };
}

describe.skipIf(!haveRealFiles())('printf', () => {
  let pair: RomPair;
  beforeAll(() => {
    pair = new RomPair();
    for (const caller of pair.both) installLibc(caller);
    pair.string(STRING, 'Hello, world');
  });
  const both = (what: unknown, act: (caller: RomCaller) => unknown): void => {
    const [open, mask] = pair.both.map((caller) => {
      resetLibc(caller);
      for (let i = 0; i < 48; i++) caller.write32(OUT + i * 4, 0x5a5a5a5a);
      return { what, result: act(caller), text: written(caller), out: caller.words(OUT, 48) };
    });
    expect(open).toEqual(mask);
  };

  it('sprintf and snprintf of random formats', () => {
    const random = new Random(31);
    for (let i = 0; i < 250; i++) {
      const { format, values } = print(random);
      const room = random.pick([0, 1, 5, 20, 190]);
      pair.string(FORMAT, format);
      both([i, format, values], (caller) => caller.call('sprintf', OUT, FORMAT, ...values));
      both([i, room, format, values], (caller) =>
        caller.call('snprintf', OUT, room, FORMAT, ...values),
      );
    }
  });

  it('printf and fprintf reach the terminal, also through the reentrant names', () => {
    const random = new Random(32);
    for (let i = 0; i < 40; i++) {
      const { format, values } = print(random);
      pair.string(FORMAT, format);
      both([i, format], (caller) => {
        const results = [
          caller.call('printf', FORMAT, ...values),
          caller.call('_printf_r', REENT, FORMAT, ...values),
        ];
        const [out, err] = [caller.read32(REENT + 8), caller.read32(REENT + 12)];
        results.push(
          caller.call('fprintf', out, FORMAT, ...values),
          caller.call('_fprintf_r', REENT, err, FORMAT, ...values),
        );
        caller.call('fflush', 0);
        return results;
      });
    }
  });

  it('asprintf and asnprintf take memory as they need it', () => {
    const random = new Random(33);
    for (let i = 0; i < 40; i++) {
      const { format, values } = print(random);
      pair.string(FORMAT, `${format}${'.'.repeat(random.below(80))}`);
      both([i, format], (caller) => {
        const results: unknown[] = [
          caller.call('asprintf', OUT, FORMAT, ...values),
          caller.stringAt(caller.read32(OUT)),
        ];
        caller.write32(OUT + 4, i % 3 === 0 ? 8 : 100);
        results.push(
          caller.stringAt(caller.call('asnprintf', OUT + 8, OUT + 4, FORMAT, ...values)),
          caller.read32(OUT + 4),
        );
        results.push(
          caller.call('_asprintf_r', REENT, OUT, FORMAT, ...values),
          caller.stringAt(caller.read32(OUT)),
        );
        caller.write32(OUT, 0);
        return results;
      });
    }
  });

  it('functions with a va_list', () => {
    const random = new Random(34);
    for (let i = 0; i < 30; i++) {
      const { format, values } = print(random);
      pair.string(FORMAT, format);
      const list = [LIST - 32, 0, 32] as const;
      values.forEach((value, j) =>
        pair.both.forEach((caller) => caller.write32(LIST + j * 4, value)),
      );
      both([i, format], (caller) => [
        caller.call('vsprintf', OUT, FORMAT, ...list),
        caller.call('_vsprintf_r', REENT, OUT, FORMAT, ...list),
        caller.call('vsnprintf', OUT, 30, FORMAT, ...list),
        caller.call('_vsnprintf_r', REENT, OUT, 12, FORMAT, 0, 0, ...list),
        caller.call('vprintf', FORMAT, ...list),
        caller.call('_vprintf_r', REENT, FORMAT, ...list),
        caller.call('vfprintf', caller.read32(REENT + 8), FORMAT, ...list),
        caller.call('_vfprintf_r', REENT, caller.read32(REENT + 8), FORMAT, ...list),
        caller.call('fflush', 0),
      ]);
    }
  });
});

const SCANS: readonly (readonly [format: string, texts: readonly string[]])[] = [
  ['%d%d %d', ['1 -2 +3', '12', '', '  7 x', '99999999999 5 6']],
  ['%i %i %i', ['0x1f 017 9', '0x', '-0x7f 08 1', '0xg 1']],
  ['%u,%x,%o', ['5,ff,17', '5,0xFF,18', '-1,-1,-1', '5 ,1']],
  ['%3d%2x%4s', ['12345abcdef', '1 2 3', '-123456789']],
  ['%s %s', ['hello world', '  one', 'a\tb c', '']],
  ['%c%c%3c', ['abcdef', 'a ', ' bcde']],
  ['%[a-z]%[^0-9]%d', ['abcXYZ42', 'ABC', 'abc-9', 'abc']],
  ['%*d %*s %d', ['1 two 3', '1']],
  ['%hd %ld %hu', ['70000 70000 70000', '-1 -1 -1']],
  ['a%%b %n%d%n', ['a%b 12x', 'a%c', 'ab']],
  ['%p', ['0x3ffc0000', 'deadbeef', 'xyz']],
  ['<%d>', ['<5>', '<', ' <5>', '<5']],
  [' %d ; %s', ['5;x', '  5 ; yy', '5 : x']],
  [
    '%40d',
    ['000000000000000000000000000000000000000000005', '12345678901234567890123456789012345678901'],
  ],
  ['%i', ['00000000000000000000000000000000000000000000012', '0']],
];

describe.skipIf(!haveRealFiles())('scanf', () => {
  let pair: RomPair;
  beforeAll(() => {
    pair = new RomPair();
    for (const caller of pair.both) installLibc(caller);
  });
  const targets = [OUT, OUT + 64, OUT + 128, OUT + 192] as const;

  it.each(SCANS)('%s', (format, texts) => {
    pair.string(FORMAT, format);
    for (const text of texts) {
      pair.string(STRING, text);
      const [open, mask] = pair.both.map((caller) => {
        const outcome = (result: number): unknown => [text, result | 0, caller.words(OUT, 64)];
        const clear = (): void => {
          for (let i = 0; i < 64; i++) caller.write32(OUT + i * 4, 0x5a5a5a5a);
        };
        resetLibc(caller, text);
        clear();
        const results = [outcome(caller.call('sscanf', STRING, FORMAT, ...targets))];
        clear();
        results.push(outcome(caller.call('_sscanf_r', REENT, STRING, FORMAT, ...targets)));
        clear();
        results.push(outcome(caller.call('scanf', FORMAT, ...targets)));
        const list = [LIST - 32, 0, 32] as const;
        targets.forEach((at, j) => caller.write32(LIST + j * 4, at));
        clear();
        results.push(outcome(caller.call('vsscanf', STRING, FORMAT, ...list)));
        return results;
      });
      expect(open).toEqual(mask);
    }
  });
});
