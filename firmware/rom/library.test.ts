/** Strings, numbers and time of the C library: the open ROM does what the mask ROM does. */
import { beforeAll, describe, expect, it } from 'vitest';
import { haveRealFiles } from '../../emulator/loader/real.fixtures.ts';
import { Random, RomPair, type Subject } from './differential.fixtures.ts';
import { installLibc, setEnvironment } from './libc.fixtures.ts';
import { DATA } from './rom-caller.fixtures.ts';

type Write = Parameters<Subject['args']>[1];
const SIZE = 256;
const LEFT = DATA;
const RIGHT = DATA + 0x80;

/** A zero-terminated string of few different letters, so that searches find something. */
function text(r: Random, write: Write, at: number, longest = 40): number {
  const bytes = r
    .bytes(r.below(longest))
    .map((b) => r.pick([97, 98, 65, 66, 0x20, 0xe4, 32 + (b % 90)]));
  return write(at + r.below(4), [...bytes, 0]);
}
const letter = (r: Random): number => r.pick([97, 98, 65, 0xe4, 0, 0x20, r.below(256)]);
const strings = (names: string, args: Subject['args'], result: Subject['result'] = 'u32') =>
  names.split(' ').map((name): Subject => ({ name, args, result, memory: SIZE }));

const one: Subject['args'] = (r, w) => [text(r, w, LEFT)];
const two: Subject['args'] = (r, w) => [text(r, w, LEFT), text(r, w, RIGHT)];
/** Two strings with a common start. */
const alike: Subject['args'] = (r, w) => {
  const bytes = r.bytes(r.below(30)).map((b) => 65 + (b % 58));
  const end = [...r.bytes(r.below(3)).map((b) => 97 + (b % 4)), 0];
  return [
    w(LEFT + r.below(4), [...bytes, ...end]),
    w(RIGHT + r.below(4), [...bytes.map((b) => b ^ (r.below(40) === 0 ? 32 : 0)), 0]),
  ];
};
const counted =
  (args: Subject['args'], most = 48): Subject['args'] =>
  (r, w) => [...args(r, w), r.below(most)];
const part: Subject['args'] = (r, w) => [text(r, w, LEFT, 60), text(r, w, RIGHT, 4)];
const number: Subject['args'] = (r, w) => {
  const base = r.pick([0, 0, 2, 8, 10, 10, 16, 36]);
  const digits = r
    .word()
    .toString(base === 0 ? r.pick([8, 10, 16]) : base)
    .slice(0, r.between(0, 33));
  const start = r.pick(['', '-', '+', ' ', '\t -', '0x', '-0X', '0', '0x ', '00']);
  w(
    LEFT,
    Buffer.from(
      `${start}${r.below(2) ? digits : digits.toUpperCase()}${r.pick(['', ' ', 'z', '9999999999', '.5'])}\0`,
    ),
  );
  return [LEFT, r.below(4) === 0 ? 0 : RIGHT, base];
};

