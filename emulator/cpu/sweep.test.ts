/**
 * The instruction table against LLVM: encodings with llvm-mc, texts with llvm-objdump. What differs is
 * in KNOWN_DIVERGENCES, and is checked to differ still.
 */
import { describe, expect, it } from 'vitest';
import { assemble } from './assemble.ts';
import { instructionLength, isImmediate, registerField } from './decode.ts';
import { disassemble, REGISTER_PREFIX, registerFile } from './disassemble.ts';
import { IMMEDIATES, type Immediate, type OperandKind } from './isa/fields.ts';
import type { Operand } from './isa/formats.ts';
import { KNOWN_DIVERGENCES, missingInLlvm } from './isa/llvm-divergences.ts';
import { SPECIAL_REGISTERS, specialRegisterName } from './isa/special-registers.ts';
import { INSTRUCTIONS } from './isa/table.ts';
import { USER_REGISTERS } from './isa/user-registers.ts';
import { hasLlvm, llvmAssemble, llvmErrorLines, objdump, textByAddress } from './llvm.fixtures.ts';

const llvm = hasLlvm();
const why = llvm ? '' : ' (llvm-mc-22 and llvm-objdump-22 are missing)';

const SEED = 0x5eed32;
const BASE = 0x40080000;

/** xorshift32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const FIELD_VALUES: Record<string, readonly number[]> = { w: [0, 1, 2, 3], x: [0, 1], y: [2, 3] };

/** Names that the kind's operand can have, in the order of their numbers. */
const REGISTER_NAMES: Partial<Record<OperandKind, readonly string[]>> = {
  srRead: names('read'),
  srWrite: names('write'),
  srExchange: names('exchange'),
  urRead: USER_REGISTERS.map((register) => register.name),
  urWrite: USER_REGISTERS.map((register) => register.name),
};

function names(access: 'read' | 'write' | 'exchange'): string[] {
  return SPECIAL_REGISTERS.map((register) => specialRegisterName(register.number, access)).filter(
    (name) => name !== undefined,
  );
}

/** Texts worth trying for an operand: zero, one, maximum, sign edges and a few others. */
function candidates(operand: Operand, next: () => number): readonly string[] {
  if (!isImmediate(operand)) {
    const file = registerFile(operand);
    const step = file === 'br4' ? 4 : file === 'br8' ? 8 : 1;
    const all = FIELD_VALUES[registerField(operand)] ?? Array.from({ length: 16 }, (_, i) => i);
    return all.filter((n) => n % step === 0).map((n) => `${REGISTER_PREFIX[file]}${n}`);
  }
  const named = REGISTER_NAMES[operand];
  if (named !== undefined) return named;
  return [...immediateValues(IMMEDIATES[operand], next)].map(String);
}

/** Distances that exist for this kind, found by decoding its bits. */
function immediateValues(kind: Immediate, next: () => number): Set<number> {
  const values = new Set<number>();
  const words = [0, 0xffffff, 0x7fffff, 0x800000, 0x555555, 0xaaaaaa];
  for (let bit = 0; bit < 24; bit++) words.push(1 << bit, 0xffffff ^ (1 << bit));
  for (let i = 0; i < 16; i++) words.push(next() & 0xffffff);
  for (const word of words) values.add(kind.decode(word, 0));
  // 32 is how SLLI reads a field of 0; assemblers refuse it.
  return new Set([...values].filter((value) => kind.encode(value, 0) !== undefined));
}

/** Operand lists of a row: each candidate of each operand at least once, others at random. */
function* operandLists(
  row: (typeof INSTRUCTIONS)[number],
  next: () => number,
): Generator<string[]> {
  const lists = row.operands.map((operand) => candidates(operand, next));
  const count = Math.max(1, ...lists.map((list) => list.length));
  for (let i = 0; i < count; i++) {
    yield lists.map((list, position) =>
      position === i % lists.length || list.length === count
        ? list[i % list.length]!
        : list[next() % list.length]!,
    );
  }
  for (let i = 0; row.operands.length > 1 && i < 16; i++) {
    yield lists.map((list) => list[next() % list.length]!);
  }
}

