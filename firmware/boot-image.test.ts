/**
 * Kernel images that the bootloader must refuse: each prints one line with the place, what is there and what is
 * expected, and stops PRO_CPU; RAM outside the allowed regions keeps what it held. On both boot ROMs.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Esp32, parseElf, parseRom } from '../emulator/index.ts';
import type { State } from '../emulator/index.ts';
import { readSymbols } from '../emulator/loader/elf.ts';
import { composeFlash } from '../emulator/loader/flash.ts';
import { imageProblems, parseImage } from '../emulator/loader/image.ts';
import type { EspImage } from '../emulator/loader/image.ts';
import { CodeHooks } from '../emulator/testing/code-hooks.ts';
import { imageFile, ROMS } from './board.fixtures.ts';

const MS = 480_000;
const KERNEL = 0x10000;
const PLACE = 'Bootloader: kernel image at 0x10000, offset ';

const bootloader = new Uint8Array(readFileSync(imageFile('bootloader.bin')));
const hello = new Uint8Array(readFileSync(imageFile('hello.bin')));

/** Where the bootloader begins with the image. */
const LOADER = readSymbols(
  parseElf(new Uint8Array(readFileSync(imageFile('bootloader.elf'))), 'bootloader.elf'),
).find(({ name }) => name === 'boot_image_load')!.address;

interface Segment {
  readonly address: number;
  readonly data: Uint8Array;
}

const word = (value: number): number[] => [0, 8, 16, 24].map((bit) => (value >>> bit) & 0xff);

/** Checksum and hash made new behind the segments as the header counts them, as far as that is possible. */
function sealed(image: Uint8Array): Uint8Array {
  const view = new DataView(image.buffer);
  let at = 24;
  let sum = 0xef;
  for (let left = image[1]!; left > 0; left--) {
    if (at + 8 > image.length) return image;
    const length = view.getUint32(at + 4, true);
    if (length > image.length) return image;
    at += 8;
    for (const byte of image.subarray(at, at + length)) sum ^= byte;
    at += length;
  }
  if ((at | 15) + 1 + (image[23] === 1 ? 32 : 0) > image.length) return image;
  image[at | 15] = sum;
  const end = (at | 15) + 1;
  if (image[23] === 1) image.set(createHash('sha256').update(image.subarray(0, end)).digest(), end);
  return image;
}

function imageOf(segments: readonly Segment[], entry: number, hash = 1): Uint8Array {
  const header = [
    0xe9,
    segments.length,
    2,
    0x20,
    ...word(entry),
    0xee,
    ...new Array<number>(15).fill(0),
  ];
  header[23] = hash;
  const parts = segments.flatMap(({ address, data }) => [
    ...word(address),
    ...word(data.length),
    ...data,
  ]);
  const size = ((header.length + parts.length) | 15) + 1;
  const image = new Uint8Array(size + 32 * hash);
  image.set([...header, ...parts]);
  return sealed(image);
}

/** An image with hello's bytes at the places that `change` gives, with checksum and hash of the new bytes. */
function changed(
  ...changes: readonly (readonly [at: number, bytes: readonly number[]])[]
): Uint8Array {
  const image = hello.slice();
  for (const [at, bytes] of changes) image.set(bytes, at);
  return sealed(image);
}

const ENTRY = 0x4008_0000;
/** Of the image of the fuzz: its mapped code. */
const MAPPED_ENTRY = 0x400d_0000;
const CODE: Segment = { address: ENTRY, data: new Uint8Array(64).fill(0x3d) };
const segment = (address: number, size = 16): Segment => ({ address, data: new Uint8Array(size) });
const withSegment = (address: number, size?: number): Uint8Array =>
  imageOf([CODE, segment(address, size)], ENTRY);

