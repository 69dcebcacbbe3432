/**
 * Readable names for symbols mangled by Rust's v0 scheme (RFC 2603): `_RNvC3app4main` is `app::main`.
 * Crate hashes and the instantiating crate are left out. The text is the one of LLVM's demangler.
 *
 * **Not modelled:** constants of structural types (strings, tuples, structures) as generic arguments.
 */
import { decodePunycode } from './punycode.ts';

const DEEPEST = 256;
/** Back-references can double a name at each step. Steps per character: the names of Rust's own libraries take 0.5. */
const MOST_STEPS = 8;
const MOST_TEXT = 2048;

const BASIC_TYPES: Readonly<Record<string, string>> = {
  a: 'i8', b: 'bool', c: 'char', d: 'f64', e: 'str', f: 'f32', h: 'u8', i: 'isize', j: 'usize', l: 'i32', m: 'u32',
  n: 'i128', o: 'u128', s: 'i16', t: 'u16', u: '()', v: '...', x: 'i64', y: 'u64', z: '!', p: '_',
}; // prettier-ignore
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const UNSIGNED = 'hjmoty';
const SIGNED = 'ailnsx';
const CHARACTER_ESCAPES: Readonly<Record<string, string>> = {
  '\t': '\\t', '\r': '\\r', '\n': '\\n', '\\': '\\\\', "'": "\\'",
}; // prettier-ignore

/** The readable name, or undefined when the symbol is not a whole v0 name or grows beyond the bounds. */
export function rustV0Name(symbol: string): string | undefined {
  const match = /^_R(?=[A-Z])([A-Za-z0-9_]*)((?:[.$].*)?)$/s.exec(symbol);
  if (match === null || match[2]!.startsWith('$')) return undefined;
  const name = new Demangler(match[1]!).whole();
  // What LLVM adds to private symbols that it made visible says nothing to a reader.
  const suffix = match[2]!.replace(/\.llvm\.[0-9A-F]+$/, '');
  return name === undefined || suffix === '' ? name : `${name} (${suffix})`;
}

class Unreadable extends Error {}

interface Identifier {
  readonly name: string;
  readonly disambiguator: number;
}

class Demangler {
  private readonly text: string;
  private at = 0;
  private out = '';
  private isMute = false;
  private depth = 0;
  private stepsLeft: number;
  /** Lifetimes that the binders around the present place have introduced. */
  private bound = 0;

  constructor(text: string) {
    this.text = text;
    this.stepsLeft = MOST_STEPS * text.length;
  }

  whole(): string | undefined {
    try {
      this.path(false);
      if (this.at < this.text.length) {
        this.isMute = true;
        this.path(false);
      }
      return this.at === this.text.length ? this.out : undefined;
    } catch (error) {
      if (error instanceof Unreadable) return undefined;
      throw error;
    }
  }

  private print(text: string): void {
    if (this.isMute) return;
    this.out += text;
    if (this.out.length > MOST_TEXT) throw new Unreadable();
  }

  private next(): string {
    if (this.at >= this.text.length) throw new Unreadable();
    return this.text[this.at++]!;
  }

  private takes(tag: string): boolean {
    if (this.text[this.at] !== tag) return false;
    this.at++;
    return true;
  }

  private step(): void {
    if (this.stepsLeft-- <= 0) throw new Unreadable();
  }

  /** One level of the grammar, bounded in depth and number. */
  private nested(parse: () => void): void {
    this.step();
    if (++this.depth > DEEPEST) throw new Unreadable();
    parse();
    this.depth--;
  }

  /** In a type generic arguments follow without `::`. True when `isOpen` left out the closing `>`. */
  private path(isType: boolean, isOpen = false): boolean {
    let leftOpen = false;
    this.nested(() => (leftOpen = this.pathOf(this.next(), isType, isOpen)));
    return leftOpen;
  }

