/**
 * The RTOS of firmware/ in the cycles of the emulator: image sizes, context switch, mailbox round trip between the
 * cores, parts of the kernel's assembly, boot. Deterministic: the figures are the firmware's and the timing model's,
 * not the host's.
 *
 *   tsx bench/rtos.ts            prints them and writes bench/out/rtos.json
 *   tsx bench/rtos.ts --readme   and the tables of firmware/README.md, section "Measured"
 */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { createBoard, MASTER_HZ, seconds } from '../emulator/index.ts';
import type { Board } from '../emulator/index.ts';
import { report } from './report.ts';
import type { Figure } from './report.ts';
import { CostWatch } from './rtos-costs.ts';
import { byCause, SampleWatch } from './rtos-samples.ts';
import type { Distribution, Sample } from './rtos-samples.ts';

const IMAGES = 'firmware/images';
const README = 'firmware/README.md';
const MARKERS = ['<!-- measured -->', '<!-- /measured -->'] as const;
const IMAGE_LIMIT = 64 * 1024;
/** firmware/apps/samples.rs: FIRST, for each of two tasks in `sched`. */
const FIRST_ROUNDS = 8;

/** What the two halves of a program's samples are, and what every undisturbed one must stay under. */
const LATENCIES = [
  ['sched', ['context switch', 250], ['context switch, all registers in use', undefined]],
  [
    'mailbox',
    ['mailbox round trip, receivers that poll', 1500],
    ['mailbox round trip, each message wakes a core', 1500],
  ],
] as const;

export interface Duration extends Distribution {
  readonly name: string;
  /** What lay in between; empty for those that nothing disturbed. */
  readonly cause: string;
  /** In cycles. */
  readonly limit?: number;
}

export interface Measured {
  /** Bytes. */
  readonly sizes: readonly { readonly name: string; readonly value: number }[];
  readonly durations: readonly Duration[];
  readonly parts: readonly Duration[];
  /** Milliseconds from reset. */
  readonly boot: readonly { readonly name: string; readonly value: number }[];
}

function boot(image: string): Board {
  return createBoard({
    firmware: ['0x1000', `${IMAGES}/bootloader.bin`, '0x10000', `${IMAGES}/${image}.bin`],
    elf: `${IMAGES}/${image}.elf`,
    rom: `${IMAGES}/open-rom.elf`,
  });
}

function imageSizes(): Measured['sizes'] {
  return ['hello', 'shell'].map((image) => ({
    name: `kernel image with \`${image}\``,
    value: statSync(`${IMAGES}/${image}.bin`).size,
  }));
}

function durationsOf(name: string, limit: number | undefined, samples: Sample[]): Duration[] {
  return byCause(samples, FIRST_ROUNDS).map(([cause, distribution]) => ({
    ...{ name, cause, ...distribution },
    ...(cause === '' && limit !== undefined ? { limit } : {}),
  }));
}

/** Runs the program to its verdict; durations that it takes, and what parts of the kernel cost meanwhile. */
function run([image, first, second]: (typeof LATENCIES)[number]) {
  const board = boot(image);
  board.uart().expect('Bootloader ready', seconds(1));
  const watch = new SampleWatch(board);
  const costs = new CostWatch(board);
  board.uart().expect(/TEST PASS/, seconds(5));
  const samples = watch.samples.filter(({ switches }) => image !== 'sched' || switches > 0);
  // The second kind begins elsewhere in the program, or has as many samples as the first.
  const other = samples.findIndex(({ site }) => site !== samples[0]!.site);
  const half = other < 0 ? samples.length / 2 : other;
  return {
    durations: [
      ...durationsOf(first[0], first[1], samples.slice(0, half)),
      ...durationsOf(second[0], second[1], samples.slice(half)),
    ],
    parts: costs.rows().map(([name, distribution]) => ({ name, cause: '', ...distribution })),
  };
}

