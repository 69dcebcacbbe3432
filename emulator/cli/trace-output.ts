/**
 * `--trace` keeps the last instructions of both cores for a run that fails; `--trace-file` writes
 * every instruction, or the last `--trace-depth`, to a file.
 */
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { Symbols } from '../debugger/symbols.ts';
import { Trace, TRACE_DEPTH } from '../debugger/trace.ts';
import type { TraceEntry } from '../debugger/trace.ts';
import { TraceText } from '../debugger/trace-text.ts';
import type { Esp32 } from '../esp32.ts';
import { InputError } from '../loader/errors.ts';
import type { RunOptions } from './options.ts';
import { checkWritable, makeFolderFor, writeOutput } from './output-file.ts';

/** About 1 GB of text: a guest cannot fill the disk. */
const MOST_LINES = 10_000_000;
const PIECE = 1 << 16;

export class TraceOutput {
  private readonly trace: Trace;
  private readonly text: TraceText;
  private readonly file: string | undefined;
  private readonly stream: LineFile | undefined;

  private constructor(chip: Esp32, symbols: Symbols, file: string | undefined, depth?: number) {
    this.text = new TraceText(symbols);
    this.file = file;
    const isStream = file !== undefined && depth === undefined;
    this.stream = isStream ? new LineFile(file) : undefined;
    this.trace = new Trace({
      cores: chip.cores,
      fullCycle: (cycle) => chip.multicore.fullCycle(cycle),
      ...(isStream
        ? { depth: 0, sink: (entry) => this.pass(entry) }
        : { depth: depth ?? TRACE_DEPTH }),
    });
    this.trace.start();
  }

  /** Begins to trace, if asked to. Throws InputError for an unusable file or depth. */
  static open(chip: Esp32, symbols: Symbols, options: RunOptions): TraceOutput | undefined {
    const { trace, traceFile, traceDepth } = options;
    const depth = traceDepth === undefined ? undefined : parseDepth(traceDepth);
    if (trace !== true && traceFile === undefined) {
      if (depth === undefined) return undefined;
      throw new InputError('--trace-depth', 'nothing is traced', {
        expected: '--trace or --trace-file FILE with it',
      });
    }
    if (traceFile !== undefined) checkWritable(traceFile);
    return new TraceOutput(chip, symbols, traceFile, depth);
  }

  /** Writes the file; without one, the last instructions as lines for a run that failed. */
  end(failed: boolean): string[] {
    this.trace.stop();
    this.stream?.end();
    if (this.stream !== undefined) return [];
    const lines = this.trace.entries().flatMap((entry) => this.text.format(entry));
    if (this.file !== undefined) writeOutput(this.file, lines.map((line) => `${line}\n`).join(''));
    return failed && this.file === undefined ? ['last instructions:', ...lines] : [];
  }

  private pass(entry: TraceEntry): void {
    for (const line of this.text.format(entry)) this.stream!.add(line);
  }
}

function parseDepth(text: string): number {
  const depth = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (depth > 0) return depth;
  throw new InputError('--trace-depth', `'${text.slice(0, 32)}' is not a number of instructions`, {
    expected: 'a number from 1 to 9999999',
  });
}

/** Lines to a file that takes its name when it is whole. */
class LineFile {
  private readonly path: string;
  private readonly part: string;
  private readonly file: number;
  private pending = '';
  private lines = 0;

  constructor(path: string) {
    this.path = path;
    this.part = `${path}.part`;
    makeFolderFor(path);
    this.file = openSync(this.part, 'w');
    process.once('exit', () => rmSync(this.part, { force: true }));
  }

  add(line: string): void {
    if (this.lines > MOST_LINES) return;
    const last = this.lines++ === MOST_LINES;
    this.pending += last ? `(cut after ${MOST_LINES} lines)\n` : `${line}\n`;
    if (this.pending.length >= PIECE) this.flush();
  }

  end(): void {
    this.flush();
    closeSync(this.file);
    renameSync(this.part, this.path);
  }

  private flush(): void {
    writeSync(this.file, this.pending);
    this.pending = '';
  }
}