  private pathOf(tag: string, isType: boolean, isOpen: boolean): boolean {
    switch (tag) {
      case 'C':
        this.print(this.identifier().name);
        return false;
      case 'M':
        this.implementation();
        this.angled(() => this.type());
        return false;
      case 'X':
        this.implementation();
        this.qualified();
        return false;
      case 'Y':
        this.qualified();
        return false;
      case 'N':
        this.inNamespace(isType);
        return false;
      case 'I':
        this.path(isType);
        this.print(isType ? '<' : '::<');
        this.separated(', ', () => this.genericArgument());
        if (!isOpen) this.print('>');
        return isOpen;
      case 'B': {
        let leftOpen = false;
        this.backReference(() => (leftOpen = this.path(isType, isOpen)));
        return leftOpen;
      }
      default:
        throw new Unreadable();
    }
  }

  /** Where an `impl` stands tells nothing beyond its type: it is read and not printed. */
  private implementation(): void {
    const wasMute = this.isMute;
    this.isMute = true;
    this.disambiguator();
    this.path(false);
    this.isMute = wasMute;
  }

  private qualified(): void {
    this.angled(() => {
      this.type();
      this.print(' as ');
      this.path(true);
    });
  }

  private angled(parse: () => void): void {
    this.print('<');
    parse();
    this.print('>');
  }

  private inNamespace(isType: boolean): void {
    const namespace = this.next();
    if (!/[A-Za-z]/.test(namespace)) throw new Unreadable();
    this.path(isType);
    const { name, disambiguator } = this.identifier();
    if (/[a-z]/.test(namespace)) {
      if (name !== '') this.print(`::${name}`);
      return;
    }
    const kind = namespace === 'C' ? 'closure' : namespace === 'S' ? 'shim' : namespace;
    this.print(`::{${kind}${name === '' ? '' : `:${name}`}#${disambiguator}}`);
  }

  private genericArgument(): void {
    if (this.takes('L')) this.lifetime(this.base62());
    else if (this.takes('K')) this.constant();
    else this.type();
  }

  private type(): void {
    this.nested(() => this.typeOf(this.next()));
  }

  private typeOf(tag: string): void {
    const basic = BASIC_TYPES[tag];
    if (basic !== undefined) return this.print(basic);
    switch (tag) {
      case 'A':
        this.print('[');
        this.type();
        this.print('; ');
        this.constant();
        return this.print(']');
      case 'S':
        this.print('[');
        this.type();
        return this.print(']');
      case 'T':
        return this.tuple();
      case 'R':
      case 'Q':
        return this.reference(tag === 'Q');
      case 'P':
        this.print('*const ');
        return this.type();
      case 'O':
        this.print('*mut ');
        return this.type();
      case 'F':
        return this.binder(() => this.functionType());
      case 'D':
        return this.traitObject();
      case 'B':
        return this.backReference(() => this.type());
      default:
        this.at--;
        this.path(true);
    }
  }

  private tuple(): void {
    this.print('(');
    const count = this.separated(', ', () => this.type());
    this.print(count === 1 ? ',)' : ')');
  }

  private reference(isMutable: boolean): void {
    this.print('&');
    if (this.takes('L')) {
      const lifetime = this.base62();
      if (lifetime !== 0) {
        this.lifetime(lifetime);
        this.print(' ');
      }
    }
    if (isMutable) this.print('mut ');
    this.type();
  }

  private functionType(): void {
    if (this.takes('U')) this.print('unsafe ');
    if (this.takes('K')) {
      const abi = this.takes('C') ? 'C' : this.undisambiguated().replaceAll('_', '-');
      this.print(`extern "${abi}" `);
    }
    this.print('fn(');
    this.separated(', ', () => this.type());
    this.print(')');
    if (this.takes('u')) return;
    this.print(' -> ');
    this.type();
  }

  private traitObject(): void {
    this.print('dyn ');
    this.binder(() => this.separated(' + ', () => this.trait()));
    if (!this.takes('L')) throw new Unreadable();
    const lifetime = this.base62();
    if (lifetime === 0) return;
    this.print(' + ');
    this.lifetime(lifetime);
  }

  /** A trait, with the associated types that it is bound to among its arguments. */
  private trait(): void {
    let isOpen = this.path(true, true);
    while (this.takes('p')) {
      this.print(isOpen ? ', ' : '<');
      isOpen = true;
      this.print(`${this.undisambiguated()} = `);
      this.type();
    }
    if (isOpen) this.print('>');
  }