function bootTimes(): Measured['boot'] {
  const board = boot('hello');
  return [
    ['reset to `Bootloader ready`', 'Bootloader ready'],
    ["reset to the first task's line", 'Hello 1'],
  ].map(([name, text]) => {
    board.uart().expect(text!, seconds(1));
    return { name: name!, value: (board.now / MASTER_HZ) * 1000 };
  });
}

/** Parts that both programs use are as the one has them that uses them more. */
export function measure(): Measured {
  const runs = LATENCIES.map(run);
  const parts = new Map<string, Duration>();
  for (const part of runs.flatMap((one) => one.parts))
    if (part.count > (parts.get(part.name)?.count ?? 0)) parts.set(part.name, part);
  return {
    sizes: imageSizes(),
    durations: runs.flatMap(({ durations }) => durations),
    parts: [...parts.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    boot: bootTimes(),
  };
}

const thousands = (value: number): string => value.toLocaleString('en-US');

function durationRow({ name, cause, limit, ...row }: Duration): string {
  const figures = [row.count, row.least, row.median, row.p99, row.most].map(thousands);
  const label = cause === '' ? name : `${name}: ${cause}`;
  return `| ${[label, ...figures, limit === undefined ? '' : thousands(limit)].join(' | ')} |`;
}

/** The tables of the README. */
export async function tables({ sizes, durations, parts, boot }: Measured): Promise<string> {
  const text = [
    '| what | value | allowed |',
    '| - | -: | -: |',
    ...sizes.map(
      ({ name, value }) => `| ${name} | ${thousands(value)} bytes | ${thousands(IMAGE_LIMIT)} |`,
    ),
    ...boot.map(({ name, value }) => `| ${name} | ${value.toFixed(1)} ms | |`),
    '',
    '| cycles | times | least | median | p99 | most | allowed |',
    '| - | -: | -: | -: | -: | -: | -: |',
    ...durations.map(durationRow),
    '',
    '| part, in cycles | times | least | median | p99 | most | |',
    '| - | -: | -: | -: | -: | -: | - |',
    ...parts.map(durationRow),
  ].join('\n');
  return (await format(text, { parser: 'markdown', printWidth: 100 })).trim();
}

/** The README in its parts: up to the tables, the tables, and from there on. */
export function readmeParts(): readonly [before: string, tables: string, after: string] {
  const text = readFileSync(README, 'utf8');
  const [from, to] = [text.indexOf(MARKERS[0]) + MARKERS[0].length, text.indexOf(MARKERS[1])];
  if (from < MARKERS[0].length || to < from)
    throw new Error(`${README}: no ${MARKERS.join(' … ')}`);
  return [text.slice(0, from), text.slice(from, to).trim(), text.slice(to)];
}

function figuresOf({ sizes, durations, parts, boot }: Measured): Figure[] {
  const plain = (name: string): string => name.replaceAll('`', '');
  return [
    ...sizes.map(({ name, value }) => ({
      ...{ name: plain(name), value, unit: 'bytes', note: `allowed: less than ${IMAGE_LIMIT}` },
    })),
    ...[...durations, ...parts].map(({ name, cause, limit, ...row }) => ({
      name: cause === '' ? name : `${name}: ${cause}`,
      ...{ value: row.median, unit: 'cycles' },
      note:
        `${row.count} times, ${row.least} to ${row.most}, p99 ${row.p99}` +
        (limit === undefined ? '' : `; allowed: less than ${limit}`),
    })),
    ...boot.map(({ name, value }) => ({ name: plain(name), value, unit: 'ms' })),
  ];
}

async function main(args: readonly string[]): Promise<void> {
  const measured = measure();
  report('rtos', figuresOf(measured));
  if (!args.includes('--readme')) return;
  const [before, , after] = readmeParts();
  writeFileSync(README, `${before}\n\n${await tables(measured)}\n\n${after}`);
}

if (process.argv[1] === import.meta.filename) await main(process.argv.slice(2));
