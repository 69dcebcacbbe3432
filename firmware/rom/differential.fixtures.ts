/** Calls the same function with the same arguments and memory in the open ROM and in the mask ROM, and compares. */
import { hostFiles } from '../../emulator/loader/files.ts';
import { openRom } from '../../emulator/loader/open-rom.ts';
import { realBytes } from '../../emulator/loader/real.fixtures.ts';
import { parseRom } from '../../emulator/loader/rom.ts';
import { DATA, RomCaller } from './rom-caller.fixtures.ts';

/** Numbers from a seed that the tests print with a difference. */
export class Random {
  private state: number;
  constructor(seed: number) {
    this.state = seed >>> 0;
  }
  u32(): number {
    // Marsaglia's xorshift32; never 0.
    let x = this.state === 0 ? 0x9e3779b9 : this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (this.state = x >>> 0);
  }
  below(limit: number): number {
    return this.u32() % limit;
  }
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }
  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.u32() >>> 11);
  }
  /** A word: one of the edges, of few bits, or any. */
  word(): number {
    const kind = this.below(4);
    if (kind === 0) return this.pick(EDGES);
    if (kind === 1) return (this.u32() >>> this.below(32)) * (this.below(2) === 0 ? 1 : -1);
    return this.u32();
  }
  /** Bits of a single: zeros, subnormals, ordinary ones near each other, infinities, quiet NaNs. */
  single(): number {
    const kind = this.below(6);
    if (kind === 0) return this.pick(SINGLES);
    if (kind === 1) return this.u32() & 0x807fffff;
    if (kind === 2) return (this.u32() & 0x80ffffff) | 0x3f000000;
    if (kind === 3) return (this.u32() & 0x83ffffff) | 0x48000000;
    return ((this.u32() & 0x80ffff00) | (this.between(1, 254) << 23)) >>> 0;
  }
  /** Halves of a double, low first. */
  double(): [number, number] {
    const kind = this.below(6);
    if (kind === 0) return [this.pick([0, 0, 1, 0xffffffff]), this.pick(DOUBLES)];
    if (kind === 1) return [this.u32(), this.u32() & 0x800fffff];
    if (kind === 2) return [this.u32(), ((this.u32() & 0x800fffff) | 0x3fe00000) >>> 0];
    if (kind === 3) return [this.u32(), ((this.u32() & 0x807fffff) | 0x41800000) >>> 0];
    return [this.u32() & ~0xff, ((this.u32() & 0x800fffff) | (this.between(1, 2046) << 20)) >>> 0];
  }
}

const EDGES = [
  0, 1, 2, -1, -2, 0x7fffffff, -0x80000000, 0x80000001, 0xffff, 0x10000, 0x7fff, 0x8000, 255, 256,
  10, 31, 32, 63, 64,
];
const SINGLES = [
  0, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc12345, 1,
  0x00800000, 0x7f7fffff, 0x4f000000, 0xcf000000, 0x4f800000, 0x5f000000,
];
// Infinity with low bits in the other half is a NaN; its quiet bit is then clear.
const DOUBLES = [
  0, 0x80000000, 0x3ff00000, 0xbff00000, 0x00100000, 0x7fefffff, 0x41e00000, 0xc1e00000, 0x41f00000,
  0x43e00000, 0x7ff80000, 0xfff81234,
];

/** What counts of a2 and a3. Of a NaN neither sign nor fraction: IEEE 754 leaves them open, and code relies on neither. */
export type Result =
  'none' | 'u8' | 'u16' | 'u32' | 'u64' | 'sign' | 'single' | 'singles' | 'double';

export interface Subject {
  /** Documented name. */
  readonly name: string;
  /** What of the returned registers counts; `u32` if not given. */
  readonly result?: Result;
  /** Calls; 200 if not given. */
  readonly calls?: number;
  /** Bytes from DATA on that are filled at random before and compared after each call; 0 if not given. */
  readonly memory?: number;
  /** Arguments of the next call; may put bytes into both callers' memory through `write`. */
  readonly args: (
    random: Random,
    write: (address: number, bytes: ArrayLike<number>) => number,
  ) => number[];
}

export class RomPair {
  readonly open = new RomCaller(openRom(hostFiles));
  readonly mask = new RomCaller(parseRom(realBytes('rom', 'esp32_rev300_rom.elf'), 'mask'));

  get both(): readonly [RomCaller, RomCaller] {
    return [this.open, this.mask];
  }

  write = (address: number, bytes: ArrayLike<number>): number => {
    for (const caller of this.both) caller.write(address, bytes);
    return address;
  };

  string = (address: number, text: string): number => {
    return this.write(address, Buffer.from(`${text}\0`, 'latin1'));
  };

  /** The first differences, at most five, as text; empty if there is none. */
  compare(subject: Subject, seed = 0x5eed): string[] {
    const random = new Random(seed);
    const found: string[] = [];
    const size = subject.memory ?? 0;
    for (let i = 0; i < (subject.calls ?? 200) && found.length < 5; i++) {
      if (size > 0) this.write(DATA, random.bytes(size));
      const args = subject.args(random, this.write);
      const [open, mask] = this.both.map((caller) => {
        const low = caller.call(subject.name, ...args);
        const result = resultOf(subject.result ?? 'u32', low, caller.high);
        return { result, bytes: size > 0 ? caller.words(DATA, size >> 2) : [] };
      });
      const shown = `seed ${seed} call ${i}: ${subject.name}(${args.map((a) => hex(a)).join(', ')})`;
      if (open!.result !== mask!.result)
        found.push(`${shown} returned ${open!.result}, mask ROM ${mask!.result}`);
      const at = open!.bytes.findIndex((word, j) => word !== mask!.bytes[j]);
      if (at >= 0)
        found.push(
          `${shown} left ${hex(open!.bytes[at]!)} at DATA + ${hex(at * 4)}, mask ROM ${hex(mask!.bytes[at]!)}`,
        );
    }
    return found;
  }
}

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

function resultOf(kind: Result, low: number, high: number): string {
  if (kind === 'none') return '';
  if (kind === 'u8') return hex(low & 0xff);
  if (kind === 'u16') return hex(low & 0xffff);
  if (kind === 'sign') return String(Math.sign(low | 0));
  if (kind === 'single') return single(low);
  if (kind === 'singles') return `${single(low)}, ${single(high)}`;
  if (kind === 'double' && isNaN64(low, high)) return 'NaN';
  if (kind === 'u64' || kind === 'double') return `${hex(high)}:${hex(low)}`;
  return hex(low);
}

const single = (bits: number): string => ((bits & 0x7fffffff) > 0x7f800000 ? 'NaN' : hex(bits));
const isNaN64 = (low: number, high: number): boolean =>
  ((high & 0x7fffffff) | (low === 0 ? 0 : 1)) > 0x7ff00000;