const SUBJECTS: readonly Subject[] = [
  ...strings('strlen strupr strlwr', one),
  ...strings('strcpy strspn strcspn strstr strcasestr', two),
  ...strings('strstr strcasestr strspn strcspn', part),
  ...strings('strcat', (r, w) => [text(r, w, LEFT, 30), text(r, w, RIGHT, 30)]),
  ...strings('strcmp strcoll strcasecmp', alike, 'sign'),
  ...strings('strncmp strncasecmp', counted(alike), 'sign'),
  ...strings('strncpy strlcpy strlcat strncat', counted(two)),
  ...strings('strnlen', counted(one)),
  ...strings('strchr strrchr', (r, w) => [text(r, w, LEFT), letter(r)]),
  ...strings('memchr memrchr', (r, w) => [text(r, w, LEFT), letter(r), r.below(48)]),
  ...strings('memccpy', (r, w) => [RIGHT, text(r, w, LEFT), letter(r), r.below(48)]),
  ...strings('memcmp', counted(alike, 32), 'sign'),
  ...strings('memcpy', (r) => [LEFT + r.below(8), RIGHT + r.below(8), r.below(100)]),
  ...strings('memmove', (r) => [LEFT + r.below(60), LEFT + r.below(60), r.below(100)]),
  ...strings('memset', (r) => [LEFT + r.below(8), r.word(), r.below(100)]),
  ...strings('bzero', (r) => [LEFT + r.below(8), r.below(100)], 'none'),
  ...strings('xthal_memcpy', (r) => [LEFT + r.below(8), RIGHT + r.below(8), r.below(100)]),
  ...strings('xthal_bcopy', (r) => [RIGHT + r.below(8), LEFT + r.below(8), r.below(100)], 'none'),
  ...strings('__strtok_r', (r, w) => [
    r.below(3) ? text(r, w, LEFT) : 0,
    text(r, w, RIGHT, 4),
    w(DATA + 0xf0, [0, 0, 0, 0]),
    1,
  ]),
  ...strings('strsep', (r, w) => {
    const at = text(r, w, LEFT);
    w(DATA + 0xf0, [at & 255, (at >> 8) & 255, (at >> 16) & 255, at >>> 24]);
    return [DATA + 0xf0, text(r, w, RIGHT, 4)];
  }),
  ...strings('strtol strtoul', number),
  ...strings('_strtol_r _strtoul_r', (r, w) => [DATA + 0xf0, ...number(r, w)]),
  ...strings('atoi atol', (r, w) => number(r, w).slice(0, 1)),
  ...strings('itoa utoa', (r) => [r.word(), DATA, r.pick([2, 3, 8, 10, 16, 36])]),
  ...strings('__itoa __utoa', (r) => [r.word(), DATA, r.between(0, 40)]),
  ...strings('rand_r', (r, w) => {
    if (r.below(4) === 0) w(DATA, [0, 0, 0, 0]);
    else w(DATA + 3, [r.below(128)]);
    return [DATA];
  }),
  ...strings(
    'isalnum isalpha isblank iscntrl isdigit islower isgraph isprint ispunct isspace isupper tolower toupper',
    (r) => [r.below(257) - 1],
  ),
  ...strings('isascii toascii', (r) => [r.between(-300, 600)]),
  ...strings('abs labs', (r) => [r.word()]),
  ...strings('roundup2', (r) => [r.word(), 1 << r.below(12)]),
  ...strings('multofup', (r) => [r.word(), r.between(1, 2000)]),
  ...strings('div ldiv', (r) => [r.word(), r.word() || 1], 'u64'),
];
/** Of these only whether the result is 0 counts. */
const TESTS = /^is/;

describe.skipIf(!haveRealFiles())('chains of DMA descriptors', () => {
  it('are built, followed and handed over alike', () => {
    const pair = new RomPair();
    const random = new Random(21);
    for (let i = 0; i < 60; i++) {
      const block = random.pick([4, 16, 100, 4092]);
      const count = random.between(1, 12);
      const length = block * count + random.below(block);
      const owner = random.below(2);
      const use = random.between(1, count);
      pair.write(DATA, random.bytes(256));
      const [open, mask] = pair.both.map((caller) => {
        caller.call(
          'lldesc_build_chain',
          DATA,
          240,
          DATA + 0x1000,
          length,
          block,
          owner,
          DATA + 248,
          DATA + 252,
        );
        const built = caller.words(DATA, 64);
        const last = caller.call('lldesc_num2link', DATA, use);
        return [
          built,
          last,
          caller.call('lldesc_set_owner', DATA, use, 1 - owner),
          caller.words(DATA, 64),
        ];
      });
      expect(open).toEqual(mask);
    }
  });
});

