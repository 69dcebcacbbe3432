import { describe, expect, it } from 'vitest';
import { parseElf, readSymbols, type ElfSymbol } from './elf.ts';
import { firmwareFiles, haveRealFiles, realBytes } from './real.fixtures.ts';
import { SymbolTable } from './symbols.ts';

function symbol(name: string, address: number, rest: Partial<ElfSymbol> = {}): ElfSymbol {
  const plain = { size: 0, type: 'none', binding: 'global', absolute: false } as const;
  return { ...plain, sectionEnd: 0x4008_1000, name, address, ...rest };
}

const table = new SymbolTable([
  symbol('app_main', 0x4008_0010, { size: 0x20, type: 'function' }),
  symbol('inner_label', 0x4008_0018, { binding: 'local' }),
  symbol('vector', 0x4008_0000),
  symbol('after', 0x4008_0100),
  symbol('weak_alias', 0x4008_0010, { size: 0x20, type: 'function', binding: 'weak' }),
  symbol('start_of_text', 0x4008_0010),
  symbol('counter', 0x3ffb_0000, { size: 4, type: 'object', sectionEnd: 0x3ffb_0010 }),
  symbol('ets_printf', 0x4000_7d54, { absolute: true }),
  symbol('stack_size', 0x1000, { absolute: true }),
  symbol('.text', 0x4008_0000, { type: 'section' }),
  symbol('main.c', 0, { type: 'file' }),
]);

describe('SymbolTable', () => {
  it.each([
    [0x4008_0010, 'app_main'],
    [0x4008_002f, 'app_main+0x1f'],
    [0x4008_0018, 'app_main+0x8'],
    [0x4008_0004, 'vector+0x4'],
    [0x4008_0ffc, 'after+0xefc'],
    [0x3ffb_0003, 'counter+0x3'],
    [0x4000_7d54, 'ets_printf'],
  ])('names 0x%x %s', (address, name) => {
    expect(table.name(address)).toBe(name);
  });

  it.each([
    ['the gap after a sized function', 0x4008_0030],
    ['behind the section of a label', 0x4008_1000],
    ['behind an object', 0x3ffb_0004],
    ['behind an absolute symbol', 0x4000_7d58],
    ['below everything', 0x10],
    ['the top of memory', 0xffff_ffff],
  ])('has no name for %s', (_what, address) => {
    expect(table.name(address)).toBeUndefined();
  });

  it('takes signed addresses, as registers hold them', () => {
    const high = new SymbolTable([symbol('high', 0x8000_0000, { size: 4 })]);
    expect(high.name(0x8000_0002 | 0)).toBe('high+0x2');
  });

  it('finds an enclosing symbol behind many smaller ones', () => {
    const small = Array.from({ length: 100 }, (_, i) =>
      symbol(`part${i}`, 0x4008_0004 + 4 * i, { size: 2, type: 'object' }),
    );
    const nested = new SymbolTable([...small, symbol('whole', 0x4008_0000, { size: 0x1000 })]);
    expect(nested.name(0x4008_0008)).toBe('part1');
    expect(nested.name(0x4008_000a)).toBe('whole+0xa');
    expect(nested.name(0x4008_0800)).toBe('whole+0x800');
  });

  it('gives addresses by name and suggests close names', () => {
    expect(table.address('counter')).toBe(0x3ffb_0000);
    expect(table.address('stack_size')).toBe(0x1000);
    expect(table.address('main.c')).toBeUndefined();
    expect(table.suggest('app_mian')).toEqual(['app_main']);
    expect(table.suggest('printf')).toEqual(['ets_printf']);
    expect(table.suggest('COUNTER')).toEqual(['counter']);
    expect(table.suggest('zzzzzzzzzzzz')).toEqual([]);
  });

  it('is empty without symbols', () => {
    const empty = new SymbolTable([]);
    expect(empty.name(0)).toBeUndefined();
    expect(empty.suggest('main')).toEqual([]);
  });
});

