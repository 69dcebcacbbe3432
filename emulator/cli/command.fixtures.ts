/** The real command in a process of its own, and ELFs for it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { assemble } from '../cpu/assemble.ts';
import { writeElf } from '../loader/elf-writer.ts';

export const folder = mkdtempSync(join(tmpdir(), 'lockstep32-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Prints the peak resident set in KiB as the last line of stderr. */
const RSS_HOOK = `data:text/javascript,process.on('exit',()=>process.stderr.write('\\nrss '+process.resourceUsage().maxRSS))`;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  /** Without the colour of a terminal, by being none. */
  readonly stderr: string;
  readonly rssMegabytes: number;
}

export interface Running {
  readonly process: ReturnType<typeof spawn>;
  readonly ended: Promise<Ended>;
}

/** Starts `lockstep32 ...args` in `folder`. */
export function start(args: readonly string[], environment: Record<string, string> = {}): Running {
  const main = join(import.meta.dirname, 'main.ts');
  const tsx = import.meta.resolve('tsx');
  const command = ['--import', RSS_HOOK, '--import', tsx, main, ...args];
  const child = spawn(process.execPath, command, {
    cwd: folder,
    env: { ...process.env, HOME: folder, IDF_TOOLS_PATH: '', ESP_ROM_ELF_DIR: '', ...environment },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString('latin1')));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => {
      const [, text, rss] = /^([\s\S]*)\nrss (\d+)$/.exec(stderr) ?? [undefined, stderr, 'NaN'];
      resolve({ code, stdout, stderr: text!, rssMegabytes: Number(rss) / 1024 });
    });
  });
  return { process: child, ended };
}

/** Runs `lockstep32 ...args` with nothing to read on stdin. */
export function lockstep32(...args: string[]): Promise<Ended> {
  const running = start(args);
  running.process.stdin!.end();
  return running.ended;
}

/** The path of a new file in `folder`. */
export function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** An ELF of `source`, which starts at its first instruction. */
export function elf(name: string, source: string): string {
  const { sections, symbols } = assemble(`_start:\n${source}`, { file: name });
  const entry = symbols.find((symbol) => symbol.name === '_start')!.address;
  return file(name, writeElf({ entry, sections, symbols }));
}
