/**
 * Listing of an executable's code sections in the line shape of `llvm-objdump -d --mcpu=esp32`.
 *
 * What is not an instruction prints as `<unknown>` and takes as many bytes as the instruction before
 * it, or one byte where fewer than three are left; eight or more zero bytes print as `...`. Both are
 * llvm's rules, so that the two listings walk through data in code (jump tables, literals) in step.
 */
import { disassemble, type DisassembleOptions } from '../cpu/disassemble.ts';
import { instructionLength } from '../cpu/decode.ts';
import { readSymbols, type Elf, type ElfSection, type ElfSymbol } from '../loader/elf.ts';

const SHT_PROGBITS = 1;
const SHF_EXECINSTR = 4;

/** Bytes column: three bytes and two spaces more. */
const BYTES_WIDTH = 13;

/** Bytes column of data. */
const DATA_WIDTH = 32;

interface Label {
  readonly address: number;
  readonly name: string;
  /** The symbol is an object: its bytes are data. */
  readonly data: boolean;
}

/** The lines, without line ends. */
export function* listing(elf: Elf, options: DisassembleOptions = {}): Generator<string> {
  yield '';
  yield `${elf.file}:\tfile format elf32-xtensa`;
  const symbols = readSymbols(elf);
  const state = { previousLength: 3 };
  for (const section of elf.sections) {
    if (section.type !== SHT_PROGBITS || (section.flags & SHF_EXECINSTR) === 0) continue;
    if (section.bytes.length === 0) continue;
    yield '';
    yield `Disassembly of section ${section.name}:`;
    const labels = labelsOf(section, symbols);
    for (let index = 0; index < labels.length; index++) {
      const { address, name, data } = labels[index]!;
      const end = labels[index + 1]?.address ?? section.address + section.bytes.length;
      yield '';
      yield `${address.toString(16).padStart(8, '0')} <${name}>:`;
      if (data) yield* dataLines(section, address, end);
      else yield* lines(section, address, end, state, options);
    }
  }
}

function* lines(
  section: ElfSection,
  start: number,
  end: number,
  state: { previousLength: number },
  options: DisassembleOptions,
): Generator<string> {
  const { bytes } = section;
  let at = start - section.address;
  while (at < end - section.address) {
    const zeros = skippedZeros(bytes, at, end - section.address);
    if (zeros > 0) {
      yield '\t\t...';
      at += zeros;
      continue;
    }
    const address = section.address + at;
    const length = instructionLength(bytes[at]!);
    const whole = at + length <= bytes.length;
    const word = bytes[at]! | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
    const text = whole ? disassemble(word, address, options) : undefined;
    if (text !== undefined) state.previousLength = length;
    else if (at + 3 > bytes.length) state.previousLength = 1;
    const taken = bytes.subarray(at, at + state.previousLength);
    yield `${prefix(address, taken, BYTES_WIDTH)}\t${text ?? '<unknown>'}`;
    state.previousLength = taken.length;
    at += taken.length;
  }
}

/** Address and bytes, padded to the column of the text. */
function prefix(address: number, bytes: Uint8Array, width: number): string {
  const column = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `${address.toString(16).padStart(8)}: ${column.padEnd(width)}`;
}

function* dataLines(section: ElfSection, start: number, end: number): Generator<string> {
  for (let address = start; address < end; address += 8) {
    const at = address - section.address;
    const bytes = section.bytes.subarray(at, Math.min(at + 8, end - section.address));
    const characters = Array.from(bytes, (byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
    );
    yield prefix(address, bytes, DATA_WIDTH) + characters.join('');
  }
}

/** How many zero bytes at `at` are skipped: all, in fours, when there are eight or more. */
function skippedZeros(bytes: Uint8Array, at: number, end: number): number {
  let count = 0;
  while (at + count < end && bytes[at + count] === 0) count++;
  return count < 8 ? 0 : count & ~3;
}

/** One label per address, by name the last; the section's own name where it starts without one. */
function labelsOf(section: ElfSection, symbols: readonly ElfSymbol[]): Label[] {
  const end = section.address + section.size;
  const best = new Map<number, ElfSymbol>();
  for (const symbol of symbols) {
    const inside = symbol.sectionEnd === end && symbol.address >= section.address;
    if (!inside || symbol.address >= end || symbol.absolute) continue;
    if (symbol.type === 'section' || symbol.type === 'file' || symbol.name === '') continue;
    const known = best.get(symbol.address);
    if (known === undefined || outranks(symbol, known)) best.set(symbol.address, symbol);
  }
  const labels = [...best.values()].map(({ address, name, type }) => ({
    address,
    name,
    data: type === 'object',
  }));
  if (!best.has(section.address)) {
    labels.push({ address: section.address, name: section.name, data: false });
  }
  return labels.sort((a, b) => a.address - b.address);
}

/** Typed symbols before untyped ones, then the later name. */
function outranks(a: ElfSymbol, b: ElfSymbol): boolean {
  const typedA = a.type !== 'none';
  const typedB = b.type !== 'none';
  return typedA === typedB ? a.name > b.name : typedA;
}