/** RAM by block: first data address of each piece, its block and offset, as the memory map has them. */
// prettier-ignore
const RAM = [
  { block: 'SRAM0', at: 0x4007_0000, size: 0x30000 },
  { block: 'SRAM2', at: 0x3ffa_e000, size: 0x32000 },
  { block: 'SRAM1', at: 0x3ffe_0000, size: 0x20000 },
  { block: 'RTC_SLOW', at: 0x5000_0000, size: 0x2000 },
  { block: 'RTC_FAST', at: 0x400c_0000, size: 0x2000 },
] as const;
/** The bootloader's stacks and data; ROM data and stacks, which APP_CPU's ROM writes when it starts. */
const OWN = [0x3fff_b000, 0x4000_0000] as const;
const ROM_DATA = [0x3ffe_0000, 0x3ffe_8000] as const;

type Range = readonly [start: number, end: number];

/** The chip when the bootloader is about to look at the image. */
class Bench {
  private readonly chip: Esp32;
  private readonly start: State;
  private readonly before: readonly Uint8Array[];
  private text = '';
  /** Addresses written since, when a core came to the image's entry. */
  private entered: readonly number[] | undefined;

  constructor(rom: string) {
    const piece = (offset: number, file: string, bytes: Uint8Array) => ({ offset, file, bytes });
    const pieces = [piece(0x1000, 'bootloader.bin', bootloader), piece(KERNEL, 'hello.bin', hello)];
    const flash = composeFlash(pieces, { sizeBytes: 4 << 20 }).bytes;
    this.chip = new Esp32({ rom: parseRom(new Uint8Array(readFileSync(rom)), rom), flash });
    this.chip.uart0.onByte((byte) => (this.text += String.fromCharCode(byte)));
    const hooks = new CodeHooks(this.chip);
    const remove = hooks.add(LOADER, () => this.chip.requestStop());
    this.chip.runUntil(100 * MS);
    remove();
    this.start = this.chip.save();
    this.before = RAM.map(({ block }) => this.chip.memory.block(block).slice());
    for (const entry of [entryOf(hello), ENTRY, MAPPED_ENTRY])
      hooks.add(entry, () => {
        this.entered ??= this.writes();
        this.chip.requestStop();
      });
  }

  /** Addresses of the bytes of RAM that are not what they were. */
  private writes(): number[] {
    const addresses: number[] = [];
    RAM.forEach(({ block, at }, i) => {
      const [was, is] = [this.before[i]!, this.chip.memory.block(block)];
      for (let n = 0; n < is.length; n++) if (is[n] !== was[n]) addresses.push(at + n);
    });
    return addresses;
  }

  /** What the bootloader says of an image; empty: a core is about to run it. `written` leaves out `but`. */
  run(image: Uint8Array, but: readonly Range[] = []): { said: string; written: number[] } {
    const { chip } = this;
    chip.restore(this.start);
    this.text = '';
    this.entered = undefined;
    const flash = chip.memory.block('FLASH');
    flash.fill(0xff, KERNEL);
    flash.set(image, KERNEL);
    for (let ms = 0; ms < 600 && this.entered === undefined; ms++) {
      chip.runUntil(chip.now + MS);
      // The line `Bootloader ready` comes first.
      if (/\n.+\n$/.test(this.text) && chip.cores[0].cpu.waiting !== 0) break;
    }
    const ranges = this.entered === undefined ? [OWN, ...but] : [OWN, ROM_DATA, ...but];
    const written = (this.entered ?? this.writes()).filter(
      (at) => !ranges.some(([start, end]) => at >= start && at < end),
    );
    const said = this.text.slice(this.text.indexOf('\n') + 1);
    return { said: this.entered === undefined ? said : '', written };
  }
}

const SEED = 0x4c33;
const CASES = 60;
const ONE_LINE =
  /^Bootloader: kernel image at 0x10000, offset 0x[0-9a-f]+: [^\r\n]* expected[^\r\n]*\r\n$/;