describe.skipIf(!haveRealFiles())('strings and numbers', () => {
  let pair: RomPair;
  beforeAll(() => {
    pair = new RomPair();
    for (const caller of pair.both) installLibc(caller);
  });

  it.each(SUBJECTS.filter(({ name }) => !TESTS.test(name)).map((s) => [s.name, s] as const))(
    '%s',
    (_, subject) => {
      expect(pair.compare(subject)).toEqual([]);
    },
  );

  it.each(SUBJECTS.filter(({ name }) => TESTS.test(name)).map((s) => [s.name] as const))(
    '%s',
    (name) => {
      for (let c = -1; c < 256; c++) {
        const [open, mask] = pair.both.map((caller) => caller.call(name, c) !== 0);
        expect([c, open]).toEqual([c, mask]);
      }
    },
  );

  it('rand and srand', () => {
    const [open, mask] = pair.both.map((caller) => {
      const first = Array.from({ length: 20 }, () => caller.call('rand'));
      caller.call('srand', 0xdeadbeef);
      return [...first, ...Array.from({ length: 20 }, () => caller.call('rand'))];
    });
    expect(open).toEqual(mask);
    expect(new Set(open).size).toBe(40);
  });

  it('localeconv, setlocale and the names of locales', () => {
    const words = (name: string, ...args: number[]): string[] =>
      pair.both.map((caller) => {
        const at = caller.call(name, ...args);
        return at === 0 ? '' : caller.stringAt(at);
      });
    for (const name of ['C', 'POSIX', '', 'de_DE']) {
      pair.string(DATA, name);
      const [open, mask] = words('setlocale', 0, DATA);
      expect([name, open]).toEqual([name, mask]);
    }
    for (const name of ['__locale_charset', '__locale_msgcharset']) {
      const [open, mask] = words(name);
      expect([name, open]).toEqual([name, mask]);
    }
    for (const name of ['__locale_mb_cur_max', '__locale_cjk_lang'])
      expect(pair.open.call(name)).toBe(pair.mask.call(name));
    const points = pair.both.map((caller) =>
      caller.stringAt(caller.read32(caller.call('localeconv'))),
    );
    expect(points).toEqual(['.', '.']);
  });
});

const ZONES = [
  'UTC0',
  'CET-1CEST,M3.5.0,M10.5.0/3',
  'EST5EDT,M3.2.0,M11.1.0',
  'EST5EDT',
  'AEST-10AEDT,M10.1.0,M4.1.0/3',
  'IST-5:30',
  'NZST-12:00:00NZDT-13:00:00,J60/1,300/2:30:10',
  'LHST-10:30LHDT-11,M10.1.0,M4.1.0',
  '',
  undefined,
] as const;
const TM = DATA + 0x40;
const OUT = DATA + 0x80;
const ZONE_STATE = 0x3ffa_e038;
const FORMATS =
  '%a %A %b %B %c %C %d %D %e %F %H %I %j %k %l %m %M %n %p %r %R %S %t %T %u %U %w %W %x %X %y %Y %z %Z %% %G %g %V %Ey %Od'.split(
    ' ',
  );

