/**
 * Variables of compiled programs. Their values are those that the sources give them; sizes are also
 * held against llvm-dwarfdump.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { haveProgram } from '../loader/real.fixtures.ts';
import { errorOf } from '../loader/synthetic.fixtures.ts';
import { createBoard } from './board.ts';
import type { Board } from './board.ts';
import { buildTypes, C_TYPES, CPP_TYPES, RUST_TYPES } from './variable-types.fixtures.ts';
import type { Language } from './variable-types.fixtures.ts';

const canBuild = ['clang-22', 'llvm-mc-22', 'xtensa-lx106-elf-ld'].every(haveProgram);
const canBuildRust = canBuild && haveProgram('/usr/bin/rustc');
let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'lockstep32-types-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function boardOf(language: Language, source: string, flags: readonly string[] = []): Board {
  return createBoard(buildTypes(folder, 'types', language, source, flags));
}

const BITS = { low: 5, mid: -9, high: 0xabcdef, on: true, colour: 'NEGATIVE', wide: 0xfedcba9876, signed_wide: -4_000_000_000 }; // prettier-ignore

const versions = [['-gdwarf-2'], ['-gdwarf-3'], ['-gdwarf-4'], ['-gdwarf-5'], ['-gdwarf-5', '-O2']];

describe.skipIf(!canBuild).each(versions)('C with %s', { timeout: 60_000 }, (...flags) => {
  let board: Board;
  const read = (path: string): unknown => board.variable(path).read();
  beforeAll(() => void (board = boardOf('c', C_TYPES, flags)));

  it('integers, floats, text and enumerations', () => {
    const values = {
      ...{ colour: 'NEGATIVE', unnamed: 77, big: 'BIG_ONE', constant: 42, yes: true },
      ...{ big_unsigned: 0xfedcba9876543210n, big_signed: -0x123456789abcdefn, small_signed: -5 },
      ...{ real: -0.1, single: 1.5, longest: 2.25, text: 'caf\u00e9', tiny: -7, octet: 200 },
      ...{ letter: 65, nothing: 0, function: 0 },
    };
    for (const [path, value] of Object.entries(values)) expect(read(path), path).toEqual(value);
  });

  it('bit fields, also packed and of 64 bits', () => {
    expect(read('bits')).toEqual(BITS);
    expect(read('bits.signed_wide')).toBe(-4_000_000_000);
    expect(read('packed')).toEqual({ first: 0x11, split: 0x1abcdef0, next: 0x2bcdef01 });
    const before = board.memory.read(board.variable('packed').address, 9);
    for (const value of [0, 0x1fffffff, 0x1abcdef0]) {
      board.variable('packed.split').write(value);
      expect(read('packed')).toEqual({ first: 0x11, split: value, next: 0x2bcdef01 });
    }
    expect(board.memory.read(board.variable('packed').address, 9)).toEqual(before);
    board.variable('bits').write({ colour: 'GREEN', wide: 1, signed_wide: -1, mid: 15 });
    expect(read('bits')).toEqual({ ...BITS, colour: 'GREEN', wide: 1, signed_wide: -1, mid: 15 });
    board.variable('bits').write(BITS);
    expect(errorOf(() => board.variable('bits.low').write(8))).toBe('bits.low: 8 does not fit; expected 3 bits'); // prettier-ignore
  });

  it('unions and anonymous members', () => {
    expect(read('both')).toEqual({ word: 0x3f800000, bytes: [0, 0, 0x80, 0x3f], real: 1, halves: { lo: 0, hi: 0x3f80 } }); // prettier-ignore
    expect(read('anonymous')).toMatchObject({ tag: 7, as_int: 0x20001, x: 1, y: 2, inner: 113 });
    expect(read('anonymous.y')).toBe(2);
    board.variable('anonymous.y').write(-2);
    expect(read('anonymous.as_int')).toBe(0xfffe0001 | 0);
    board.variable('anonymous.y').write(2);
  });

  it('structures through pointers, typedefs, const and volatile, and arrays of them', () => {
    expect(read('first.value')).toBe(10);
    expect(read('first.next->value')).toBe(20);
    expect(read('first.next->next->value')).toBe(30);
    expect(board.memory.readString(read('first.next->next->name') as number)).toBe('last');
    expect(read('head->value')).toBe(20);
    expect(read('table[1].value')).toBe(2);
    expect(read('table[1].next.value')).toBe(30);
    expect(errorOf(() => read('table[3]'))).toBe("variable 'table': it has no element 3; expected 0 to 2"); // prettier-ignore
    expect(errorOf(() => read('table[0].next->value'))).toMatch(
      /^address 0x0+: there is no memory/,
    );
  });

  it('arrays of several dimensions, and of no stated size', () => {
    expect(read('matrix')).toEqual([
      [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]],
      [[-1, -2, -3, -4], [0, 0, 0, 0], [21, 22, 23, 24]],
    ]); // prettier-ignore
    expect(read('matrix[1][2][3]')).toBe(24);
    expect(read('flexible.count')).toBe(2);
    expect([read('flexible.items[0]'), read('flexible.items[1]')]).toEqual([0x1234, 0x5678]);
  });

  it('static locals, by their functions when they share a name', () => {
    expect(read('counter::count')).toBe(1000);
    expect(read('other::count')).toBe(2000);
    expect(read('counter::state.a')).toBe(9);
    expect(read('types.c::other::count')).toBe(2000);
    expect(errorOf(() => read('count'))).toBe("variable: several are named 'count'; expected one of counter::count, other::count"); // prettier-ignore
  });

  it('what cannot be read says so', () => {
    expect(errorOf(() => read('complex_value'))).toMatch(/^complex_value: its type '.*' cannot be read; expected a type with a size/); // prettier-ignore
    expect(errorOf(() => read('matrxi'))).toMatch(/^variable: there is none named 'matrxi' \(did you mean 'matrix'/); // prettier-ignore
  });

  it('sizes are those of llvm-dwarfdump', () => {
    const file = join(folder, 'types.elf');
    const text = execFileSync('llvm-dwarfdump-22', ['--debug-info', file], { encoding: 'utf8' });
    const rows = [...text.matchAll(/DW_TAG_(?:structure|union)_type\n\s+DW_AT_name\t\("(\w+)"\)\n\s+DW_AT_byte_size\t\(0x(\w+)\)/g)]; // prettier-ignore
    const sizes = Object.fromEntries(rows.map((row) => [row[1], parseInt(row[2]!, 16)]));
    expect(Object.keys(sizes).sort()).toEqual(['Flexible', 'Node', 'Packed']);
    const ours = { Flexible: 'flexible', Node: 'last', Packed: 'packed' };
    for (const [type, name] of Object.entries(ours))
      expect(board.variable(name).size, type).toBe(sizes[type]);
  });
});

describe.skipIf(!canBuild).each([['-gdwarf-4'], ['-gdwarf-5']])(
  'C++ with %s',
  { timeout: 60_000 },
  (flag) => {
    // prettier-ignore
    let board: Board;
    const read = (path: string): unknown => board.variable(path).read();
    beforeAll(() => void (board = boardOf('cpp', CPP_TYPES, [flag])));

    it('namespaces, classes and their static members, by any end of the path', () => {
      for (const path of ['depth', 'inner::depth', 'outer::inner::depth', '_ZN5outer5inner5depthE'])
        expect(read(path), path).toBe(3);
      expect([read('version'), read('outer::hidden'), read('Base::shared'), read('shared')]).toEqual([8, 4, 55, 55]); // prettier-ignore
      expect(board.memory.readString(read('Derived::label') as number)).toBe('derived');
      expect([read('Box<int>::count'), read('box')]).toEqual([6, { value: 12 }]);
      expect([read('method::same'), read('another::same'), read('calls')]).toEqual([41, 42, 40]);
      expect(() => read('same')).toThrow('one of method::same, another::same');
    });

    it('base classes, references, scoped enumerations', () => {
      expect(read('pod')).toEqual({ base: 1, flag: 1, field: -3 });
      expect(board.variable('pod.base').read()).toBe(1);
      expect(read('alias')).toBe(board.variable('target').address);
      expect([read('scoped'), read('Boolean'), read('wide')]).toEqual(['Last', false, 0x77]);
    });

    it('what has no place or no form says so', () => {
      expect(errorOf(() => read('local'))).toBe("variable: 'local' has no place in memory: it is on the stack or in a register; expected a global or static variable (volatile or -Og keeps one)"); // prettier-ignore
      expect(errorOf(() => read('member'))).toMatch(
        /^member: its type 'pointer to member' cannot be/,
      );
    });
  },
);

describe.skipIf(!canBuild)('other debug information', { timeout: 60_000 }, () => {
  const failure = (language: Language, source: string, flag: string, name: string): string =>
    errorOf(() => boardOf(language, source, [flag]).variable(name).read());

  it('in files beside, in type units, compressed, or none', () => {
    expect(failure('c', C_TYPES, '-gsplit-dwarf', 'bits')).toContain('in .dwo files: compile without -gsplit-dwarf'); // prettier-ignore
    const small = 'struct Pod { int a; }; Pod pod = { 3 }; extern "C" void _start() {}';
    expect(failure('cpp', small, '-fdebug-types-section', 'pod')).toMatch(/: a type is in a type unit \(compile without -fdebug-types-section\)$/); // prettier-ignore
    expect(failure('c', C_TYPES, '-g0', 'bits')).toBe("variable: there is none named 'bits' (no ELF with debug information was given)"); // prettier-ignore
    const elf = buildTypes(folder, 'packed', 'c', C_TYPES);
    execFileSync('llvm-objcopy-22', ['--compress-debug-sections=zlib', elf, `${elf}.z`]);
    const board = createBoard(`${elf}.z`);
    expect(errorOf(() => board.variable('bits'))).toContain('link with --compress-debug-sections=none'); // prettier-ignore
  });

  it('constants that the compiler folded', () => {
    const source =
      'static const int limit = 12; int sum; int _start(void) { return sum += limit; }';
    const board = boardOf('c', source, ['-O2']);
    expect(errorOf(() => board.variable('limit'))).toMatch(/^variable: 'limit' has no place in memory: the compiler (made it the constant 12|left it out);/); // prettier-ignore
  });
});

describe.skipIf(!canBuildRust)('Rust', { timeout: 60_000 }, () => {
  let board: Board;
  const read = (path: string): unknown => board.variable(path).read();
  beforeAll(() => void (board = boardOf('rs', RUST_TYPES)));

  it('enumerations: with and without values, in niches, with negative discriminants', () => {
    const some = (value: unknown) => ({ variant: 'Some', value: { __0: value } });
    const none = { variant: 'None', value: {} };
    expect([read('PLAIN'), read('SMALL')]).toEqual(['C', 'Y']);
    expect(read('CIRCLE')).toEqual({ variant: 'Circle', value: { __0: 9 } });
    expect(read('RECT')).toEqual({ variant: 'Rect', value: { w: 3, h: 4 } });
    expect(read('RECT.Rect.h')).toBe(4);
    expect(read('EMPTY')).toEqual({ variant: 'Empty', value: {} });
    expect([read('NULL'), read('LIE'), read('NO_LETTER')]).toEqual([none, none, none]);
    expect(read('TRUTH')).toEqual(some(true));
    expect(read('LONG')).toEqual(some(0xfedcba9876543210n));
    expect(read('LETTER')).toEqual(some(0xe9));
    expect(board.memory.read32(read('POINTER.Some.__0') as number)).toBe(5);
    expect(read('LOW')).toEqual({ variant: 'Low', value: { __0: 6 } });
    expect(read('HIGH')).toEqual({ variant: 'High', value: { __0: 7 } });
    expect(read('ONE')).toEqual({ variant: 'One', value: { __0: some(false) } });
    expect(read('ONE_NONE')).toEqual({ variant: 'One', value: { __0: none } });
    expect(read('TWO')).toEqual({ variant: 'Two', value: {} });
    expect(read('ONLY')).toEqual({ variant: 'Single', value: { __0: 4 } });
    expect(read('WIDE')).toEqual({ variant: 'Huge', value: { __0: -1 } });
    expect(errorOf(() => read('RECT.Circle'))).toBe("variable 'RECT': it has no field 'Circle'; expected one of Rect"); // prettier-ignore
  });

  it('structures, generics, unions, slices and 128 bits', () => {
    expect(read('PAIR')).toEqual({ __0: 11, __1: -12 });
    expect(read('GENERIC')).toEqual({ inner: { __0: 1, __1: 2 }, list: [{ __0: 3, __1: 4 }, { __0: 5, __1: 6 }] }); // prettier-ignore
    expect(read('RAW')).toEqual({ word: 0x04030201, bytes: [1, 2, 3, 4] });
    expect(read('SLICE')).toMatchObject({ letter: 120, big: -3, n: 0xffff_ffff_ffff_ffffn, s: -9 });
    const { data_ptr, length } = read('SLICE.text') as { data_ptr: number; length: number };
    expect(board.memory.readString(data_ptr, length)).toBe('h\u00e9');
  });

  it('paths of modules, by any end, and the linker name', () => {
    expect([read('er::COUNTER'), read('types::deep::COUNTER')]).toEqual([77, 78]);
    expect(() => read('COUNTER')).toThrow('one of types::deep::er::COUNTER, types::deep::COUNTER');
    const linkage = /_RNv\w*5PLAIN/.exec(execFileSync('llvm-nm-22', [join(folder, 'types.elf')], { encoding: 'utf8' }))![0]; // prettier-ignore
    expect(read(linkage)).toBe('C');
    board.variable(linkage).write('B');
    expect(read('deep::er::PLAIN')).toBe('B');
  });
});
