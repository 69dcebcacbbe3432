/** Splits computed by hand from docs/timing.md, and the sums on real firmware. */
import { describe, expect, it } from 'vitest';
import { assemble } from '../cpu/assemble.ts';
import { CODE, DATA, VECBASE, WINDOW_VECTORS } from '../cpu/rig.fixtures.ts';
import { VECTOR } from '../cpu/config.ts';
import { updateWindow } from '../cpu/window.ts';
import { Esp32 } from '../esp32.ts';
import { parseElf } from '../loader/elf.ts';
import { writeElf } from '../loader/elf-writer.ts';
import { LineTable } from '../loader/dwarf-line.ts';
import { haveRealFiles, realBytes } from '../loader/real.fixtures.ts';
import { composeFlash } from '../loader/flash.ts';
import { parseRom } from '../loader/rom.ts';
import { SymbolTable } from '../loader/symbols.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import { CLASSES } from './cycle-classes.ts';
import type { CycleClass } from './cycle-classes.ts';
import { Profile } from './profile.ts';
import type { CoreReport, FunctionRow, Totals } from './profile.ts';
import { speedscope } from './speedscope.ts';

/** Master ticks of a cycle at the 40 MHz of reset. */
const CYCLE = 12;

interface Guest {
  readonly chip: Esp32;
  readonly profile: Profile;
  report(): CoreReport;
  of(name: string): FunctionRow;
}

/** `source` on PRO_CPU, out of reset; every label without a leading dot is a function. */
function guest(source: string, setUp: (chip: Esp32) => void = () => {}): Guest {
  const origins: Record<string, number> = { '.text': CODE };
  for (const [name, offset] of Object.entries(VECTOR)) origins[`.${name}`] = VECBASE + offset;
  const text = source.replaceAll(/^\s*vector (\w+)$/gm, '.section .$1, "ax"');
  const { sections, symbols } = assemble(text, { origins });
  const chip = new Esp32({ flash: new Uint8Array(0x20000).fill(0xff) });
  chip.loadElf(parseElf(writeElf({ entry: CODE, sections, symbols }), 'guest.elf'));
  const { cpu } = chip.cores[0];
  cpu.psIntlevel = 0;
  cpu.psExcm = 0;
  cpu.psUm = 1;
  cpu.psWoe = 1;
  cpu.vecbase = VECBASE;
  cpu.setA(1, DATA + 0x8000);
  cpu.setA(3, DATA);
  // The caller's stack pointer, where the window handlers look for it.
  cpu.port.write32(DATA + 0x8000 - 12, DATA + 0x9000);
  updateWindow(cpu);
  setUp(chip);
  const named = symbols
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => a.address - b.address);
  const profile = new Profile(chip, {
    functionAt: (pc) => {
      const symbol = named.findLast(({ address }) => address <= pc);
      return symbol && { name: symbol.name, address: symbol.address, size: 0 };
    },
    lineAt: (pc) => ({ file: 'guest.S', line: pc - CODE }),
  });
  profile.start();
  const report = (): CoreReport => profile.report()[0]!;
  const of = (name: string): FunctionRow => report().functions.find((row) => row.name === name)!;
  return { chip, profile, report, of };
}

/** Classes that are not 0. */
function split({ cycles }: Totals): Partial<Record<CycleClass, number>> {
  return Object.fromEntries(
    CLASSES.map((name, i) => [name, cycles[i]!] as const).filter(([, sum]) => sum !== 0),
  );
}

function runCycles(chip: Esp32, cycles: number): void {
  chip.runUntil(chip.now + cycles * CYCLE);
}

