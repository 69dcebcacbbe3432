/** `--vcd`: the wires of a real run in a file, and its bad inputs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { elf, folder, lockstep32 } from './command.fixtures.ts';

/** GPIO_ENABLE_W1TS, GPIO_OUT_W1TS and GPIO_OUT_W1TC of GPIO4. */
const TOGGLE = `
        movi a2, 0x3ff44000
        movi a3, 0x10
        s32i a3, a2, 0x24
        s32i a3, a2, 0x08
        s32i a3, a2, 0x0c
        movi a2, 1
        movi a3, 0
        simcall
        j .
`;

it('writes the edges of the chosen wires', async () => {
  const file = join(folder, 'toggle.vcd');
  const program = elf('toggle.elf', TOGGLE);
  const { code } = await lockstep32('run', program, '--vcd', file, '--signal', 'GPIO4');
  expect(code).toBe(0);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('$var wire 1 ! GPIO4 $end');
  const dump = text.slice(text.indexOf('$dumpvars')).split('\n');
  // GPIO4 has a pull-down at reset; then it is driven low, high, low.
  expect(dump.filter((line) => line.endsWith('!'))).toEqual(['0!', '1!', '0!']);
});

it('refuses an unknown signal, and --signal alone', async () => {
  const file = join(folder, 'none.vcd');
  const program = elf('toggle2.elf', TOGGLE);
  const unknown = await lockstep32('run', program, '--vcd', file, '--signal', 'GPIO77');
  expect(unknown).toMatchObject({ code: 2 });
  expect(unknown.stderr).toMatch(
    /^lockstep32: signal 'GPIO77': no signal has such a name[^\n]*\n$/,
  );
  expect(existsSync(file)).toBe(false);
  const alone = await lockstep32('run', program, '--signal', 'GPIO4');
  expect(alone.code).toBe(2);
  expect(alone.stderr).toMatch(/^lockstep32: --signal: no file for the waveforms[^\n]*\n$/);
});
