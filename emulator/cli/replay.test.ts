/** `run --record` and `replay` as a user types them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elf, file, folder, lockstep32, start } from './command.fixtures.ts';

/** Echoes stdin through semihosting until its end, then exits with 0. */
const ECHO = `
loop:   movi a2, 3
        movi a3, 0
        movi a4, 0x3ffb0000
        movi a5, 16
        simcall
        beqz a2, done
        mov  a5, a2
        movi a2, 4
        movi a3, 1
        movi a4, 0x3ffb0000
        simcall
        j    loop
done:   movi a2, 1
        movi a3, 0
        simcall
stay:   j    stay`;

describe('lockstep32 replay', () => {
  it('does a run again, what stdin gave included', async () => {
    const image = elf('echo.elf', ECHO);
    const log = join(folder, 'echo.l32');
    const running = start(['run', image, '--record', log]);
    running.process.stdin!.end('a long line of input\nand another\n');
    const recorded = await running.ended;
    expect(recorded).toMatchObject({ code: 0, stdout: 'a long line of input\nand another\n' });
    const again = await lockstep32('replay', log);
    expect(again.stdout).toBe(recorded.stdout);
    expect(again.code).toBe(0);
    expect(again.stderr).toMatch(
      /^lockstep32: 0\.\d+ s replayed, the same in every bit \(state [0-9a-f]{16}\)\n$/,
    );
  });

  it('refuses another image, a damaged log and a missing one with one line and code 2', async () => {
    const image = elf('first.elf', ECHO);
    const log = join(folder, 'first.l32');
    await lockstep32('run', image, '--record', log);
    const other = elf('other.elf', 'stay: j stay');
    const cut = file('cut.l32', readFileSync(log).subarray(0, 60));
    const refused = await Promise.all([
      lockstep32('replay', log, other),
      lockstep32('replay', cut),
      lockstep32('replay', join(folder, 'none.l32')),
    ]);
    const [wrong, damaged, missing] = refused;
    for (const { code, stderr } of refused) {
      expect(code).toBe(2);
      expect(stderr).toMatch(/^lockstep32: [^\n]+\n$/);
    }
    expect(wrong!.stderr).toContain('recorded on another machine: the image is another one');
    expect(damaged!.stderr).toContain('damaged or cut short');
    expect(missing!.stderr).toContain('none.l32');
  });

  it('a log that cannot be written is refused before the run', async () => {
    const log = join(file('plain', ''), 'such.l32');
    const { code, stderr } = await lockstep32('run', elf('first.elf', ECHO), '--record', log);
    expect([code, existsSync(log)]).toEqual([2, false]);
    expect(stderr).toMatch(/such\.l32: cannot be written/);
  });
});