describe('classes', () => {
  it('splits a loop into issue, load-use and taken branches', () => {
    const { chip, of, report } = guest(`
main:    movi a2, 10
.again:  l32i a4, a3, 0
         add  a5, a5, a4
         addi a2, a2, -1
         bnez a2, .again
end:     j end`);
    runCycles(chip, 200);
    // 41 instructions; ADD waits 2 cycles for each load; the branch is taken 9 times, 3 cycles each.
    expect(split(of('main').self)).toEqual({ issue: 41, operand: 20, branch: 27 });
    expect(of('main').self.instructions).toBe(41);
    const add = report().lines.find(({ line }) => line === 6)!;
    expect(split(add.self)).toEqual({ issue: 10, operand: 20 });
  });

  it('a zero-overhead loop costs one cycle at the first loop-back', () => {
    const { chip, of } = guest(`
main:    movi a2, 10
         loop a2, .done
         add  a5, a5, a6
.done:   nop
end:     j end`);
    runCycles(chip, 100);
    expect(split(of('main').self)).toEqual({ issue: 13, branch: 1 });
  });

  it('MEMW and a load or store of an APB register take 12 cycles at 240 MHz: 10 of them bus', () => {
    const apb = (chip: Esp32): void => {
      chip.bus.setClocks(240_000_000, 80_000_000);
      // GPIO_OUT.
      chip.cores[0].cpu.setA(3, 0x3ff44004);
    };
    const load = guest('main: memw\n l32i a4, a3, 0\n memw\n l32i a4, a3, 0\nend: j end', apb);
    runCycles(load.chip, 100);
    expect(split(load.of('main').self)).toEqual({ issue: 4, bus: 20 });
    const store = guest('main: s32i a4, a3, 0\n memw\n s32i a4, a3, 0\n memw\nend: j end', apb);
    runCycles(store.chip, 100);
    expect(split(store.of('main').self)).toEqual({ issue: 4, bus: 20 });
  });

  it('counts line fills of instructions and data at the function that waits', () => {
    const { chip, of, report } = guest(
      `
main:    l32i a4, a3, 0
         l32i a5, a3, 4
         jx   a6`,
      ({ external, cores, memory }) => {
        // 30 NOP.N and J to itself: 63 bytes, two lines.
        const code = [...Array.from({ length: 30 }, () => [0x3d, 0xf0]).flat(), 0x06, 0xff, 0xff];
        memory.loadFlash(Uint8Array.from(code));
        external.lineTicks = () => 100 * CYCLE;
        for (const [index, page] of [
          [0, 1],
          [77, 0],
        ] as const)
          external.writeMmu(0, index, page);
        external.setBusMask(0, 0);
        external.setEnabled(0, true);
        cores[0].cpu.setA(3, 0x3f400000);
        cores[0].cpu.setA(6, 0x400d0000);
      },
    );
    runCycles(chip, 500);
    const main = of('main').self;
    expect(split(main)).toMatchObject({ dataMiss: 100 });
    expect([main.dataHits, main.dataMisses, main.dataMissCycles]).toEqual([1, 1, 100]);
    const { total, functions } = report();
    expect(split(total)).toMatchObject({ dataMiss: 100, fetchMiss: 200 });
    const flash = functions.find(({ self }) => self.fetchMisses > 0)!.self;
    expect([flash.fetchHits, flash.fetchMisses, flash.fetchMissCycles]).toEqual([0, 2, 200]);
    const { use } = chip.external;
    expect({ ...use[0] }).toEqual({
      ...{ fetchHits: 0, fetchMisses: 2, fetchMissCycles: 200 },
      ...{ dataMisses: 1, dataMissCycles: 100 },
    });
    expect(chip.external.counters(0)).toEqual({ hits: 1, misses: 3, writeBacks: 0 });
  });

  it('window handlers are spill, at the function that needs the window', () => {
    const source = `
main:    movi  a10, 12
         call8 deep
end:     j end
         .align 4
deep:    entry a1, 32
         beqz  a2, .back
         addi  a10, a2, -1
         call8 deep
.back:   retw
${WINDOW_VECTORS}`;
    const { chip, of, report } = guest(source);
    runCycles(chip, 2000);
    // How often each vector is entered, from a run without the profile, cycle by cycle.
    const plain = guest(source);
    plain.profile.stop();
    const { cpu } = plain.chip.cores[0];
    let [overflows, underflows, before] = [0, 0, 0];
    for (let i = 0; i < 2000; i++) {
      runCycles(plain.chip, 1);
      const vector = cpu.pc - VECBASE;
      if (cpu.pc !== before && vector === VECTOR.WindowOverflow8) overflows++;
      if (cpu.pc !== before && vector === VECTOR.WindowUnderflow8) underflows++;
      before = cpu.pc;
    }
    expect(overflows).toBeGreaterThan(3);
    expect(underflows).toBe(overflows);
    // Entry 8 and the abandoned issue; 10 instructions; RFWO's 3; the underflow waits twice for a load.
    const perPair = 9 + 10 + 3 + (9 + 10 + 3 + 2);
    const deep = of('deep').self;
    expect(split(deep)['spill']).toBe(overflows * perPair);
    // 13 activations: CALL8 and RETW cost 3 each, BEQZ is taken once. Main makes one of the calls.
    expect(split(deep)['branch']).toBe(12 * 3 + 13 * 3 + 3);
    expect(of('deep').inclusive).toEqual({ cycles: deep.total, calls: 13 });
    expect(of('main').inclusive.cycles).toBe(of('main').self.total + deep.total);
    expect(report().functions.some(({ name }) => name.startsWith('Window'))).toBe(false);
  });

  it('an interrupt: its entry, and its handler summed by level', () => {
    const { chip, of, report } = guest(
      `
main:    wsr.intset a3
         nop
end:     j end
         vector Level3
handler: wsr.intclear a3
         rfi 3`,
      ({ cores }) => {
        cores[0].cpu.intenable = 1 << 29;
        cores[0].cpu.setA(3, 1 << 29);
      },
    );
    runCycles(chip, 100);
    // Entry 6, then WSR, RFI and its return penalty of 3.
    expect(split(of('handler').self)).toEqual({ interrupt: 6, issue: 2, branch: 3 });
    expect(report().traps).toEqual([{ name: '[interrupt level 3]', calls: 1, cycles: 11 }]);
    expect(split(of('main').self)).toEqual({ issue: 2 });
    expect(of('main').inclusive.cycles).toBe(2);
  });

  it('WAITI and a core held in reset are idle', () => {
    const { chip, of, profile } = guest('main: waiti 0\nend: j end');
    runCycles(chip, 1000);
    expect(split(of('main').self)).toEqual({ issue: 1, idle: 999 });
    const app = profile.report()[1]!;
    expect(split(app.total)).toEqual({ idle: 1000 });
    expect(app.functions.map(({ name }) => name)).toEqual(['[halted]']);
  });
});

