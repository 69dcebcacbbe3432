/**
 * The work of CoreMark as cycles per iteration: an image of test-roms/programs is put into a chip with
 * its vectors, and one core or both at once iterate. Published scores are iterations per second.
 *
 * The code is GCC's (programs/coremark-gcc); which GCC made the published ones is not known, and they
 * differ by 2 % among themselves. GCC 12 at -O2 takes 5 % more cycles than at -O3, and without LOOP
 * 6.5 % more than with it: hence the tolerance.
 */
import { readFileSync } from 'node:fs';
import { parseElf, readSymbols } from '../../emulator/loader/elf.ts';
import type { Measured } from './loops.ts';
import { run } from './machine.ts';
import type { Placement, RunOptions } from './machine.ts';

const PREPARED = 0x3ffbe000;
const FINISHED = 0x3ffbe004;
const LIMIT_TICKS = 40_000_000;

/** Of a core and of the two together, at 240 MHz. */
const DATASHEET = { one: 504.85, both: 994.26 } as const;
/** ochrin/coremark 8ff21c7, -O3. */
const OCHRIN = { 80: 165.9, 160: 330.9, 240: 494.6 } as const;
const COMPILER = 0.05;

function row(
  name: string,
  score: number,
  source: string,
  placement: Placement = {},
  known?: string,
): Measured {
  const iterations = placement.bothCores === true ? score / 2 : score;
  const silicon = Math.round(((placement.mhz ?? 240) * 1e6) / iterations);
  return {
    name: `${name} (${score} per second)`,
    silicon,
    source,
    confidence: 'M',
    tolerance: COMPILER * silicon,
    ...(known === undefined ? {} : { known }),
    unit: 'per operation',
    measure: (options) => coremark('coremark-gcc', options, placement),
  };
}

const DATASHEET_SOURCE = "ESP32 datasheet, Espressif's port in IRAM; the compiler is not published";
const OCHRIN_SOURCE = 'ochrin/coremark 8ff21c7, -O3; the compiler is not published';

export const COREMARK: readonly Measured[] = [
  row('CoreMark iteration', DATASHEET.one, DATASHEET_SOURCE),
  row('CoreMark iteration of both cores at once', DATASHEET.both, DATASHEET_SOURCE, {
    bothCores: true,
  }),
  row(
    'CoreMark iteration, other port',
    OCHRIN[240],
    OCHRIN_SOURCE,
    {},
    'its scores at three clocks are 480,700 cycles and 19 us, that do not follow CPU_CLK, as from flash; ours is in IRAM',
  ),
  row('CoreMark iteration at 160 MHz', OCHRIN[160], OCHRIN_SOURCE, { mhz: 160 }),
  row('CoreMark iteration at 80 MHz', OCHRIN[80], OCHRIN_SOURCE, { mhz: 80 }),
];

/** Cycles per iteration; 0 when the check values are not CoreMark's. */
export function coremark(
  image: string,
  options: RunOptions = {},
  placement: Pick<Placement, 'bothCores' | 'mhz'> = {},
): number {
  const file = `test-roms/programs/${image}/image.elf`;
  const elf = parseElf(readFileSync(file), file);
  const symbols = new Map(readSymbols(elf).map(({ name, address }) => [name, address]));
  const at = (name: string): number => {
    const address = symbols.get(name);
    if (address === undefined) throw new Error(`${file}: no symbol ${name}`);
    return address;
  };
  const call = (name: string): string => `
        mov     a10, a6
        movi    a8, ${at(name)}
        callx8  a8`;
  /** Room for what a spill of the first frame saves, and the pointer to it. */
  const prepare = (data: string): string => `
        mov     a3, a1
        addi    a1, a1, -64
        addi    a2, a1, -12
        s32i    a3, a2, 0
        movi    a2, ${at('_vectors')}
        wsr.vecbase a2
        movi    a2, 0x4002f
        wsr.ps  a2
        rsync
        movi    a6, ${at(data)}${call('prepare')}`;
  const iterate = (n: number): string => `
        movi    a11, ${n}${call('iterate')}`;
  const awaitWord = (address: number, label: string): string => `
        movi    a2, ${address}
    ${label}:
        memw
        l32i    a3, a2, 0
        beqz    a3, ${label}`;
  const setWord = (address: number): string => `
        movi    a2, ${address}
        movi    a3, 1
        s32i    a3, a2, 0`;
  const both = placement.bothCores === true;
  const second = (n: number): string => `
    second:${prepare('second_run')}${setWord(PREPARED)}${awaitWord(PREPARED + 8, 'wait_start')}
${iterate(n)}${call('passed')}
        beqz    a10, rest
${setWord(FINISHED)}
    rest:
        j       rest`;
  const program = (n: number): string => `${prepare('first_run')}
${both ? awaitWord(PREPARED, 'wait_prepared') + setWord(PREPARED + 8) : ''}
        rsr.ccount a7
${iterate(n)}
${both ? awaitWord(FINISHED, 'wait_finished') : ''}
        rsr.ccount a5
        sub     a7, a5, a7
${call('passed')}
        movi    a2, 0
        movnez  a2, a7, a10
        j       done
${both ? second(n) : ''}`;
  const cycles = (n: number): number =>
    run(program(n), options, { ...placement, elf, limitTicks: LIMIT_TICKS });
  return cycles(2) - cycles(1);
}
