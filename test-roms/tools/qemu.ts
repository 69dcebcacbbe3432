/**
 * QEMU as an oracle: `qemu-system-xtensa -M sim` for privileged images, `qemu-xtensa` for user level. Both are the
 * same translator with the same cores. 1100 MiB of RAM from address 0 put the ESP32's SRAM addresses into RAM.
 */
import { spawnSync } from 'node:child_process';

export type QemuCore = 'dc233c' | 'de233_fpu';

export interface RunResult {
  stdout: Buffer;
  exitCode: number;
}

const SYSTEM = 'qemu-system-xtensa';
const USER = 'qemu-xtensa';
const MACHINE = [
  ...'-M sim -m 1100M -semihosting -nographic -monitor none -serial none'.split(' '),
  // CCOUNT by instructions (128 ns each), not by the host clock.
  ...'-icount shift=7,sleep=off'.split(' '),
];

function isInstalled(command: string): boolean {
  return spawnSync(command, ['--version']).status === 0;
}

/**
 * Which oracle programs are missing. Tests skip visibly when there are any; under CI that is an error, because a
 * green run without oracles proves nothing.
 */
export function missingOracles(commands: string[] = [SYSTEM, USER, 'llvm-mc-22']): string[] {
  const missing = commands.filter((command) => !isInstalled(command));
  if (missing.length > 0 && process.env['CI'] === 'true') {
    throw new Error(`oracles missing under CI: ${missing.join(', ')}; .ci/run installs them`);
  }
  return missing;
}

function spawn(command: string, args: string[], timeoutSeconds: number): RunResult {
  const done = spawnSync(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutSeconds * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 28,
  });
  if (done.error !== undefined) throw new Error(`${command} ${args.at(-1)}: ${done.error.message}`);
  if (done.signal !== null || done.stderr.length > 0) {
    throw new Error(`${command} ${args.at(-1)}: ${done.signal ?? ''} ${done.stderr.toString()}`);
  }
  return { stdout: done.stdout, exitCode: done.status ?? -1 };
}

/** Runs a bare ELF with SIMCALL semihosting. The loader device sets the PC to the ELF's entry. */
export function runQemuSystem(image: string, core: QemuCore, timeoutSeconds = 60): RunResult {
  const loader = ['-device', `loader,file=${image},cpu-num=0`];
  return spawn(SYSTEM, [...MACHINE, '-cpu', core, ...loader], timeoutSeconds);
}

export interface UserOptions {
  readonly args?: readonly string[];
  readonly timeoutSeconds?: number;
}

/** Runs a Linux user-level ELF. */
export function runQemuUser(image: string, core: QemuCore, options: UserOptions = {}): RunResult {
  const { args = [], timeoutSeconds = 60 } = options;
  return spawn(USER, ['-cpu', core, image, ...args], timeoutSeconds);
}