describe('calls', () => {
  it('CALL0 functions nest by their return address', () => {
    const { chip, report, of } = guest(`
main:    call0 outer
end:     j end
         .align 4
outer:   mov   a12, a0
         call0 inner
         mov   a0, a12
         ret
         .align 4
inner:   nop
         ret`);
    runCycles(chip, 100);
    const stacks = [...report().tree.stacks()].map(({ stack, self }) => [
      stack.map(({ name }) => name).join(' '),
      self,
    ]);
    // Calls and returns: 1 + 3.
    expect(stacks.slice(0, 3)).toEqual([
      ['main', 4],
      ['main outer', 1 + 4 + 1 + 4],
      ['main outer inner', 1 + 4],
    ]);
    expect(of('outer').inclusive).toEqual({ cycles: 15, calls: 1 });
  });
});

const real = haveRealFiles();
const FOLDER = ['fw', 'idf_hello_world-v5.1.2-erisdar'] as const;

describe.skipIf(!real)(`real firmware${real ? '' : ' (../shared/real is missing)'}`, () => {
  it(
    'hello_world runs as without the profile; classes, functions and contexts sum up to all cycles',
    { timeout: 240_000 },
    () => {
      const rom = parseRom(realBytes('rom', 'esp32_rev300_rom.elf'), 'esp32_rev300_rom.elf');
      const pieces = [
        ['bootloader.bin', 0x1000],
        ['partition-table.bin', 0x8000],
        ['app.bin', 0x10000],
      ] as const;
      const flash = composeFlash(
        pieces.map(([file, offset]) => ({ offset, bytes: realBytes(...FOLDER, file), file })),
      ).bytes;
      const elf = parseElf(realBytes(...FOLDER, 'app.elf'), 'app.elf');
      const tables = [SymbolTable.fromElf(elf), rom.symbols!];
      const lines = new LineTable(elf);
      const symbols = {
        functionAt: (pc: number) =>
          tables.map((table) => table.lookup(pc)?.symbol).find((symbol) => symbol !== undefined),
        lineAt: (pc: number) => lines.lookup(pc),
      };
      const plain = new Esp32({ rom, flash: flash.slice() });
      const chip = new Esp32({ rom, flash: flash.slice() });
      const profile = new Profile(chip, symbols);
      profile.start();
      // The boot up to the second core's start.
      const bootTicks = 0.13 * MASTER_HZ;
      plain.runUntil(bootTicks);
      chip.runUntil(bootTicks);
      expect(chip.stateHash()).toBe(plain.stateHash());
      // On to the idle tasks of both cores.
      chip.runUntil(0.4 * MASTER_HZ);
      const reports = profile.report();
      reports.forEach((report, core) => {
        const cycles = chip.cycles(core === 0 ? 0 : 1);
        expect(report.cycles).toBe(cycles);
        expect(report.total.total).toBe(cycles);
        expect(report.functions.reduce((sum, { self }) => sum + self.total, 0)).toBe(cycles);
        const contexts = [...report.tree.stacks()];
        expect(contexts.reduce((sum, { self }) => sum + self, 0)).toBe(cycles);
        expect(Math.min(...report.functions.flatMap(({ self }) => [...self.cycles]))).toBe(0);
        expect(report.total.instructions).toBe(chip.cores[core]!.cpu.instructions);
        const { misses } = chip.external.counters(core);
        expect(report.total.fetchMisses + report.total.dataMisses).toBe(misses);
        // Task switches leave the stacks of the tasks apart.
        const idle = contexts
          .map(({ stack }) => stack.map(({ name }) => name))
          .filter((names) => names.includes('prvIdleTask') && !names[0]!.startsWith('['));
        expect(idle.length).toBeGreaterThan(0);
        for (const names of idle)
          expect(names.slice(0, 2)).toEqual(['vPortTaskWrapper', 'prvIdleTask']);
      });
      const [pro] = reports as [CoreReport, CoreReport];
      const main = [...pro.tree.stacks()].map(({ stack }) => stack.map(({ name }) => name));
      const app = main.filter((names) => names.includes('app_main'));
      expect(app.length).toBeGreaterThan(0);
      for (const names of app)
        expect(names.slice(0, 3)).toEqual(['vPortTaskWrapper', 'main_task', 'app_main']);
      checkSpeedscope(speedscope('hello', reports, symbols), reports);
    },
  );
});