describe.skipIf(!haveRealFiles())('time', () => {
  let pair: RomPair;
  beforeAll(() => {
    pair = new RomPair();
    for (const caller of pair.both) installLibc(caller);
  });

  const use = (tz: string | undefined): void => {
    for (const caller of pair.both) {
      setEnvironment(caller, DATA + 0x1000, ['HOME=/', ...(tz === undefined ? [] : [`TZ=${tz}`])]);
      caller.call('tzset');
    }
  };
  const moments = (r: Random): number =>
    r.pick([
      r.u32(),
      r.u32() >>> 1,
      0x7fffffff,
      0,
      951_782_400 + r.between(-90_000, 90_000),
      r.below(2 ** 31),
    ]) | 0;

  it.each(ZONES.map((tz) => [tz ?? '(none)', tz] as const))(
    'TZ %s: tzset, localtime_r, mktime',
    (_, tz) => {
      use(tz);
      const zones = pair.both.map((caller) => [
        caller.read32(0x3ffae0a0),
        caller.read32(0x3ffae0a4),
        ...[0, 1].map((i) => caller.stringAt(caller.read32(0x3ffae030 + i * 4))),
      ]);
      expect(zones[0]).toEqual(zones[1]);
      const random = new Random(7);
      for (let i = 0; i < 50; i++) {
        const t = random.below(3)
          ? random.u32() >>> 1
          : 1_700_000_000 + random.between(-20_000_000, 20_000_000);
        const results = pair.both.map((caller) => {
          caller.write32(DATA, t);
          caller.call('localtime_r', DATA, TM);
          return {
            tm: caller.words(TM, 9).map((v) => v | 0),
            zone: caller.words(ZONE_STATE, 16).filter((__, j) => j !== 2 && j !== 9),
          };
        });
        expect({ t, ...results[0] }).toEqual({ t, ...results[1] });
        const fields = [
          random.between(-5, 70),
          random.between(-3, 62),
          random.between(-3, 27),
          random.between(-2, 33),
          random.between(-2, 14),
          random.between(72, 137),
          0,
          0,
          random.between(-1, 1),
        ];
        const made = pair.both.map((caller) => {
          fields.forEach((v, j) => caller.write32(TM + j * 4, v));
          return { result: caller.call('mktime', TM), tm: caller.words(TM, 9).map((v) => v | 0) };
        });
        expect({ fields, ...made[0] }).toEqual({ fields, ...made[1] });
      }
    },
  );

  it('gmtime_r, asctime_r, ctime_r', () => {
    use('CET-1CEST,M3.5.0,M10.5.0/3');
    const random = new Random(11);
    for (let i = 0; i < 200; i++) {
      const t = moments(random);
      const [open, mask] = pair.both.map((caller) => {
        caller.write32(DATA, t);
        caller.call('gmtime_r', DATA, TM);
        caller.call('asctime_r', TM, OUT);
        const ascii = caller.stringAt(OUT);
        caller.call('ctime_r', DATA, OUT);
        return { t, tm: caller.words(TM, 9).map((v) => v | 0), ascii, local: caller.stringAt(OUT) };
      });
      expect(open).toEqual(mask);
    }
  });

  it('time, gmtime, localtime, asctime, ctime', () => {
    use('EST5EDT,M3.2.0,M11.1.0');
    const [open, mask] = pair.both.map((caller) => {
      const now = caller.call('time', DATA);
      const gm = caller.words(caller.call('gmtime', DATA), 9);
      const local = caller.words(caller.call('localtime', DATA), 9);
      caller.call('gmtime_r', DATA, TM);
      const ascii = caller.stringAt(caller.call('asctime', TM));
      return {
        now,
        stored: caller.read32(DATA),
        gm,
        local,
        ascii,
        text: caller.stringAt(caller.call('ctime', DATA)),
      };
    });
    expect(open).toEqual(mask);
  });

  it.each(FORMATS)('strftime %s', (format) => {
    use('CET-1CEST,M3.5.0,M10.5.0/3');
    const random = new Random(13);
    pair.string(DATA + 0x100, `<${format}>`);
    for (let i = 0; i < 24; i++) {
      const t =
        i < 30
          ? random.below(2 ** 31)
          : (i - 30) * 86_400 * 365.25 + random.between(-300_000, 300_000);
      const room = random.below(8) === 0 ? random.below(12) : 64;
      const [open, mask] = pair.both.map((caller) => {
        caller.write32(DATA, t);
        caller.call('localtime_r', DATA, TM);
        caller.write32(OUT, 0);
        const length = caller.call('strftime', OUT, room, DATA + 0x100, TM);
        return { t, room, length, text: length === 0 ? '' : caller.stringAt(OUT) };
      });
      expect(open).toEqual(mask);
    }
  });
});