/** The README's table of what a segment may be loaded to, and the windows that show flash. */
const RAM_REGIONS: readonly Range[] = [
  [0x4008_0000, 0x4009_e000],
  [0x3ffb_0000, 0x3ffe_0000],
  [0x3ffe_8000, 0x3fff_b000],
  [0x5000_0000, 0x5000_2000],
];
const WINDOWS: readonly Range[] = [
  [0x3f40_0000, 0x3f70_0000],
  [0x400d_0000, 0x4040_0000],
];

/** 0 up to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A good image with up to two fields of its headers changed, most with right sums. */
function wildImage(random: () => number): { image: Uint8Array; what: string } {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const sizes = [16, 32, 48].map((size) => size + 4 * Math.floor(random() * 8));
  const image = imageOf(
    [
      CODE,
      segment(0x3ffb_0000, sizes[0]!),
      segment(0x3fff_a000, sizes[1]!),
      segment(0x5000_0100, sizes[2]!),
    ],
    ENTRY,
    random() < 0.7 ? 1 : 0,
  );
  const headers = [24];
  for (const size of [CODE.data.length, ...sizes.slice(0, 2)])
    headers.push(headers.at(-1)! + 8 + size);
  const edges = [...RAM_REGIONS, ...WINDOWS, OWN, ROM_DATA].flat();
  const values = [
    () => (pick(edges) + pick([-64, -16, -4, 0, 4, 16])) >>> 0,
    () => pick([0, 4, 0x10_0000, 0xffff_ffff, 0x8000_0000, 0xfff8]),
    () => Math.floor(random() * 2 ** 32),
    () => 4 * Math.floor(random() * 64),
  ];
  const notes: string[] = [];
  for (let left = pick([1, 1, 2]); left > 0; left--) {
    const value = pick(values)();
    if (random() < 0.3) {
      const at = Math.floor(random() * 24);
      image[at] = value & 0xff;
      notes.push(`byte ${at} = ${value & 0xff}`);
    } else {
      const at = pick(headers) + pick([0, 4]);
      image.set(word(value), at);
      notes.push(`word at ${at} = 0x${value.toString(16)}`);
    }
  }
  return { image: random() < 0.8 ? sealed(image) : image, what: notes.join(', ') };
}

/** The README's rules, by the emulator's own reader of images: the ranges written, or undefined when it is refused. */
function isLoadable(image: Uint8Array): Range[] | undefined {
  const flash = new Uint8Array(1 << 20).fill(0xff);
  flash.set(image);
  let parsed: EspImage;
  try {
    parsed = parseImage(flash, 'wild');
  } catch {
    return undefined;
  }
  const { segments, entry, chipId } = parsed;
  if (imageProblems(parsed).length > 0 || chipId !== 0 || flash[23]! > 1) return undefined;
  const within = (list: readonly Range[], start: number, end: number): boolean =>
    list.some(([from, to]) => start >= from && end <= to);
  const ranges: Range[] = [];
  let hasEntry = false;
  for (const { address, bytes, offset } of segments) {
    if (bytes.length % 4 !== 0) return undefined;
    if (address === 0) continue;
    const end = address + bytes.length;
    const isMapped = within(WINDOWS, address, end) && (address & 0xffff) === (offset & 0xffff);
    if (address % 4 !== 0 || !(isMapped || within(RAM_REGIONS, address, end))) return undefined;
    if (address >>> 28 === 4 && entry >= address && entry < end) hasEntry = true;
    if (!isMapped) ranges.push([address, end]);
  }
  return hasEntry ? ranges : undefined;
}

const entryOf = (image: Uint8Array): number =>
  new DataView(image.buffer, image.byteOffset).getUint32(4, true);

/** One line: place, what, expected. */
const line = (offset: number, what: string): string =>
  `${PLACE}0x${offset.toString(16)}: ${what}\r\n`;

const OUTSIDE =
  'all of it in IRAM, DRAM, RTC memory or a flash window and not on the bootloader expected';
const second = 24 + 8 + CODE.data.length;

