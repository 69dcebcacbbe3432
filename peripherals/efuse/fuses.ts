/**
 * The fuse array itself: 31 words, blocks 0 to 3 one after the other, as burnt (before decoding),
 * and what reading through the protection bits and the coding scheme gives (TRM chapter "eFuse
 * Controller", system parameters and coding schemes).
 */
export const FUSE_WORDS = 31;
/** First word of each block. */
export const BLOCK_START = [0, 7, 15, 23] as const;
export const BLOCK_WORDS = [7, 8, 8, 8] as const;

/** Values of CODING_SCHEME for blocks 1 to 3. */
export const CODING = { NONE: 0, THREE_QUARTERS: 1, REPEAT: 2 } as const;

interface WriteProtection {
  /** Bit of WR_DIS. */
  readonly bit: number;
  /** Word of the array and the bits in it that can no longer be burnt. */
  readonly words: readonly (readonly [word: number, mask: number])[];
}

const wholeBlock = (block: 1 | 2 | 3): readonly (readonly [number, number])[] =>
  Array.from({ length: 8 }, (_, i) => [BLOCK_START[block] + i, 0xffffffff] as const);

/** WR_DIS, after the eFuse field table of ESP-IDF (`esp_efuse_table.csv`). */
const WRITE_PROTECTIONS: readonly WriteProtection[] = [
  { bit: 0, words: [[0, 0x000f0000]] },
  { bit: 1, words: [[0, 0x0000ffff]] },
  { bit: 2, words: [[0, 0x0ff00000]] },
  {
    bit: 3,
    words: [
      [1, 0xffffffff],
      [2, 0x00ffffff],
      [3, 0x0000000b],
      [5, 0x00c00000],
    ],
  },
  { bit: 4, words: [[4, 0x00001fff]] },
  { bit: 5, words: [[4, 0x0001c000]] },
  { bit: 6, words: [[5, 0x000fffff]] },
  { bit: 7, words: wholeBlock(1) },
  { bit: 8, words: wholeBlock(2) },
  { bit: 9, words: wholeBlock(3) },
  {
    bit: 10,
    words: [
      [3, 0x00004000],
      [5, 0xf0000000],
      [6, 0x00000403],
    ],
  },
  { bit: 12, words: [[6, 0x00000010]] },
  { bit: 13, words: [[6, 0x00000020]] },
  { bit: 14, words: [[6, 0x00000040]] },
  { bit: 15, words: [[6, 0x00000384]] },
];

/** Bits of block 0 that RD_DIS[3] hides, by word. */
const HIDDEN_BY_RD_DIS_3: readonly (readonly [number, number])[] = [
  [3, 0x00004000],
  [5, 0xf0000000],
  [6, 0x00000403],
];

const RD_DIS_SHIFT = 16;

/** Burns the 1 bits of `data` (one word per fuse word) where no write protection forbids it. */
export function burn(fuses: Uint32Array, data: Uint32Array): void {
  const writable = new Uint32Array(FUSE_WORDS).fill(0xffffffff);
  for (const row of WRITE_PROTECTIONS)
    if (((fuses[0]! >>> row.bit) & 1) === 1)
      for (const [word, mask] of row.words) writable[word] = writable[word]! & ~mask;
  for (let i = 0; i < FUSE_WORDS; i++) fuses[i] = fuses[i]! | (data[i]! & writable[i]!);
}

export interface FuseReading {
  /** What the RDATA registers show. */
  readonly words: Uint32Array;
  /** DEC_WARNINGS: four bits a block, one for each group of the 3/4 code that does not check. */
  readonly warnings: number;
}

export function readFuses(fuses: Uint32Array): FuseReading {
  const words = fuses.slice(0, FUSE_WORDS);
  const scheme = fuses[6]! & 3;
  const readDisabled = fuses[0]! >>> RD_DIS_SHIFT;
  let warnings = 0;
  for (const block of [1, 2, 3] as const) {
    const view = words.subarray(BLOCK_START[block], BLOCK_START[block] + 8);
    if (((readDisabled >>> (block - 1)) & 1) === 1) view.fill(0);
    else if (scheme === CODING.THREE_QUARTERS)
      warnings |= decodeThreeQuarters(view) << ((block - 1) * 4);
    else if (scheme === CODING.REPEAT) decodeRepeat(view);
  }
  if (((readDisabled >>> 3) & 1) === 1)
    for (const [word, mask] of HIDDEN_BY_RD_DIS_3) words[word] = words[word]! & ~mask;
  return { words, warnings };
}

/** Six data bytes, their XOR, and the sum of index times bit count make a group of eight bytes. */
function decodeThreeQuarters(block: Uint32Array): number {
  const coded = new Uint8Array(block.slice().buffer);
  const data = new Uint8Array(32);
  let warnings = 0;
  for (let group = 0; group < 4; group++) {
    const bytes = coded.subarray(group * 8, group * 8 + 8);
    let xor = 0;
    let sum = 0;
    for (let i = 0; i < 6; i++) {
      xor ^= bytes[i]!;
      sum += (i + 1) * bitCount(bytes[i]!);
    }
    if (bytes[6] !== xor || bytes[7] !== (sum & 0xff)) warnings |= 1 << group;
    data.set(bytes.subarray(0, 6), group * 6);
  }
  block.set(new Uint32Array(data.buffer));
  return warnings;
}

/** The second half of the block repeats the first. */
function decodeRepeat(block: Uint32Array): void {
  for (let i = 0; i < 4; i++) block[i] = block[i]! | block[i + 4]!;
  block.fill(0, 4);
}

function bitCount(byte: number): number {
  let count = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}