const isPcRelative = (operand: Operand): boolean =>
  isImmediate(operand) && (IMMEDIATES[operand] as Immediate).pcRelative === true;

describe.skipIf(!llvm)(`instruction sweep, seed ${SEED.toString(16)}${why}`, () => {
  it('assembles every row to the bytes of llvm-mc and disassembles to the text of llvm-objdump', () => {
    const next = random(SEED);
    const lines: string[] = [];
    let missing = 0;
    for (const row of INSTRUCTIONS) {
      for (const operands of operandLists(row, next)) {
        const last = row.operands.at(-1);
        const named = last !== undefined && isImmediate(last) && REGISTER_NAMES[last] !== undefined;
        if (missingInLlvm(row.mnemonic, named ? operands.at(-1) : undefined)) {
          missing++;
          continue;
        }
        if (last !== undefined && isPcRelative(last)) continue;
        lines.push(`${row.mnemonic} ${operands.join(', ')}`);
      }
    }
    expect(lines.length).toBeGreaterThan(5000);
    expect(missing).toBeGreaterThan(0);
    const source = lines.join('\n');
    const expected = llvmAssemble(source);
    const ours = assemble(source, { origins: { '.text': BASE } }).bytes();
    expect(Buffer.from(ours).equals(Buffer.from(expected)), firstDifference(ours, expected)).toBe(
      true,
    );
    expectSameTexts(ours, instructionStarts(ours, lines.length));
  });

  it('encodes branch, jump, call, loop and literal targets as llvm does', () => {
    const next = random(SEED + 1);
    const rows = INSTRUCTIONS.filter((row) => row.operands.some(isPcRelative));
    const source: string[] = [];
    const texts: string[] = [];
    let pc = BASE;
    for (const row of rows) {
      const kind: Immediate = IMMEDIATES[row.operands.at(-1) as OperandKind];
      for (const value of immediateValues(kind, next)) {
        // The values are distances at address 0: the same bits make another target here.
        const target = kind.decode(kind.encode(value, 0)!, pc) >>> 0;
        const others = row.operands.slice(0, -1).map((operand) => {
          const list = candidates(operand, next);
          return list[next() % list.length]!;
        });
        source.push(`${row.mnemonic} ${[...others, `0x${target.toString(16)}`].join(', ')}`);
        texts.push(`${row.mnemonic}\t${[...others, `0x${target.toString(16)}`].join(', ')}`);
        pc += row.bits.replace(/ /g, '').length / 8;
      }
    }
    const ours = assemble(source.join('\n'), { origins: { '.text': BASE } }).bytes();
    const theirs = [...textByAddress(objdump(ours, BASE)).values()];
    expect(texts.length).toBeGreaterThan(800);
    expect(theirs.length).toBe(texts.length);
    texts.forEach((text, i) => {
      if (!excused(theirs[i]!, text)) expect(theirs[i]).toBe(text);
    });
    expectSameTexts(ours, instructionStarts(ours, texts.length));
  });

  it('decodes all 65,536 16-bit words as llvm-objdump does', () => {
    const code: number[] = [];
    const starts: number[] = [];
    // NOP.N before each word keeps llvm in step: an unknown word takes the length of the one before.
    for (let word = 0; word < 0x10000; word++) {
      if ((word & 8) === 0) continue;
      code.push(0x3d, 0xf0);
      starts.push(code.length);
      code.push(word & 0xff, word >> 8);
    }
    // The others begin an instruction of three bytes, here with a last byte of zero.
    code.push(0xf0, 0x20, 0x00);
    for (let word = 0; word < 0x10000; word++) {
      if ((word & 8) !== 0) continue;
      starts.push(code.length);
      code.push(word & 0xff, word >> 8, 0);
    }
    expect(starts.length).toBe(0x10000);
    expectSameTexts(Uint8Array.from(code), starts);
  });

  it('decodes 1,000,000 random 24-bit words as llvm-objdump does', () => {
    const next = random(SEED + 2);
    const count = 1_000_000;
    const code = new Uint8Array(3 * (count + 1));
    code.set([0xf0, 0x20, 0x00]);
    const starts: number[] = [];
    for (let i = 1; i <= count; i++) {
      const word = next();
      code[3 * i] = word & 0xf7;
      code[3 * i + 1] = word >>> 8;
      code[3 * i + 2] = word >>> 16;
      starts.push(3 * i);
    }
    expectSameTexts(code, starts);
  });

  it('lists only divergences that exist', () => {
    const listed = KNOWN_DIVERGENCES.filter((divergence) => divergence.kind === 'missing');
    const source = listed.map(({ mnemonic, register }) => {
      const row = INSTRUCTIONS.find((candidate) => candidate.mnemonic === mnemonic)!;
      const operands = row.operands.map((operand) => candidates(operand, random(1))[0]!);
      if (register !== undefined) operands[operands.length - 1] = register;
      return `${mnemonic} ${operands.join(', ')}`;
    });
    expect(() => assemble(source.join('\n'))).not.toThrow();
    expect(llvmErrorLines(source.join('\n'))).toEqual(source.map((_, index) => index + 1));
  });
});

