/**
 * Source file and line of an address, from .debug_line (DWARF 2 to 5). Nothing is read before
 * the first question; then every line program is run once into sorted sequences.
 *
 * Debug data is advice: a malformed unit is left out and recorded in `problems`, it never stops a
 * run. Columns, statement flags and inlined call chains are not kept.
 */
import { readLineHeader } from './dwarf-line-header.ts';
import { runLineProgram, type LineSequence } from './dwarf-line-program.ts';
import { DwarfReader } from './dwarf-reader.ts';
import { dwarfSection, dwarfStrings, readUnits } from './dwarf-unit.ts';
import type { Elf } from './elf.ts';
import { InputError } from './errors.ts';

export interface SourceLine {
  /** Absolute where the debug data tell the compilation directory. */
  readonly file: string;
  /** 0 when the compiler attributes the instruction to no line. */
  readonly line: number;
}

interface Index {
  readonly sequences: readonly LineSequence[];
  /** Highest end of the sequences 0..i. */
  readonly reach: Float64Array;
  /** Compilation directory by offset of the line table. */
  readonly directories: ReadonlyMap<number, string>;
}

export class LineTable {
  readonly problems: InputError[] = [];
  readonly #elf: Elf;
  #index: Index | undefined;

  constructor(elf: Elf) {
    this.#elf = elf;
  }

  lookup(address: number): SourceLine | undefined {
    const index = this.#load();
    const wanted = address >>> 0;
    const last = lastAtOrBefore(index.sequences.length, (i) => index.sequences[i].start <= wanted);
    for (let i = last; i >= 0 && index.reach[i] > wanted; i--) {
      const sequence = index.sequences[i];
      if (wanted < sequence.end) return sourceLine(sequence, wanted, index.directories);
    }
    return undefined;
  }

  /** `main.c:12` with the full path, or undefined. */
  text(address: number): string | undefined {
    const hit = this.lookup(address);
    return hit === undefined ? undefined : `${hit.file}:${hit.line === 0 ? '?' : hit.line}`;
  }

  #load(): Index {
    if (this.#index !== undefined) return this.#index;
    const sequences = readSequences(this.#elf, this.problems);
    const reach = new Float64Array(sequences.length);
    let end = 0;
    sequences.forEach((sequence, i) => {
      end = Math.max(end, sequence.end);
      reach[i] = end;
    });
    const directories = new Map<number, string>();
    for (const unit of readUnits(this.#elf, this.problems)) {
      if (unit.lineTable !== undefined) directories.set(unit.lineTable, unit.compilationDirectory);
    }
    this.#index = { sequences, reach, directories };
    return this.#index;
  }
}

/**
 * Sequences by start address. Functions the linker discarded keep a sequence at address 0 or at
 * the tombstone 0xffffffff: they name no code.
 */
function readSequences(elf: Elf, problems: InputError[]): LineSequence[] {
  const view = dwarfSection(elf, '.debug_line');
  const strings = dwarfStrings(elf);
  const sequences: LineSequence[] = [];
  for (let at = 0; at < view.length && problems.length <= 16;) {
    const reader = new DwarfReader(view, at);
    try {
      at += 4 + reader.unitLength();
      const unit = new DwarfReader(view.upTo(at), reader.offset - 4);
      for (const sequence of runLineProgram(unit, readLineHeader(unit, strings))) {
        sequences.push(sequence);
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error);
      if (at < reader.offset) break;
    }
  }
  const live = sequences.filter((sequence) => sequence.start !== 0);
  return live.sort((a, b) => a.start - b.start || a.end - b.end);
}

function sourceLine(
  sequence: LineSequence,
  address: number,
  directories: ReadonlyMap<number, string>,
): SourceLine {
  const { addresses, files, lines, header } = sequence;
  const row = lastAtOrBefore(addresses.length, (i) => addresses[i] <= address);
  const file = header.files[files[row]];
  if (file === undefined) return { file: '??', line: lines[row] };
  const directory = header.directories[file.directory] ?? '';
  const home = directories.get(header.offset) ?? '';
  return { file: joinPath(joinPath(home, directory), file.path), line: lines[row] };
}

function joinPath(directory: string, path: string): string {
  if (directory === '' || path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)) return path;
  if (path === '') return directory;
  return /[\\/]$/.test(directory) ? directory + path : `${directory}/${path}`;
}

/** Last index for which `holds` is true, given that it is true first and then false; -1 if none. */
function lastAtOrBefore(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
