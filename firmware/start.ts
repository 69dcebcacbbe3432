/**
 * `npm start`: boots the RTOS demo with its shell on the open boot ROM; nothing else needs to be
 * installed. On a terminal the shell is the user's; otherwise a few commands are typed and the run ends
 * by itself. `npm start -- IMAGE...` is `lockstep32 run IMAGE...`.
 */
import { spawnSync } from 'node:child_process';

const IMAGES = 'firmware/images';
const PROMPT = 'lockstep32> ';
const DEMO = [
  ...['0x1000', `${IMAGES}/bootloader.bin`, '0x10000', `${IMAGES}/shell.bin`],
  ...['--elf', `${IMAGES}/shell.elf`, '--rom', 'open'],
];
const TYPED = ['help', 'tasks', 'mbox', 'uptime'];

/** The commands typed at each prompt, and the end behind the last one's output. */
function dialogue(): string[] {
  const types = TYPED.flatMap((command) => ['--type', `'${command}\\r'@'^${PROMPT}$'`]);
  return [...types, '--until', 'context switches \\d+ and \\d+\\r\\n', '--max-time', '5s'];
}

/** Arguments of `lockstep32 run`. */
function runArguments(given: readonly string[]): readonly string[] {
  if (given.length > 0) return given;
  return process.stdin.isTTY ? DEMO : [...DEMO, ...dialogue()];
}

const cli = ['--import', 'tsx', 'emulator/cli/main.ts', 'run'];
const run = spawnSync(process.execPath, [...cli, ...runArguments(process.argv.slice(2))], {
  stdio: 'inherit',
});
process.exitCode = run.status ?? 3;
