/** A trace as text: a line an instruction, with the source line where it changes. */
import { disassemble } from '../cpu/disassemble.ts';
import type { TraceEntry } from './trace.ts';

/** What the text takes from symbols. */
export interface TraceNames {
  /** `app_main+0x12`. */
  name(address: number): string | undefined;
  /** `main.c:34`. */
  line(address: number): string | undefined;
}

const CORES = ['PRO', 'APP'] as const;

/** Formats entries one after another. */
export class TraceText {
  private readonly names: TraceNames;
  private readonly lastLine: [string | undefined, string | undefined] = [undefined, undefined];

  constructor(names: TraceNames) {
    this.names = names;
  }

  /** One line, or two where another source line begins. */
  format(entry: TraceEntry): string[] {
    const { core, cycle, took, pc, word } = entry;
    const name = this.names.name(pc) ?? '';
    const place = `${String(cycle).padStart(11)} ${CORES[core]} ${hex(pc)} ${name.padEnd(28)}`;
    const text = word === undefined ? '-> vector' : instruction(word, pc);
    const notes = [...changesOf(entry), ...accessOf(entry)];
    if (word !== undefined && !entry.retired) notes.push('trapped');
    if (took > 1) notes.push(`${took} cycles`);
    const line = `${place} ${text.padEnd(30)} ${notes.join(' ')}`.trimEnd();
    return [...this.sourceLine(core, pc), line];
  }

  private sourceLine(core: 0 | 1, pc: number): string[] {
    const line = this.names.line(pc);
    if (line === this.lastLine[core]) return [];
    this.lastLine[core] = line;
    return line === undefined ? [] : [`${' '.repeat(12)}${CORES[core]} ${line}`];
  }
}

function instruction(word: number, pc: number): string {
  return (disassemble(word, pc) ?? `.word ${hex(word)}`).replace('\t', ' ');
}

function changesOf({ changes }: TraceEntry): string[] {
  return changes.map(({ register, value }) => `${register}=${hex(value)}`);
}

function accessOf({ access }: TraceEntry): string[] {
  if (access === undefined) return [];
  const verb = access.kind === 'both' ? 'load+store' : access.kind;
  return [`${verb}${access.size * 8} [${hex(access.address)}]`];
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
