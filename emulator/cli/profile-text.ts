/** The tables of `lockstep32 profile`, as text. */
import pc from 'picocolors';
import { CLASSES } from '../debugger/cycle-classes.ts';
import { adviceText, iramAdvice } from '../debugger/iram-advice.ts';
import type { CoreReport, Totals } from '../debugger/profile.ts';
import { printable } from '../loader/errors.ts';

export interface ProfileTextOptions {
  /** Rows of each table. */
  readonly top: number;
  readonly lines: boolean;
  /** Free IRAM in bytes; undefined when unknown. */
  readonly freeBytes: number | undefined;
  readonly colour: boolean;
}

/** Column heads of the classes. */
const HEADS = ['issue', 'l-use', 'branch', 'I-miss', 'D-miss', 'bus', 'spill', 'intr', 'idle'];
/** A share from here on stands out. */
const HOT = 30;
const CLASS_WIDTH = 7;
const CYCLES_WIDTH = 12;

type Row = readonly [text: string, self: Totals, inclusive?: number];
type Paint = (text: string) => string;

export function profileText(cores: readonly CoreReport[], options: ProfileTextOptions): string {
  const colours = pc.createColors(options.colour);
  const lines: string[] = [];
  for (const core of cores) {
    const { cycles, total } = core;
    lines.push(
      '',
      colours.bold(`${core.name}: ${cycles} cycles, ${total.instructions} instructions`),
    );
    if (cycles === 0) continue;
    lines.push(...table('function', functionRows(core, options.top), core, colours));
    if (options.lines) {
      const rows = core.lines
        .slice(0, options.top)
        .map(({ file, line, fn, self }): Row => [`${file}:${line} (${fn})`, self]);
      if (rows.length === 0) lines.push('', 'No source lines: no ELF with debug information.');
      else lines.push('', ...table('source line', rows, core, colours));
    }
    lines.push(...cacheTable(core, options.top), ...trapLines(core));
  }
  return `${[...lines, ...advice(cores, options)].join('\n')}\n`;
}

function functionRows({ functions, total }: CoreReport, top: number): Row[] {
  const shown = functions.slice(0, top).map(({ name, self, inclusive }): Row => {
    return [name, self, inclusive.cycles];
  });
  return [...shown, ['all', total]];
}

/** Share of the core's cycles, itself and with callees; then how its own cycles divide. */
function table(
  what: string,
  rows: readonly Row[],
  { cycles }: CoreReport,
  colours: { readonly bold: Paint; readonly dim: Paint; readonly yellow: Paint },
): string[] {
  const hasInclusive = rows[0]?.[2] !== undefined;
  const column = (text: string): string => text.padStart(CLASS_WIDTH);
  const head = [
    'cycles'.padStart(CYCLES_WIDTH),
    column('self %'),
    ...(hasInclusive ? [column('incl %')] : []),
    ...HEADS.map(column),
  ];
  const body = rows.map(([text, self, inclusive]) => {
    const { total } = self;
    const cells = CLASSES.map((_, index) => {
      const share = percent(self.cycles[index]!, total);
      const cell = column(share === 0 ? '.' : share.toFixed(1));
      return share >= HOT ? colours.yellow(cell) : cell;
    });
    const sums = [
      String(total).padStart(CYCLES_WIDTH),
      column(percent(total, cycles).toFixed(1)),
      ...(hasInclusive
        ? [column(inclusive === undefined ? '' : percent(inclusive, cycles).toFixed(1))]
        : []),
    ];
    return `${sums.join('')}${cells.join('')}  ${printable(text, 200)}`;
  });
  return [colours.dim(`${head.join('')}  ${what}`), ...body];
}

/** Functions by what they wait for cache lines. */
function cacheTable(core: CoreReport, top: number): string[] {
  const { total } = core;
  if (total.fetchHits + total.fetchMisses + total.dataHits + total.dataMisses === 0) return [];
  const cost = (self: Totals): number => self.fetchMissCycles + self.dataMissCycles;
  const rows = core.functions
    .filter(({ self }) => cost(self) > 0)
    .sort((a, b) => cost(b.self) - cost(a.self))
    .slice(0, top);
  const line = (cells: readonly (string | number)[], text: string): string =>
    `${cells.map((cell) => String(cell).padStart(CYCLES_WIDTH)).join('')}  ${text}`;
  const counts = (self: Totals): number[] => [
    self.fetchHits,
    self.fetchMisses,
    self.fetchMissCycles,
    self.dataHits,
    self.dataMisses,
    self.dataMissCycles,
  ];
  return [
    '',
    line(['I-hits', 'I-misses', 'cycles', 'D-hits', 'D-misses', 'cycles'], 'cache, by function'),
    ...rows.map(({ name, self }) => line(counts(self), printable(name, 200))),
    line(counts(total), 'all'),
  ];
}

function trapLines({ traps, cycles }: CoreReport): string[] {
  const rows = traps.map(({ name, calls, cycles: spent }) => {
    const share = percent(spent, cycles).toFixed(1);
    return `${name}: ${calls} entries, ${spent} cycles (${share} %)`;
  });
  return rows.length === 0 ? [] : ['', ...rows];
}

function advice(cores: readonly CoreReport[], options: ProfileTextOptions): string[] {
  const { freeBytes } = options;
  const sentences = iramAdvice(cores, freeBytes, options.top).map(adviceText);
  if (sentences.length === 0) return [];
  const room = freeBytes === undefined ? '' : ` (${freeBytes} bytes free behind its sections)`;
  return ['', `What to move to IRAM${room}:`, ...sentences.map((text) => `- ${text}`)];
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}
