/** Mangled names against LLVM's demangler: real ones, a compiler's, and ones made by the grammar. */
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseElfLayout, readSymbols } from './elf.ts';
import { LEGACY_NAMES, V0_NAMES } from './mangled.fixtures.ts';
import { readableName } from './readable-name.ts';
import { firmwareFiles, haveProgram, haveRealFiles, realBytes } from './real.fixtures.ts';
import { SEED } from './synthetic.fixtures.ts';

/** What differs from LLVM's text, and why. */
const KNOWN_DIVERGENCES: readonly [why: string, text: (llvm: string) => string][] = [
  ['LLVM reads legacy names as C++: the hash stays', (name) => name.replace(/::h[0-9a-f]{16}(?=$| \()/, '')], // prettier-ignore
  ['LLVM reads legacy names as C++: escapes stay', unescaped],
  ['`.llvm.NUMBER`, which ThinLTO appends, tells a reader nothing', (name) => name.replace(/ \(\.llvm\.[0-9A-F]+\)$/, '')], // prettier-ignore
];

function unescaped(name: string): string {
  if (!/\$|\.\./.test(name.replace(/ \(.*/, ''))) return name;
  const words = [['LT', '<'], ['GT', '>'], ['RF', '&'], ['BP', '*'], ['SP', '@'], ['LP', '('], ['RP', ')'], ['C', ',']]; // prettier-ignore
  const plain = words.reduce((text, [word, sign]) => text.replaceAll(`$${word}$`, sign!), name);
  return plain
    .replace(/\$u([0-9a-f]+)\$/g, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
    .replaceAll('..', '::')
    .replace(/(^|::)_(?=[^\w])/g, '$1')
    .replace(/(^|::)_(?=[^\x00-\x7f])/g, '$1');
}

function llvmNames(mangled: readonly string[]): string[] {
  const input = `${mangled.join('\n')}\n`;
  const text = execFileSync('llvm-cxxfilt-22', { input, encoding: 'utf8', maxBuffer: 1 << 26 });
  return text.split('\n').slice(0, -1);
}

/** Ours and LLVM's where they differ. */
function differences(mangled: readonly string[]): string[] {
  return llvmNames(mangled).flatMap((llvm, i) => {
    const isLegacy = /17h[0-9a-f]{16}E/.test(mangled[i]!);
    const rules = KNOWN_DIVERGENCES.filter(([why]) => isLegacy || !why.includes('legacy'));
    const expected = rules.reduce((name, [, text]) => text(name), llvm);
    const ours = readableName(mangled[i]!);
    return ours === expected ? [] : [`${mangled[i]!}: ${ours} instead of ${expected}`];
  });
}

describe('readableName', () => {
  it.each([
    ['_RNvNtCs1234_7mycrate3foo3bar', 'mycrate::foo::bar'],
    ['_RNvMs_Cs4Cv8Wi1oAIB_7mycrateNtB4_7Example3foo', '<mycrate::Example>::foo'],
    [
      '_RNvXCs15kBYyAo9fc_7mycrateNtB2_7ExampleNtB2_5Trait3foo',
      '<mycrate::Example as mycrate::Trait>::foo',
    ],
    ['_RNCNvC1a4mains_0', 'a::main::{closure#1}'],
    ['_RINvC1a1fDG_INtC1b2FnTRL0_hEEp6OutputuEL_E', "a::f::<dyn for<'a> b::Fn<(&'a u8,), Output = ()>>"], // prettier-ignore
    ['_RNvC1au8gdel_5qa', 'a::gödel'],
    ['_RNvC1a4main.llvm.123AB', 'a::main'],
    ['_RNvC3app4STOP.0', 'app::STOP (.0)'],
    ['_ZN4core3fmt5write17h0123456789abcdefE', 'core::fmt::write'],
    [
      '_ZN49_$LT$log..Level$u20$as$u20$core..fmt..Display$GT$3fmt17h0123456789abcdefE',
      '<log::Level as core::fmt::Display>::fmt',
    ],
    ['_ZN3app4main28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE', 'app::main::{{closure}}'],
    ['_ZN3log5STATE17hdd6435adb8505529E.0', 'log::STATE (.0)'],
  ])('%s is %s', (mangled, name) => {
    expect(readableName(mangled)).toBe(name);
  });

  it.each([
    'app_main',
    '_R',
    '_Rx',
    '_RTC_ENTRY_ADDR',
    '_ReadByte',
    '_RNvC1a',
    '_RNvC1a4mai',
    '_RNvC1a4mainZ',
    '_RNvB_1a',
    '_RNvC1au3aA_',
    '_RINvC1a1fKb2_E',
    '_RINvC1a1fKRe616263_E',
    '_RINvC1a1fRL0_hE',
    '_ZSt9terminatev',
    '_ZN3fooE',
    '_ZN17h0123456789abcdefE',
    '_ZN3foo17h0123456789abcdef',
    '_ZN9999foo17h0123456789abcdefE',
    '_ZN3foo18h0123456789abcdefgE',
  ])('%s stays as it is', (symbol) => {
    expect(readableName(symbol)).toBe(symbol);
  });

  it('hostile names stay as they are, at once', () => {
    // Each tuple names the one before it twice: 2^40 types.
    let bomb = '_RINvC1a1fTmmE';
    for (let i = 0, at = 8; i < 40; i++) {
      const here = bomb.length - 2;
      bomb += `TB${base62(at)}B${base62(at)}E`;
      at = here;
    }
    const deep = `_RINvC1a1f${'S'.repeat(100_000)}mE`;
    const wide = `_RINvC1a1fFG${'z'.repeat(6)}_EuE`;
    const loop = '_RNvB_3foo';
    const long = `_RNvC1a${'9'.repeat(400)}x`;
    const tuples = `_RINvC1a1f${'TB7_'.repeat(5000)}`;
    for (const symbol of [`${bomb}E`, deep, wide, loop, long, tuples, '_ZN' + '1a'.repeat(1 << 20)])
      expect(readableName(symbol) === symbol, symbol.slice(0, 40)).toBe(true);
  });

  it('of any text there is a name, of bounded length', () => {
    const letters = fc.constantFrom(...'CMXYNIBTSARQPOFDLKEGUpsuv_0123456789abhjn$.ZN');
    fc.assert(
      fc.property(
        fc.constantFrom('_R', '_ZN', '_RINvC1a1f'),
        fc.array(letters, { maxLength: 200 }),
        (start, rest) => {
          // prettier-ignore
          const symbol = start + rest.join('');
          expect(readableName(symbol).length).toBeLessThanOrEqual(2048 + symbol.length + 3);
        },
      ),
      { seed: SEED, numRuns: 3000 },
    );
  });
});

describe.skipIf(!haveProgram('llvm-cxxfilt-22'))('names as LLVM reads them', () => {
  it('those of a Rust program, in both manglings', () => {
    expect(V0_NAMES.filter((name) => readableName(name) === name)).toEqual([]);
    expect(LEGACY_NAMES.filter((name) => readableName(name) === name)).toEqual([]);
    expect(differences([...V0_NAMES, ...LEGACY_NAMES])).toEqual([]);
  });

  it("those of the project's firmware", () => {
    const folder = 'firmware/images';
    const elfs = readdirSync(folder).filter((name) => name.endsWith('.elf'));
    const names = elfs.flatMap((name) => rustNames(readFileSync(join(folder, name)), name));
    expect(new Set(names).size).toBeGreaterThan(200);
    expect(differences([...new Set(names)])).toEqual([]);
  });

  it.skipIf(!haveRealFiles())('those of real firmware and ROMs', () => {
    const roms = ['esp32_rev0_rom.elf', 'esp32_rev300_rom.elf'];
    const names = [
      ...firmwareFiles('.elf').flatMap((path) => rustNames(realBytes('fw', ...path), path[1])),
      ...roms.flatMap((name) => rustNames(realBytes('rom', name), name)),
    ];
    expect(names.filter((name) => readableName(name) !== name).length).toBeGreaterThan(30);
    expect(differences([...new Set(names)])).toEqual([]);
  });

  it('those made by the grammar, right and wrong ones', () => {
    const names = fc.sample(v0Symbol(), { seed: SEED, numRuns: 6000 });
    expect(names.filter((name) => readableName(name) !== name).length).toBeGreaterThan(1000);
    expect(differences(names)).toEqual([]);
  });
});

/** What begins as Rust's names do; C++'s are shown as they are. */
function rustNames(bytes: Uint8Array, file: string): string[] {
  return readSymbols(parseElfLayout(new Uint8Array(bytes), file))
    .map(({ name }) => name)
    .filter((name) => name.startsWith('_R') || /^_ZN.*17h[0-9a-f]{16}E/.test(name));
}

function base62(value: number): string {
  if (value === 0) return '_';
  const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  let text = '';
  for (let rest = value - 1; rest > 0 || text === ''; rest = Math.floor(rest / 62))
    text = digits[rest % 62]! + text;
  return `${text}_`;
}

/** By RFC 2603. Back-references go anywhere: some are right, some read what is not what they stand for. */
function v0Symbol(): fc.Arbitrary<string> {
  const join = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc.tuple(...parts).map((all) => all.join(''));
  const say = (text: string): fc.Arbitrary<string> => fc.constant(text);
  const many = (part: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.array(part, { maxLength: 3 }).map((all) => all.join(''));
  const maybe = (part: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(say(''), part);
  const number = fc.nat({ max: 40 }).map(base62);
  const name = fc.constantFrom('3foo', '1a', '4_123', '0', '2_x', 'u8gdel_5qa', 'u3tda', '5Trait');
  // LLVM leaves the names of associated types in Punycode.
  const asciiName = fc.constantFrom('3foo', '6Output', '1a');
  const disambiguator = maybe(number.map((text) => `s${text}`));
  const identifier = join(disambiguator, name);
  const back = { weight: 1, arbitrary: number.map((text) => `B${text}`) };
  const lifetime = fc.constantFrom('L_', 'L_', 'L_', 'L0_', 'L1_');
  const binder = maybe(fc.constantFrom('G_', 'G0_'));
  const { path } = fc.letrec<{ path: string; type: string; constant: string; argument: string }>(
    (tie) => ({
      path: fc.oneof(
        { depthSize: 'small' },
        join(say('C'), identifier),
        join(say('M'), disambiguator, tie('path'), tie('type')),
        join(say('X'), disambiguator, tie('path'), tie('type'), tie('path')),
        join(say('Y'), tie('type'), tie('path')),
        join(fc.constantFrom('Nv', 'Nt', 'NC', 'NS', 'NZ'), tie('path'), identifier),
        join(say('I'), tie('path'), many(tie('argument')), say('E')),
        back,
      ),
      type: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(...'abcdefhijlmnopstuvxyz'),
        join(say('A'), tie('type'), tie('constant')),
        join(fc.constantFrom('S', 'P', 'O'), tie('type')),
        join(say('T'), many(tie('type')), say('E')),
        join(fc.constantFrom('R', 'Q'), maybe(lifetime), tie('type')),
        join(say('F'), binder, maybe(say('U')), maybe(fc.constantFrom('KC', 'K8sysv64_x')), many(tie('type')), say('E'), tie('type')), // prettier-ignore
        join(say('D'), binder, many(join(tie('path'), maybe(join(say('p'), asciiName, tie('type'))))), say('E'), lifetime), // prettier-ignore
        tie('path'),
        back,
      ),
      constant: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('p', 'b0_', 'b1_', 'c41_', 'c27_', 'c1f600_', 'a7f_', 'in1_', 'j7b_'),
        fc.constantFrom('y1000000000000000_', 'o10000000000000000_', 'xn8000000000000000_'),
        back,
      ),
      argument: fc.oneof(lifetime, tie('type'), join(say('K'), tie('constant'))),
    }),
  );
  return join(say('_R'), path, maybe(fc.constantFrom('C1b', '.llvm.12AB', '.cold', '.0')));
}
