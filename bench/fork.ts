/** What a fork of a board costs: a chip made anew, saved, restored. CPU time of the process. */
import { haveRealFiles, realPath } from '../emulator/loader/real.fixtures.ts';
import { createBoard, ms } from '../emulator/index.ts';
import { cpuSeconds, report } from './report.ts';

const ROUNDS = 40;
const firmware = haveRealFiles()
  ? realPath('fw', 'idf_hello_world-v5.1.2-erisdar', 'app.bin')
  : 'firmware/images/hello.bin';
const board = createBoard({ firmware, flashSize: '4MB' });
board.runFor(ms(450));

const times = new Map<string, number[]>();

function time<T>(name: string, work: () => T): T {
  const start = cpuSeconds();
  const result = work();
  const list = times.get(name) ?? [];
  times.set(name, list);
  list.push((cpuSeconds() - start) * 1e3);
  return result;
}

for (let i = 0; i < ROUNDS; i++) {
  const state = time('save', () => board.chip.save());
  const chip = time('make a chip', () => board.machine.make());
  time('restore', () => chip.restore(state));
  time('fork', () => board.fork());
}

const figures = [...times].map(([name, list]) => {
  const sorted = list.sort((a, b) => a - b);
  const note = `least ${sorted[0]!.toFixed(1)}, greatest ${sorted.at(-1)!.toFixed(1)}`;
  return { name, value: sorted[sorted.length >> 1]!, unit: 'ms', note };
});
report('fork of a booted board, 4 MB of flash', figures);
