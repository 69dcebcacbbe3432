#!/usr/bin/env node
/** The `lockstep32` command. Exit codes: 0 met, 1 guest failed, 2 usage or bad input, 3 emulator fault, 124 limit. */
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { InputError } from '../loader/errors.ts';
import { addAsm } from './asm.ts';
import { addCheck } from './check/check.ts';
import { addDisasm } from './disasm.ts';
import { EXIT } from './exit.ts';
import { addReplay } from './replay.ts';
import { addProfile } from './profile.ts';
import { addRun } from './run.ts';

const { version } = createRequire(import.meta.url)('lockstep32/package.json') as {
  readonly version: string;
};

const program = new Command('lockstep32')
  .description('Cycle-accurate emulator of the dual-core ESP32')
  .version(version)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(oneLine(text)) });
addRun(program);
addReplay(program);
addProfile(program);
addCheck(program, version);
addDisasm(program);
addAsm(program);

// A reader that has seen enough (`| head`) is no fault: what is written afterwards is dropped.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && stream.listenerCount('error') === 1) throw error;
  });
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.met : EXIT.usage;
  if (error instanceof InputError) {
    console.error(`lockstep32: ${error.message}`);
    return EXIT.usage;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.error(`lockstep32: emulator fault, please report it: ${text}`);
  return EXIT.fault;
}

/** commander's `error: ...` and its suggestion as one line of the command's own shape. */
function oneLine(text: string): string {
  const words = text
    .trim()
    .replace(/^error: /, '')
    .replace(/\s+/g, ' ');
  return `lockstep32: ${words}\n`;
}
