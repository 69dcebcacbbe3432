/**
 * `npm start`: boots real firmware on both cores when an image and a mask ROM are at hand, else runs a
 * program that is in the repository. `npm start -- IMAGE` is `lockstep32 run IMAGE`. The RTOS
 * firmware of the project is not written yet.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const REAL = '../shared/real';
const ROM = `${REAL}/rom/esp32-v3-rom.bin`;
const IMAGE = `${REAL}/fw/idf_hello_world-v5.1.2-erisdar/app.bin`;
const PROGRAM = 'test-roms/programs/coremark-shaped/image.elf';

/** Arguments of `lockstep32 run`; says on stderr what was chosen. */
function runArguments(given: readonly string[]): readonly string[] {
  if (given.length > 0) return given;
  if (existsSync(ROM) && existsSync(IMAGE)) {
    console.error(`Booting ESP-IDF hello_world with the genuine mask ROM (${IMAGE})`);
    return [IMAGE, '--rom', ROM, '--until', 'Restarting in 10 seconds'];
  }
  console.error(`No mask ROM and image in ${REAL}: running ${PROGRAM} on PRO_CPU instead.`);
  console.error('To boot your own firmware: npm start -- build/ (and --rom FILE without ESP-IDF)');
  return [PROGRAM];
}

const cli = ['--import', 'tsx', 'emulator/cli/main.ts', 'run'];
const run = spawnSync(process.execPath, [...cli, ...runArguments(process.argv.slice(2))], {
  stdio: 'inherit',
});
process.exitCode = run.status ?? 3;