// prettier-ignore
const REFUSED: readonly (readonly [name: string, image: Uint8Array, said: string])[] = [
  ['erased flash', new Uint8Array(0),
    line(0, 'first byte 0xff, 0xe9 expected (no image); flash one there')],
  ['wrong magic', changed([0, [0xe8]]),
    line(0, 'first byte 0xe8, 0xe9 expected (no image); flash one there')],
  ['no segment', changed([1, [0]]), line(1, 'segment count 0x0, 0x1 to 0x10 expected')],
  ['too many segments', changed([1, [17]]), line(1, 'segment count 0x11, 0x1 to 0x10 expected')],
  ['another chip', changed([12, [9, 0]]), line(12, 'chip id 0x9, 0x0 (ESP32) expected')],
  ['unknown hash flag', changed([23, [2]]), line(23, 'hash flag 0x2, 0x0 or 0x1 expected')],
  ['a segment in the peripherals', withSegment(0x3ff4_0000), line(second, `segment address 0x3ff40000, ${OUTSIDE}`)],
  ['a segment in ROM', withSegment(0x4000_0000), line(second, `segment address 0x40000000, ${OUTSIDE}`)],
  ['a segment on the caches', withSegment(0x4007_fff0), line(second, `segment address 0x4007fff0, ${OUTSIDE}`)],
  ['a segment on the boot ROM\'s data', withSegment(0x3ffe_0000), line(second, `segment address 0x3ffe0000, ${OUTSIDE}`)],
  ['a segment on the bootloader', withSegment(0x4009_e000), line(second, `segment address 0x4009e000, ${OUTSIDE}`)],
  ['a segment that ends on the bootloader', withSegment(0x4009_dff8), line(second, `segment address 0x4009dff8, ${OUTSIDE}`)],
  ['a segment on its stack', withSegment(0x3fff_aff4), line(second, `segment address 0x3fffaff4, ${OUTSIDE}`)],
  ['a segment on its data', withSegment(0x3fff_f000), line(second, `segment address 0x3ffff000, ${OUTSIDE}`)],
  ['a segment around the end of addresses', withSegment(0xffff_fff8), line(second, `segment address 0xfffffff8, ${OUTSIDE}`)],
  ['a segment on the window the image is read by', withSegment(0x3f70_0068),
    line(second, `segment address 0x3f700068, ${OUTSIDE}`)],
  ['an odd address', withSegment(0x3ffb_0002), line(second, 'segment address 0x3ffb0002, a multiple of 4 expected')],
  ['an odd length', changed([28, word(0x21)]), line(28, 'segment length 0x21, whole words that end within 1 MiB expected')],
  ['a length beyond what is read', changed([28, word(0x10_0000)]),
    line(28, 'segment length 0x100000, whole words that end within 1 MiB expected')],
  ['a length that wraps', changed([28, word(0xffff_fffc)]),
    line(28, 'segment length 0xfffffffc, whole words that end within 1 MiB expected')],
  ['a segment up to the very end, and one more', changed([1, [2]], [24, word(0)], [28, word(0xfffe0)]),
    line(0x100000, 'the 1 MiB that is read ends here with segments to come: 0x1, 0x0 and the checksums before it expected')],
  ['no room for the checksum', changed([1, [1]], [24, word(0)], [28, word(0xfffe0)]),
    line(0x10000f, 'the 1 MiB that is read ends here with segments to come: 0x0, 0x0 and the checksums before it expected')],
  ['a mapped segment at another place of its page', withSegment(0x3f40_0020),
    line(second, 'mapped segment at 0x3f400020, the same offset in 64 KiB as in flash expected')],
  ['an entry in data', imageOf([CODE, segment(0x3ffb_0000)], 0x3ffb_0000),
    line(4, 'entry 0x3ffb0000, an address in a segment of code expected')],
  ['an entry behind the code', imageOf([CODE], 0x4008_0040),
    line(4, 'entry 0x40080040, an address in a segment of code expected')],
];