/** The facts of the format's JSON schema that concern sampled profiles. */
function checkSpeedscope(written: object, reports: readonly CoreReport[]): void {
  const file = JSON.parse(JSON.stringify(written)) as Record<string, unknown>;
  expect(file['$schema']).toBe('https://www.speedscope.app/file-format-schema.json');
  const { frames } = file['shared'] as { frames: Record<string, unknown>[] };
  for (const frame of frames) {
    expect(typeof frame['name']).toBe('string');
    expect(['undefined', 'string']).toContain(typeof frame['file']);
    if (frame['line'] !== undefined) expect(frame['line']).toBeGreaterThan(0);
    const known = new Set(['name', 'file', 'line', 'col']);
    expect(Object.keys(frame).filter((key) => !known.has(key))).toEqual([]);
  }
  const profiles = file['profiles'] as Record<string, unknown>[];
  expect(profiles.length).toBe(reports.length);
  profiles.forEach((profile, core) => {
    expect(profile['type']).toBe('sampled');
    expect(['none', 'nanoseconds', 'microseconds', 'milliseconds', 'seconds', 'bytes']).toContain(
      profile['unit'],
    );
    const samples = profile['samples'] as number[][];
    const weights = profile['weights'] as number[];
    expect(samples.length).toBe(weights.length);
    expect(samples.flat().every((i) => Number.isInteger(i) && i >= 0 && i < frames.length)).toBe(
      true,
    );
    const length = (profile['endValue'] as number) - (profile['startValue'] as number);
    expect(length).toBe(reports[core]!.cycles);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(length);
  });
}
