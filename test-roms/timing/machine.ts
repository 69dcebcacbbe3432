/**
 * Runs a measuring program on a whole chip and returns what the guest itself measured: CCOUNT is
 * read by guest code, as it was on silicon. CPU_CLK 240 MHz, APB_CLK 80 MHz, code in IRAM unless
 * asked otherwise, data in DRAM, interrupts masked, watchdogs off; a core without a program is held
 * in reset.
 */
import { assemble } from '../../emulator/cpu/assemble.ts';
import type { State } from '../../emulator/bus/state.ts';
import { Esp32 } from '../../emulator/esp32.ts';
import type { Esp32Options } from '../../emulator/esp32.ts';
import type { Elf } from '../../emulator/loader/elf.ts';

export type CoreIndex = 0 | 1;

export interface RunOptions {
  readonly core?: CoreIndex;
  /** Save the state at points chosen by this seed, each time going on in a chip that restored it. */
  readonly splitSeed?: number;
  readonly timing?: 'on' | 'off';
  readonly sramArbiter?: 'on' | 'off';
}

/** Where a program lies and who runs it. */
export interface Placement {
  /** `flash`: through the cache, whose lines the first pass fills. */
  readonly code?: 'iram' | 'flash';
  /** The program has a label `second`, where the other core goes after the same set-up. */
  readonly bothCores?: boolean;
  /** An image that is loaded too, below the program and its data. */
  readonly elf?: Elf;
  /** CPU_CLK in MHz. */
  readonly mhz?: 80 | 160 | 240;
  /** Ticks of 480 MHz after which the program counts as hung. */
  readonly limitTicks?: number;
}

const IRAM = 0x40084000;
/** Flash page 1 behind MMU entry 77. */
const FLASH_CODE = 0x400d0000;
const FLASH_OFFSET = 0x10000;
const VECTORS = 0x40082000;
const DATA = 0x3ffb0000;
const RESULT = 0x3ffbfff0;
const DONE = 0x3ffbfff4;
const STACK = 0x3ffbf000;
const OTHER_STACK = 0x3ffbd000;
const FLASH_SIZE = 0x20_0000;
const LIMIT_TICKS = 4_000_000;
const SPLITS = 4;

/**
 * Registers written before the run, as a boot loader would: PLL at 240 MHz, watchdogs off, flash
 * page 1 shown at FLASH_CODE of both cores, caches on.
 */
// prettier-ignore
const SETUP: readonly (readonly [number, number])[] = [
  [0x3ff480a4, 0x50d83aa1], [0x3ff4808c, 0],
  [0x3ff5f064, 0x50d83aa1], [0x3ff5f048, 0],
  [0x3ff48070, 1 << 27],
  [0x3ff10000 + 77 * 4, 1], [0x3ff12000 + 77 * 4, 1],
  [0x3ff00044, 0], [0x3ff0005c, 0],
  [0x3ff00040, 8], [0x3ff00058, 8],
];

/** Divider of the PLL. */
const CPU_PER_CONF = 0x3ff0003c;
const CPU_PERIOD = { 80: 0, 160: 1, 240: 2 } as const;

interface Bench {
  readonly chips: [Esp32, Esp32];
  readonly fresh: State;
}

/** Two chips of each configuration, used again and again: making one takes longer than most runs. */
const benches = new Map<string, Bench>();

function benchOf(options: Esp32Options): Bench {
  const key = JSON.stringify(options);
  let bench = benches.get(key);
  if (bench === undefined) {
    const make = (): Esp32 => new Esp32({ ...options, flash: new Uint8Array(FLASH_SIZE) });
    const chips: [Esp32, Esp32] = [make(), make()];
    bench = { chips, fresh: chips[0].save() };
    benches.set(key, bench);
  }
  return bench;
}

/**
 * Result register a2 of `program`: assembly that starts behind the set-up of PS (WOE, UM, interrupts
 * masked by level 15), the stack and the FPU, and ends by `j done`.
 */
export function run(program: string, options: RunOptions = {}, placement: Placement = {}): number {
  const { chips, fresh } = benchOf({
    timing: options.timing ?? 'on',
    sramArbiter: options.sramArbiter ?? 'off',
  });
  let [chip, spare] = chips;
  chip.restore(fresh);
  load(chip, program, options.core ?? 0, placement);
  const random = generator(options.splitSeed ?? 0);
  const end = chip.now + (placement.limitTicks ?? LIMIT_TICKS);
  for (let hops = 0; chip.bus.ports[0].read32(DONE) === 0; hops++) {
    if (chip.now >= end) throw new Error('the measuring program has not ended');
    if (options.splitSeed === undefined || hops >= SPLITS) {
      chip.runUntil(Math.min(end, chip.now + 20_000));
      continue;
    }
    // Of any order of magnitude: programs take from a hundred ticks to a quarter of a million.
    chip.runUntil(chip.now + 1 + (random() % 2 ** (6 + (random() % 12))));
    spare.restore(structuredClone(chip.save()));
    [chip, spare] = [spare, chip];
  }
  return chip.bus.ports[0].read32(RESULT);
}

function load(chip: Esp32, program: string, core: CoreIndex, placement: Placement): void {
  const text = placement.code === 'flash' ? FLASH_CODE : IRAM;
  const { entry, symbols, sections } = assemble(sourceOf(program, placement), {
    file: 'timing',
    origins: {
      '.literal': text,
      '.text': text + 0x400,
      '.iram': IRAM,
      '.data': DATA,
      '.vectors': VECTORS,
    },
  });
  const port = chip.bus.ports[0];
  for (const [address, value] of SETUP) port.write32(address, value);
  port.write32(CPU_PER_CONF, CPU_PERIOD[placement.mhz ?? 240]);
  port.write32(DONE, 0);
  for (const { vaddr, bytes } of placement.elf?.segments ?? []) put(chip, vaddr, bytes);
  for (const { address, bytes } of sections) put(chip, address, bytes);
  port.waitCycles = 0;
  port.drainCycles = 0;
  const other = core === 0 ? 1 : 0;
  chip.cores[core].reset(entry);
  chip.cores[core].halt(false);
  const second = symbols.find(({ name }) => name === 'other');
  if (second !== undefined) chip.cores[other].reset(second.address);
  chip.cores[other].halt(second === undefined);
}

function sourceOf(program: string, placement: Placement): string {
  const start = (stack: number): string => `
        movi    a2, 0x4002f
        wsr.ps  a2
        rsync
        movi    a2, 1
        wsr.cpenable a2
        rsync
        movi    a1, ${stack}`;
  return `
    _start:${start(STACK)}
${program}
    done:
        movi    a3, ${RESULT}
        s32i    a2, a3, 0
        movi    a2, 1
        s32i    a2, a3, 4
    stay:
        j       stay
${placement.bothCores === true ? `    other:${start(OTHER_STACK)}\n        j       second` : ''}`;
}

function put(chip: Esp32, address: number, bytes: Uint8Array): void {
  const { bus, memory } = chip;
  if (address >= FLASH_CODE) {
    const from = FLASH_OFFSET + (address - FLASH_CODE);
    memory.block('FLASH').set(bytes, from);
    bus.chipWritten('FLASH', from, from + bytes.length);
    return;
  }
  bytes.forEach((byte, i) => (memory.bytes[bus.ramAt(address + i)] = byte));
}

/** A linear congruential generator: the same points on every machine. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}
