/**
 * `npm start`: boots real firmware on both cores when an image and a mask ROM are at hand, else runs a
 * program that is in the repository. The RTOS firmware of the project is not written yet.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const REAL = '../shared/real';
const ROM = `${REAL}/rom/esp32-v3-rom.bin`;
const IMAGE = `${REAL}/fw/idf_hello_world-v5.1.2-erisdar/app.bin`;
const PROGRAM = 'test-roms/programs/coremark-shaped/image.elf';

function lockstep32(...args: string[]): number {
  const command = ['--import', 'tsx', 'emulator/cli/main.ts', ...args];
  return spawnSync(process.execPath, command, { stdio: 'inherit' }).status ?? 3;
}

if (existsSync(ROM) && existsSync(IMAGE)) {
  console.error(`Booting ESP-IDF hello_world with the genuine mask ROM (${IMAGE})`);
  process.exitCode = lockstep32('run', IMAGE, '--rom', ROM, '--until', 'Restarting in 10 seconds');
} else {
  console.error(`No mask ROM and image in ${REAL}: running ${PROGRAM} on PRO_CPU instead.`);
  console.error('To boot your own: npm run -s cli -- run build/ --rom auto (or --rom FILE)');
  process.exitCode = lockstep32('run', PROGRAM);
}