describe('mangled names', () => {
  const mangled = new SymbolTable([
    symbol('_RNvC3app4main', 0x4008_0000, { size: 16, type: 'function' }),
    symbol('_RINvC3app4sizehE', 0x4008_0010, { size: 16, type: 'function' }),
    symbol('_RNvCs1_3app4same', 0x4008_0020, { size: 16, type: 'function' }),
    symbol('_RNvCs2_3app4same', 0x4008_0030, { size: 16, type: 'function' }),
    symbol('_ZN3log5STATE17h0123456789abcdefE', 0x3ffb_0000, { size: 4, type: 'object' }),
    symbol('_RNvC3app5alias', 0x4008_0040),
    symbol('app::alias', 0x4008_0050),
    symbol('_RNvC3app\n\x1b[31m', 0x4008_0060),
  ]);

  it('are shown as the source has them', () => {
    expect(mangled.name(0x4008_0004)).toBe('app::main+0x4');
    expect(mangled.name(0x4008_0010)).toBe('app::size::<u8>');
    expect(mangled.name(0x3ffb_0000)).toBe('log::STATE');
    expect(mangled.lookup(0x4008_0004)!.symbol.name).toBe('_RNvC3app4main');
    expect(mangled.name(0x4008_0060)).toBe('_RNvC3app??[31m');
  });

  it('are found by both forms, the exact one first', () => {
    expect(mangled.address('app::main')).toBe(0x4008_0000);
    expect(mangled.address('_RNvC3app4main')).toBe(0x4008_0000);
    expect(mangled.address('log::STATE')).toBe(0x3ffb_0000);
    expect(mangled.address('app::alias')).toBe(0x4008_0050);
    expect(mangled.address('_RNvC3app5alias')).toBe(0x4008_0040);
  });

  it('may be several', () => {
    expect(mangled.address('app::same')).toBeUndefined();
    expect(mangled.named('app::same').map(({ address }) => address)).toEqual([0x4008_0020, 0x4008_0030]); // prettier-ignore
  });

  it('local functions may share a name; a global one goes before them', () => {
    const local = { size: 4, type: 'function', binding: 'local' } as const;
    const table = new SymbolTable([
      symbol('init', 0x4008_0000, local),
      symbol('init', 0x4008_0010, local),
      symbol('setup', 0x4008_0020, local),
      symbol('setup', 0x4008_0030, { ...local, binding: 'global' }),
      symbol('setup', 0x4008_0030, { ...local, binding: 'global' }),
    ]);
    expect(table.address('init')).toBeUndefined();
    expect(table.named('init')).toHaveLength(2);
    expect(table.address('setup')).toBe(0x4008_0030);
  });

  it('are offered readable, unless a mangled one was meant', () => {
    expect(mangled.suggest('app::mian')[0]).toBe('app::main');
    expect(mangled.suggest('main')).toEqual(['app::main']);
    expect(mangled.suggest('_RNvC3app4mian')[0]).toBe('_RNvC3app4main');
  });
});

describe.skipIf(!haveRealFiles())('symbols of real executables', () => {
  it.each(firmwareFiles('.elf'))('%s/%s: every function is found from all its bytes', (...path) => {
    const symbols = readSymbols(parseElf(realBytes('fw', ...path), path[1]));
    const names = new SymbolTable(symbols);
    const functions = symbols.filter((s) => s.type === 'function' && s.size > 0 && !s.absolute);
    expect(functions.length).toBeGreaterThan(40);
    for (const { name, address, size } of functions) {
      for (const offset of [0, size >>> 1, size - 1]) {
        const hit = names.lookup(address + offset);
        const found = hit?.symbol;
        // Aliases and nested symbols are as good as the function itself when they cover the byte.
        const covers = found !== undefined && found.size > (hit?.offset ?? 0);
        expect(covers && found.address >= address, `${name}+${offset}: ${found?.name}`).toBe(true);
      }
    }
  });
});
