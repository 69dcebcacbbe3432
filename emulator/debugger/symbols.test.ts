/** Names of real firmware in Rust, wherever they are printed and taken. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { InputRecord } from '../inputs.ts';
import { createBoard } from '../testing/board.ts';
import { lastInstructions } from '../testing/last-instructions.ts';
import { seconds, us } from '../testing/units.ts';
import { parseElf, readSymbols } from '../loader/elf.ts';
import { haveProgram } from '../loader/real.fixtures.ts';
import { errorOf } from '../loader/synthetic.fixtures.ts';
import { Symbols } from './symbols.ts';

const ELF = 'firmware/images/fault.elf';
const FIRMWARE = ['0x1000', 'firmware/images/bootloader.bin', '0x10000', 'firmware/images/fault.bin']; // prettier-ignore
const symbolsOf = (file: string): Symbols =>
  new Symbols([parseElf(new Uint8Array(readFileSync(file)), file)]);

describe('names of Rust firmware', { timeout: 60_000 }, () => {
  it.skipIf(!haveProgram('llvm-nm-22'))('both forms give the address that llvm-nm gives', () => {
    const symbols = symbolsOf(ELF);
    const text = execFileSync('llvm-nm-22', [ELF], { encoding: 'utf8' });
    const rows = [...text.matchAll(/^(\w+) [TtDdBbRr] (_R\S+)$/gm)];
    expect(rows.length).toBeGreaterThan(100);
    const readable = execFileSync('llvm-cxxfilt-22', { input: rows.map((row) => row[2]).join('\n'), encoding: 'utf8' }).split('\n'); // prettier-ignore
    let ambiguous = 0;
    rows.forEach((row, i) => {
      const address = parseInt(row[1]!, 16);
      const name = readable[i]!;
      expect(symbols.name(address)).toMatch(/^(?!_R)/);
      if (readable.filter((one) => one === name).length > 1) ambiguous++;
      else for (const form of [row[2]!, name]) expect(symbols.address(form)).toBe(address);
    });
    expect(ambiguous).toBeLessThan(rows.length / 4);
  });

  it('a name that several have is refused, with those to choose from', () => {
    const symbols = symbolsOf(ELF);
    expect(errorOf(() => symbols.address('<core::fmt::Formatter>::pad'))).toMatch(
      /^symbol: several are named '<core::fmt::Formatter>::pad'; expected one of 0x\w+, 0x\w+$/,
    );
    expect(errorOf(() => symbols.address('app::illegl'))).toMatch(
      /^symbol: there is none named 'app::illegl' \(did you mean 'app::illegal'/,
    );
  });

  it('hooks, backtraces, failures and the last instructions', () => {
    const board = createBoard({
      firmware: FIRMWARE,
      rom: 'firmware/images/open-rom.elf',
      elf: ELF,
    });
    const start = board.snapshot();
    const inputs: InputRecord[] = [];
    const [mangled] = board.symbols.elfs.flatMap((elf) => readSymbols(elf)).filter(({ name }) => name.endsWith('9read_null')); // prettier-ignore
    const probe = board.function(mangled!.name);
    expect(board.function('app::read_null')).toBe(probe);
    expect(probe.name).toBe('app::read_null');
    const until = board.reached(mangled!.name);
    expect(until.name).toBe('app::read_null is reached');
    expect(board.run({ until, within: seconds(3) }).met).toBe(true);
    expect(board.where().join('\n')).toMatch(/^ {2}0x\w+ app::read_null( |$)/m);
    expect(probe.calls).toBe(1);
    expect(() => board.expect(board.reached('app::survive'), us(1))).toThrow(/app::read_null/);
    expect(lastInstructions({ board, start, inputs }).join('\n')).toMatch(
      / app::load_prohibited\+0x\w+ .* app::read_null +entry /s,
    );
    expect(board.where().join('\n')).not.toContain('_R');
  });
});
