/** What a trace notes of calls, windows, loops, floats and interrupts. */
import { expect, it } from 'vitest';
import { asm } from '../cpu/assemble.ts';
import { Esp32 } from '../esp32.ts';
import { parseElf } from '../loader/elf.ts';
import { writeElf } from '../loader/elf-writer.ts';
import { Trace } from './trace.ts';
import type { TraceEntry } from './trace.ts';

function traced(source: string, ticks: number, depth?: number): TraceEntry[] {
  const { entry, sections, symbols } = asm`${source}`;
  const chip = new Esp32();
  chip.loadElf(parseElf(writeElf({ entry, sections, symbols }), 'program.elf'));
  const trace = new Trace({
    cores: chip.cores,
    fullCycle: (cycle) => chip.multicore.fullCycle(cycle),
    ...(depth === undefined ? {} : { depth }),
  });
  trace.start();
  chip.runUntil(ticks);
  trace.stop();
  return trace.entries();
}

const changed = (entry: TraceEntry | undefined): string[] =>
  entry!.changes.map(({ register, value }) => `${register}=${value >>> 0}`);

/** 12 master ticks are a cycle at 40 MHz. */
const CYCLE = 12;

it('names registers of the new window after ENTRY', () => {
  const entries = traced(
    `
_start: movi   a2, 0x40028        # PS: WOE, EXCM 0
        wsr    a2, ps
        rsync
        movi   a1, 0x3ffb1000
        movi   a10, 5
        call8  callee
stay:   j      stay
        .align 4
callee: entry  a1, 32
        addi   a2, a2, 1
        retw
`,
    60 * CYCLE,
  );
  const entry = entries.findIndex(({ changes }) =>
    changes.some(({ register }) => register === 'windowbase'),
  );
  expect(changed(entries[entry])).toContain('windowbase=2');
  expect(changed(entries[entry])).toContain('a1=1073418208');
  // a10 of the caller is a2 here.
  expect(changed(entries[entry + 1])).toEqual(['a2=6']);
});

it('keeps the last ones in order, with the time each took', () => {
  const entries = traced(
    `
_start: movi  a2, 3
        loop  a2, end
        nop
        nop
end:    j     end
`,
    40 * CYCLE,
    5,
  );
  expect(entries).toHaveLength(5);
  const cycles = entries.map(({ cycle }) => cycle);
  entries.slice(1).forEach(({ cycle }, i) => expect(cycle).toBe(cycles[i]! + entries[i]!.took));
});

it('tells an instruction that trapped from one that retired, and shows the vector', () => {
  const entries = traced(
    `
_start: movi  a2, 0x20000000
        l32i  a3, a2, 0
stay:   j     stay
`,
    20 * CYCLE,
  );
  const load = entries.find(({ access, retired }) => !retired && access === undefined);
  expect(changed(load)).toContain('excvaddr=536870912');
  expect(load!.changes.some(({ register }) => register === 'exccause')).toBe(true);
});

it('an access is where the base pointed before the instruction', () => {
  const entries = traced(
    `
_start: movi  a2, 1
        wsr   a2, cpenable
        movi  a2, 0x3ffb0000
        lsip  f1, a2, 4
        l32i  a2, a2, 4
stay:   j     stay
`,
    30 * CYCLE,
  );
  const accesses = entries.flatMap(({ access }) => (access === undefined ? [] : [access]));
  expect(accesses.slice(-2)).toEqual([
    { kind: 'load', address: 0x3ffb0000, size: 4 },
    { kind: 'load', address: 0x3ffb0008, size: 4 },
  ]);
});