describe.each(ROMS)('a kernel image on the %s', (_, rom) => {
  let shared: Bench | undefined;
  const bench = (): Bench => (shared ??= new Bench(rom));

  it(
    'is entered when it is right, with and without hash, and only its segments are written',
    { timeout: 60_000 },
    () => {
      for (const hash of [0, 1]) {
        const image = imageOf(
          [CODE, segment(0x3ffb_0000, 32), segment(0x5000_0000, 32)],
          ENTRY,
          hash,
        );
        const written = bench().run(image);
        expect(written.said).toBe('');
        expect(written.written.filter((at) => at < ENTRY || at >= ENTRY + 64)).toEqual([]);
        expect(written.written.length).toBeGreaterThan(0);
      }
    },
  );

  it.each(REFUSED)('%s', { timeout: 60_000 }, (_name, image, said) => {
    expect(bench().run(image)).toEqual({ said, written: [] });
  });

  it('one flipped bit anywhere changes the checksum or the hash', { timeout: 60_000 }, () => {
    const flipped = (at: number, bit: number): Uint8Array => {
      const image = hello.slice();
      image[at]! ^= 1 << bit;
      return image;
    };
    // In data; in a byte of the header that only the hash covers; in the hash.
    const sum = hello.subarray(0, hello.length - 32).at(-1)! ^ 0x10;
    expect(bench().run(flipped(0x100, 4)).said).toBe(
      line(
        hello.length - 33,
        `checksum is not that of the data, 0x${sum.toString(16)} expected; the image is damaged`,
      ),
    );
    const digest = (image: Uint8Array): string => {
      const hash = createHash('sha256')
        .update(image.subarray(0, image.length - 32))
        .digest();
      return hash.readUInt32LE(0).toString(16);
    };
    for (const [at, bit] of [
      [2, 3],
      [20, 0],
      [hello.length - 1, 7],
    ] as const) {
      const image = flipped(at, bit);
      expect(bench().run(image)).toEqual({
        said: line(
          hello.length - 32,
          `SHA-256 is not that of the data, first word 0x${digest(image)} expected; the image is damaged`,
        ),
        written: [],
      });
    }
  });

  it('two segments that want one page to show two places', { timeout: 60_000 }, () => {
    // The second one's data lies a page further in flash, at the same offset.
    const far = new Uint8Array(0x1_0000 - 8);
    const first: Segment = { address: 0x3f40_0000 + second + 8, data: new Uint8Array(16) };
    const at = second + 8 + 16 + 8 + far.length;
    const next: Segment = { address: 0x3f40_0000 + ((at + 8) & 0xffff), data: new Uint8Array(16) };
    const image = imageOf([CODE, first, { address: 0, data: far }, next], ENTRY);
    expect(bench().run(image, [[ENTRY, ENTRY + 64]])).toEqual({
      said: line(
        at,
        `mapped segment at 0x${next.address.toString(16)}, pages that no other segment maps to other flash expected`,
      ),
      written: [],
    });
  });

  it('a flash that was not written to the end', { timeout: 60_000 }, () => {
    const { said, written } = bench().run(hello.subarray(0, 0x3000));
    expect(said).toMatch(/: (checksum|segment|the 1 MiB).* expected.*\r\n$/);
    expect(written).toEqual([]);
  });

  it(
    `${CASES} images with wild headers, seed ${SEED}: a line or the entry, and only allowed writes`,
    { timeout: 240_000 },
    () => {
      const random = generator(SEED);
      let refused = 0;
      for (let n = 0; n < CASES; n++) {
        const { image, what } = wildImage(random);
        const good = isLoadable(image);
        const { said, written } = bench().run(image, good);
        const place = `case ${n}: ${what}`;
        if (good === undefined) expect(said, place).toMatch(ONE_LINE);
        else expect(said, place).toBe('');
        expect(written, place).toEqual([]);
        refused += good === undefined ? 1 : 0;
      }
      expect(refused).toBeGreaterThan(CASES / 3);
      expect(refused).toBeLessThan((CASES * 9) / 10);
    },
  );
});