  /** `for<'a, 'b>`, when there is one, around what `parse` reads. */
  private binder(parse: () => void): void {
    const before = this.bound;
    const count = this.takes('G') ? this.base62() + 1 : 0;
    if (count > 0) {
      this.print('for<');
      for (let i = 0; i < count; i++) {
        this.step();
        this.bound++;
        if (i > 0) this.print(', ');
        this.lifetime(1);
      }
      this.print('> ');
    }
    parse();
    this.bound = before;
  }

  /** By its distance to the binder: 1 is the innermost; 0 is an erased one. */
  private lifetime(index: number): void {
    if (index === 0) return this.print("'_");
    const depth = this.bound - index;
    if (depth < 0) throw new Unreadable();
    this.print(depth < 26 ? `'${String.fromCharCode(97 + depth)}` : `'z${depth - 25}`);
  }

  private constant(): void {
    this.nested(() => {
      const tag = this.next();
      if (tag === 'p') return this.print('_');
      if (tag === 'B') return this.backReference(() => this.constant());
      this.print(this.constantText(tag));
    });
  }

  private constantText(type: string): string {
    const isNegative = SIGNED.includes(type) && this.takes('n');
    const digits = /^(0|[1-9a-f][0-9a-f]{0,31})_/.exec(this.text.slice(this.at));
    if (digits === null) throw new Unreadable();
    this.at += digits[0].length;
    const hex = digits[1]!;
    if (UNSIGNED.includes(type) || SIGNED.includes(type))
      return (isNegative ? '-' : '') + (hex.length > 16 ? `0x${hex}` : String(BigInt(`0x${hex}`)));
    const value = parseInt(hex, 16);
    if (type === 'b' && value <= 1) return String(value === 1);
    if (type !== 'c' || value > 0x10_ffff) throw new Unreadable();
    const character = String.fromCodePoint(value);
    const isPlain = value >= 0x20 && value < 0x7f;
    return `'${CHARACTER_ESCAPES[character] ?? (isPlain ? character : `\\u{${hex}}`)}'`;
  }

  /** What stands at an earlier place is read again from there; a muted one was read already. */
  private backReference(parse: () => void): void {
    const target = this.base62();
    const after = this.at;
    if (target >= after) throw new Unreadable();
    if (this.isMute) return;
    this.at = target;
    this.nested(parse);
    this.at = after;
  }

  /** Items up to `E`; returns how many. */
  private separated(separator: string, parse: () => void): number {
    let count = 0;
    for (; !this.takes('E'); count++) {
      this.step();
      if (count > 0) this.print(separator);
      parse();
    }
    return count;
  }

  private identifier(): Identifier {
    const disambiguator = this.disambiguator();
    return { disambiguator, name: this.undisambiguated() };
  }

  private disambiguator(): number {
    return this.takes('s') ? this.base62() + 1 : 0;
  }

  private undisambiguated(): string {
    const isPunycode = this.takes('u');
    const match = /^(0|[1-9]\d{0,4})_?/.exec(this.text.slice(this.at, this.at + 6));
    if (match === null) throw new Unreadable();
    const start = this.at + match[0].length;
    this.at = start + Number(match[1]);
    if (this.at > this.text.length) throw new Unreadable();
    const name = this.text.slice(start, this.at);
    if (!isPunycode) return name;
    const decoded = decodePunycode(name, '_');
    if (decoded === undefined) throw new Unreadable();
    return decoded;
  }

  /** `_` is 0, and digits before it are one less than the number; beyond 2^53, as hashes are, not exact. */
  private base62(): number {
    if (this.takes('_')) return 0;
    const digits = /^([0-9A-Za-z]{1,11})_/.exec(this.text.slice(this.at, this.at + 12));
    if (digits === null) throw new Unreadable();
    this.at += digits[0].length;
    return [...digits[1]!].reduce((sum, digit) => sum * 62 + DIGITS.indexOf(digit), 0) + 1;
  }
}
