/**
 * Backtraces that the guest prints when it panics, decoded as they come: ESP-IDF's one line
 * `Backtrace: 0x400d1234:0x3ffb0000 ...` and esp-backtrace's addresses on lines of their own.
 */
const HEAD = 'Backtrace:';
const COLOUR = /\x1b\[[0-9;]*m/g;
const LONGEST_LINE = 8192;
const MOST_FRAMES = 100;
const MOST_KEPT = 100;
/** Code lies in 0x40000000..0x40bfffff; a stack pointer may follow. */
const FRAME = /\b0x(40[0-9a-f]{6})(?::0x[0-9a-f]+)?/gi;

export interface PanicOptions {
  /** `0x400d1234 app_main+0x12 (main.c:34)`. */
  readonly describe: (address: number) => string;
  readonly say: (text: string) => void;
}

export class PanicDecoder {
  /** The first backtraces, one list of frames each, for the report. */
  readonly backtraces: string[][] = [];
  private readonly options: PanicOptions;
  private line = '';
  /** The open backtrace whose addresses come line by line. */
  private open: string[] | undefined;

  constructor(options: PanicOptions) {
    this.options = options;
  }

  /** The guest's output, one character per byte. */
  print(text: string): void {
    for (const char of text) {
      if (char === '\n') this.endLine();
      else if (this.line.length < LONGEST_LINE) this.line += char;
    }
  }

  /** The end of the run: a last line without its end counts. */
  end(): void {
    this.endLine();
    this.finish();
  }

  private endLine(): void {
    const line = this.line.trimEnd();
    this.line = '';
    const start = line.indexOf(HEAD);
    if (start >= 0) {
      this.finish();
      const rest = line.slice(start + HEAD.length).replace(COLOUR, '');
      const frames = this.frames(rest);
      if (frames.length > 0 || rest.trim() === '') this.open = frames;
      if (frames.length > 0) this.finish();
      return;
    }
    if (this.open === undefined || line === '') return;
    if (/^\s*0x40[0-9a-f]{6}\b/i.test(line) && this.open.length < MOST_FRAMES)
      this.open.push(...this.frames(line));
    else this.finish();
  }

  private frames(text: string): string[] {
    const addresses = [...text.matchAll(FRAME)].slice(0, MOST_FRAMES);
    return addresses.map((match) => this.options.describe(Number.parseInt(match[1]!, 16)));
  }

  private finish(): void {
    const frames = this.open ?? [];
    this.open = undefined;
    if (frames.length === 0) return;
    if (this.backtraces.length < MOST_KEPT) this.backtraces.push(frames);
    this.options.say(['backtrace:', ...frames].join('\n  '));
  }
}
