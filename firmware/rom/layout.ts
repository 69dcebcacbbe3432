/**
 * The documented addresses of the ROM: each holds a jump to the implementation, or a slot that says what is not
 * implemented. J reaches 128 KiB; a longer way goes through islands, further jumps in free places. J, unlike L32R and
 * JX, needs no register: between CALLn and ENTRY every one may hold the caller's values.
 */
export const ROM_BASE = 0x4000_0000;
export const ROM_SIZE = 0x7_0000;

const J_SIZE = 3;
const J_REACH = 0x1_fffc;
/** entry a1, 32; mov.n a8, a0; call0 unimplemented. */
const SLOT_SIZE = 8;
/** Before a slot's name, where there is room for it. */
const NAME_MARK = 0x7f;

export interface DocumentedFunction {
  readonly address: number;
  readonly names: readonly string[];
}

/** Parses functions.txt: `address name` a line, `#` comments. */
export function parseFunctions(text: string): DocumentedFunction[] {
  const byAddress = new Map<number, string[]>();
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f]{8}) (\S+)$/.exec(line);
    if (match === null) continue;
    const address = Number.parseInt(match[1]!, 16);
    byAddress.set(address, [...(byAddress.get(address) ?? []), match[2]!]);
  }
  const rows = [...byAddress].map(([address, names]) => ({ address, names }));
  return rows.sort((a, b) => a.address - b.address);
}

/** Name under which a documented function is implemented: as it is, or without `rom_` and `_rom`. */
export function implementationOf(
  { names }: DocumentedFunction,
  symbols: ReadonlyMap<string, number>,
): string | undefined {
  const candidates = names.flatMap((name) => [
    name,
    name.replace(/^rom_/, '').replace(/_rom$/, ''),
  ]);
  return candidates.find((name) => symbols.has(name));
}

export function encodeJ(from: number, to: number): number[] {
  const offset = to - from - 4;
  const word = ((offset & 0x3ffff) << 6) | 0x06;
  return [word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff];
}

function encodeSlot(at: number, handler: number): number[] {
  const call = at + 5;
  const words = (handler - ((call & ~3) + 4)) >> 2;
  const code = ((words & 0x3ffff) << 6) | 0x05;
  return [0x36, 0x41, 0x00, 0x8d, 0x00, code & 0xff, (code >>> 8) & 0xff, (code >>> 16) & 0xff];
}

export class RomImage {
  readonly bytes = new Uint8Array(ROM_SIZE);
  /** 1 where something lies. */
  readonly used = new Uint8Array(ROM_SIZE);
  private readonly islands = new Map<number, number[]>();

  place(address: number, bytes: ArrayLike<number>, what: string): void {
    const at = address - ROM_BASE;
    if (!this.isFree(at, bytes.length))
      throw new Error(`${what} at 0x${address.toString(16)} overlaps something else in the ROM`);
    this.bytes.set(bytes, at);
    this.used.fill(1, at, at + bytes.length);
  }

  /** Fills every documented address; `handler` is what slots call. Returns the names without an implementation. */
  fill(
    functions: readonly DocumentedFunction[],
    symbols: ReadonlyMap<string, number>,
    handler: number,
  ): void {
    const jumps = functions.filter((row) => implementationOf(row, symbols) !== undefined);
    const slots = functions.filter((row) => !jumps.includes(row));
    for (const { address, names } of jumps) {
      const at = address - ROM_BASE;
      if (!this.isFree(at, J_SIZE)) throw new Error(`${names[0]}: its address is taken`);
      this.used.fill(1, at, at + J_SIZE);
    }
    for (const { address, names } of slots)
      this.place(address, encodeSlot(address, handler), names[0]!);
    for (const { address, names } of slots) this.placeName(address + SLOT_SIZE, names[0]!);
    for (const row of jumps) {
      const target = symbols.get(implementationOf(row, symbols)!)!;
      this.bytes.set(this.jump(row.address, target), row.address - ROM_BASE);
    }
  }

  /** Half-open ranges in use; gaps shorter than `gap` are bridged. */
  chunks(gap: number): [start: number, end: number][] {
    const found: [number, number][] = [];
    for (let at = 0; at < ROM_SIZE; at++) {
      if (this.used[at] === 0) continue;
      const last = found.at(-1);
      if (last !== undefined && at - last[1] < gap) last[1] = at + 1;
      else found.push([at & ~3, at + 1]);
    }
    return found;
  }

  private placeName(address: number, name: string): void {
    const bytes = [NAME_MARK, ...[...name].map((c) => c.charCodeAt(0))];
    if (this.isFree(address - ROM_BASE, bytes.length + 1)) this.place(address, [...bytes, 0], name);
  }

  private isFree(at: number, size: number): boolean {
    if (at < 0 || at + size > ROM_SIZE) return false;
    return this.used.subarray(at, at + size).every((use) => use === 0);
  }

  /** A jump at `from` that ends at `target`, by way of islands where that is too far. */
  private jump(from: number, target: number): number[] {
    if (Math.abs(target - from - 4) <= J_REACH) return encodeJ(from, target);
    const known = (this.islands.get(target) ?? []).find(
      (island) =>
        Math.abs(island - from - 4) <= J_REACH &&
        Math.abs(target - island) < Math.abs(target - from),
    );
    if (known !== undefined) return encodeJ(from, known);
    const island = this.freePlace(from, target);
    this.used.fill(1, island - ROM_BASE, island - ROM_BASE + J_SIZE);
    this.bytes.set(this.jump(island, target), island - ROM_BASE);
    this.islands.set(target, [...(this.islands.get(target) ?? []), island]);
    return encodeJ(from, island);
  }

  /** The free place nearest to the end of J's reach towards `target`. */
  private freePlace(from: number, target: number): number {
    const step = target > from ? -1 : 1;
    const start = from - step * J_REACH;
    for (let at = start; at !== from; at += step) if (this.isFree(at - ROM_BASE, J_SIZE)) return at;
    throw new Error(`no place for an island between 0x${from.toString(16)} and its target`);
  }
}
