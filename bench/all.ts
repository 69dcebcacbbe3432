/** `npm run bench`: every benchmark in a process of its own, since V8's state is part of the speed. */
import { spawnSync } from 'node:child_process';

for (const name of ['mips', 'timing', 'dual', 'pins', 'fork', 'dispatch', 'rtos']) {
  const file = new URL(`./${name}.ts`, import.meta.url).pathname;
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', file], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
