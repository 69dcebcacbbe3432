/** Checksums, digests, AES, large numbers and decompression: the open ROM gives what the mask ROM gives. */
import { createCipheriv } from 'node:crypto';
import { constants, deflateRawSync, deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { haveRealFiles } from '../../emulator/loader/real.fixtures.ts';
import { Random, RomPair, type Subject } from './differential.fixtures.ts';
import { DATA, type RomCaller } from './rom-caller.fixtures.ts';

const bytes: Subject['args'] = (r) => [r.u32(), DATA + r.below(4), r.below(200)];
const CHECKSUMS: readonly Subject[] = [
  ...['crc32_le', 'crc32_be', 'mz_crc32'].map((name) => ({ name, args: bytes, memory: 256 })),
  ...['crc16_le', 'crc16_be'].map((name) => ({
    name,
    args: bytes,
    result: 'u16' as const,
    memory: 256,
  })),
  ...['crc8_le', 'crc8_be'].map((name) => ({
    name,
    args: bytes,
    result: 'u8' as const,
    memory: 256,
  })),
  {
    name: 'mz_adler32',
    args: (r, w) => [(r.below(65521) << 16) | r.below(65521), ...bytes(r, w).slice(1)],
    memory: 256,
  },
  { name: 'esp_crc8', args: (r, w) => bytes(r, w).slice(1), result: 'u8', memory: 256 },
];

/** In no list of addresses; a symbol of the ROM's ELF. */
const SHA_UPDATE_PATCH = 0x4006_5b20;

describe.skipIf(!haveRealFiles())('checksums and digests', () => {
  let pair: RomPair;
  beforeAll(() => (pair = new RomPair()) && undefined);

  it.each(CHECKSUMS.map((subject) => [subject.name, subject] as const))('%s', (_, subject) => {
    expect(pair.compare({ calls: 60, ...subject })).toEqual([]);
  });

  it('MD5 and SHA, context and digest', () => {
    const random = new Random(41);
    for (let i = 0; i < 12; i++) {
      const kind = i % 4;
      const sizes = [random.below(64), random.below(100)] as const;
      pair.write(DATA, random.bytes(512));
      const [open, mask] = pair.both.map((caller) => {
        const [context, digest] = [DATA + 0x400, DATA + 0x600];
        caller.call('MD5Init', context);
        for (const size of sizes) caller.call('MD5Update', context, DATA, size);
        const md5 = caller.words(context, 6);
        caller.call('MD5Final', digest, context);
        const result = [md5, caller.words(digest, 4)];
        caller.call('ets_sha_enable');
        caller.call('ets_sha_init', context);
        // Longer ones are wrong in the mask ROM for SHA-1 and SHA-256; below is its mended function.
        caller.call('ets_sha_update', context, kind, DATA, sizes[0] * 8);
        caller.call('ets_sha_finish', context, kind, digest);
        return [...result, caller.words(digest, [5, 8, 12, 16][kind]!)];
      });
      expect(open).toEqual(mask);
    }
  });

  it('SHA of several updates and blocks, as ets_sha_update_patch of ROM revision 3 has it', () => {
    const random = new Random(43);
    for (let i = 0; i < 16; i++) {
      const kind = i % 4;
      const sizes = [random.below(300), random.below(300)];
      pair.write(DATA, random.bytes(512));
      const [open, mask] = (
        [
          [pair.open, 'ets_sha_update'],
          [pair.mask, SHA_UPDATE_PATCH],
        ] as const
      ).map(([caller, update]) => {
        const [context, digest] = [DATA + 0x400, DATA + 0x600];
        caller.call('ets_sha_enable');
        caller.call('ets_sha_init', context);
        for (const size of sizes) caller.call(update, context, kind, DATA, size * 8);
        caller.call('ets_sha_finish', context, kind, digest);
        return caller.words(digest, [5, 8, 12, 16][kind]!);
      });
      expect(open, `kind ${kind}, ${sizes.join(' + ')} bytes`).toEqual(mask);
    }
  });
});

describe.skipIf(!haveRealFiles())('AES', () => {
  it('encrypts and decrypts with keys of every length and order of bytes', () => {
    const pair = new RomPair();
    const random = new Random(42);
    for (let i = 0; i < 40; i++) {
      const bits = random.below(4);
      const order = Array.from({ length: 6 }, () => random.below(2));
      const name = random.pick(['ets_aes_setkey_enc', 'ets_aes_setkey_dec']);
      pair.write(DATA, random.bytes(64));
      const [open, mask] = pair.both.map((caller) => {
        caller.call('ets_aes_enable');
        caller.call('ets_aes_set_endian', ...order);
        const endian = caller.read32(0x3ff0_1040);
        const accepted = caller.call(name, DATA, bits);
        caller.call('ets_aes_crypt', DATA + 32, DATA + 64);
        return { bits, order, name, endian, accepted, out: caller.words(DATA + 64, 4) };
      });
      expect(open).toEqual(mask);
    }
  });

  it('is AES-256 of node:crypto in the order that ESP-IDF sets', () => {
    const pair = new RomPair();
    const [key, text] = [new Random(1).bytes(32), new Random(2).bytes(16)];
    const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    pair.write(DATA, key);
    pair.write(DATA + 32, text);
    pair.open.call('ets_aes_enable');
    pair.open.call('ets_aes_set_endian', 0, 0, 0, 0, 0, 0);
    pair.open.call('ets_aes_setkey_enc', DATA, 2);
    pair.open.call('ets_aes_crypt', DATA + 32, DATA + 64);
    expect(Buffer.from(pair.open.bytes(DATA + 64, 16))).toEqual(cipher.update(text));
  });
});

describe.skipIf(!haveRealFiles())('large numbers', () => {
  const [X, Y, M, RB, Z] = [DATA, DATA + 0x200, DATA + 0x400, DATA + 0x600, DATA + 0x800];
  const OPERATIONS = {
    mod_power: (c: RomCaller, bits: number, again: number) =>
      c.call('ets_bigint_mod_power_prepare', X, Y, M, 0x1234_5679, RB, bits, again),
    mult: (c: RomCaller, bits: number) => c.call('ets_bigint_mult_prepare', X, Y, bits),
    montgomery_mult: (c: RomCaller, bits: number, again: number) =>
      c.call('ets_bigint_montgomery_mult_prepare', X, Y, M, 0x1234_5679, bits, again),
    mod_mult: (c: RomCaller, bits: number, again: number) =>
      c.call('ets_bigint_mod_mult_prepare', X, Y, M, 0x1234_5679, RB, bits, again),
  } as const;

  it.each(['mod_power', 'mult', 'montgomery_mult', 'mod_mult'] as const)('%s', (operation) => {
    const pair = new RomPair();
    const random = new Random(43);
    for (const [bits, again] of [
      [512, 0],
      [512, 1],
      [1024, 0],
      [500, 0],
      [0, 0],
    ] as const) {
      pair.write(DATA, random.bytes(0x800));
      // A large and odd modulus, so that results lie below it.
      pair.write(M, [...random.bytes(bits / 8).map((b, i) => (i === 0 ? b | 1 : b)), 0]);
      if (bits >= 512) pair.write(M + bits / 8 - 1, [0xff]);
      const [open, mask] = pair.both.map((caller) => {
        for (let i = 0; i < 128; i++) caller.write32(Z + i * 4, 0);
        caller.call('ets_bigint_enable');
        const started = OPERATIONS[operation](caller, bits, again);
        if (started === 1) caller.call('ets_bigint_wait_finish');
        const got =
          operation === 'mod_mult'
            ? started === 0
              ? 0
              : caller.call('ets_bigint_mod_mult_getz', M, Z, bits)
            : caller.call(`ets_bigint_${operation}_getz`, Z, bits);
        const clocks = [
          caller.read32(0x3ff0_001c),
          caller.read32(0x3ff0_0020),
          caller.read32(0x3ff0_0490),
        ];
        if (again === 1) caller.call('ets_bigint_disable');
        return {
          bits,
          started,
          got,
          z: caller.words(Z, 128),
          clocks,
          off: caller.read32(0x3ff0_0490),
        };
      });
      expect(open).toEqual(mask);
    }
  });
});

describe.skipIf(!haveRealFiles())('tinfl', () => {
  const STATE = 0x3ffc_8000;
  const IN = 0x3ffd_2000;
  const OUT = 0x3ffc_1000;
  const SIZES = DATA;
  let pair: RomPair;
  beforeAll(() => (pair = new RomPair()) && undefined);

  /** Text with repetitions near and far, and some noise. */
  const sample = (r: Random, size: number): Uint8Array => {
    const out: number[] = [...r.bytes(8)];
    while (out.length < size) {
      const kind = r.below(4);
      if (kind === 0) out.push(...r.bytes(r.between(1, 20)));
      else if (kind === 1) out.push(...new Array<number>(r.between(1, 300)).fill(r.below(256)));
      else {
        const from = r.below(out.length);
        out.push(...out.slice(from, from + r.between(3, 200)));
      }
    }
    return Uint8Array.from(out.slice(0, size));
  };
  /** Feeds `chunk` bytes at a time; status and what came out. */
  const inflate = (
    caller: RomCaller,
    packed: Uint8Array,
    chunk: number,
    room: number,
    flags: number,
  ): unknown => {
    caller.write32(STATE, 0);
    let [at, out, status] = [0, 0, 1];
    const statuses: number[] = [];
    for (let i = 0; i < 400 && status > 0; i++) {
      const size = Math.min(chunk, packed.length - at);
      caller.write(IN, packed.subarray(at, at + size));
      caller.write32(SIZES, size);
      caller.write32(SIZES + 4, Math.min(room, 8192 - out));
      const more = at + size < packed.length ? 2 : 0;
      status =
        caller.call('tinfl_decompress', STATE, IN, SIZES, OUT, OUT + out, SIZES + 4, flags | more) |
        0;
      at += caller.read32(SIZES);
      out += caller.read32(SIZES + 4);
      statuses.push(status);
    }
    return { status, hadOutput: statuses.includes(2), out: Buffer.from(caller.bytes(OUT, out)) };
  };

  it.each([
    ['zlib', 9, constants.Z_DEFAULT_STRATEGY],
    ['zlib', 0, constants.Z_DEFAULT_STRATEGY],
    ['zlib', 6, constants.Z_FIXED],
    ['raw', 9, constants.Z_DEFAULT_STRATEGY],
    ['raw', 1, constants.Z_HUFFMAN_ONLY],
    ['raw', 9, constants.Z_RLE],
  ] as const)('%s at level %i, strategy %i', (format, level, strategy) => {
    const random = new Random(51 + level + strategy * 10);
    for (let i = 0; i < 4; i++) {
      const content = sample(random, random.between(0, 4000));
      const packed = (format === 'zlib' ? deflateSync : deflateRawSync)(content, {
        level,
        strategy,
      });
      const chunk = random.pick([packed.length, 1000, 37]);
      const room = random.pick([8192, 500]);
      // Output that does not wrap; the header and its sum.
      const flags = 4 | (format === 'zlib' ? 1 : 0);
      const [open, mask] = pair.both.map((caller) => inflate(caller, packed, chunk, room, flags));
      expect(open).toEqual(mask);
      expect(open).toMatchObject({ status: 0, out: Buffer.from(content) });
    }
  });

  it('damaged input gives the same verdict', () => {
    const random = new Random(61);
    for (let i = 0; i < 25; i++) {
      const packed = deflateSync(sample(random, 300));
      packed[random.below(packed.length)]! ^= 1 << random.below(8);
      const [open, mask] = pair.both.map(
        (caller) => (inflate(caller, packed, packed.length, 8192, 5) as { status: number }).status,
      );
      expect([i, open]).toEqual([i, mask]);
    }
  });

  it('decompresses from memory to memory', () => {
    const content = sample(new Random(71), 3000);
    const packed = deflateSync(content);
    pair.write(IN, packed);
    for (const room of [3000, 4000, 100]) {
      const [open, mask] = pair.both.map((caller) =>
        caller.call('tinfl_decompress_mem_to_mem', OUT, room, IN, packed.length, 1),
      );
      expect([room, open]).toEqual([room, mask]);
    }
    expect(Buffer.from(pair.open.bytes(OUT, 3000))).toEqual(Buffer.from(content));
  });
});