function wordAt(code: Uint8Array, offset: number): number {
  return code[offset]! | ((code[offset + 1] ?? 0) << 8) | ((code[offset + 2] ?? 0) << 16);
}

/** Offsets of the `count` instructions that follow each other in `code`. */
function instructionStarts(code: Uint8Array, count: number): number[] {
  const starts: number[] = [];
  for (let at = 0; at < code.length; at += instructionLength(code[at]!)) starts.push(at);
  expect(starts.length).toBe(count);
  return starts;
}

/** Our text at each of the offsets, which ascend, is llvm-objdump's; shows the first differences. */
function expectSameTexts(code: Uint8Array, starts: readonly number[]): void {
  const differences: string[] = [];
  let compared = 0;
  for (const line of objdump(code, BASE)) {
    const colon = line.indexOf(':');
    const tab = line.indexOf('\t');
    if (colon < 1 || tab < colon || compared === starts.length) continue;
    const address = parseInt(line.slice(0, colon), 16);
    if (address !== BASE + starts[compared]!) continue;
    compared++;
    const word = wordAt(code, address - BASE);
    const theirs = line.slice(tab + 1);
    const ours = disassemble(word, address, { onlyLlvm: true }) ?? '<unknown>';
    if (theirs === ours || excused(theirs, ours)) continue;
    differences.push(`${address.toString(16)}: ${word.toString(16)}: "${ours}", llvm "${theirs}"`);
    if (differences.length >= 20) break;
  }
  expect(differences).toEqual([]);
  expect(compared).toBe(starts.length);
}

/** The two instructions that llvm-objdump prints wrong, with exactly the error it makes. */
function excused(theirs: string, ours: string): boolean {
  if (ours.startsWith('addmi\t')) return theirs === ours.replace(/-?\d+$/, '0');
  if (!ours.startsWith('l32r\t')) return false;
  const [register, target] = ours.split(', ');
  const [theirRegister, theirTarget] = theirs.split(', ');
  const distance = (Number(target) - Number(theirTarget)) % 0x20000;
  return register === theirRegister && distance === 0;
}

function firstDifference(ours: Uint8Array, theirs: Uint8Array): string {
  const at = ours.findIndex((byte, index) => byte !== theirs[index]);
  return `first difference at 0x${at.toString(16)}, near ${disassemble(wordAt(ours, at), BASE)}`;
}
