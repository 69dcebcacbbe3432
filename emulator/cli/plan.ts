/** Everything that a run is to do, read from the command line and checked before anything starts. */
import { Esp32 } from '../esp32.ts';
import type { Esp32Options } from '../esp32.ts';
import { InputError } from '../loader/errors.ts';
import { hostFiles } from '../loader/files.ts';
import type { ElfSegment } from '../loader/elf.ts';
import { parseFlashSize } from '../loader/flash.ts';
import type { FlashOptions } from '../loader/flash.ts';
import { readRunInput } from '../loader/inputs.ts';
import type { RunInput } from '../loader/inputs.ts';
import type { Rom } from '../loader/rom.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import type { Ticks } from '../scheduler/clock.ts';
import type { RunOptions } from './options.ts';
import { checkWritable } from './output-file.ts';
import { loadRom } from './rom-option.ts';
import type { ScenarioOptions } from './scenario.ts';
import { Symbols } from './symbols.ts';
import { parsePattern, parseSwitch, parseTime, parseTypeRule } from './values.ts';

export interface RunPlan {
  readonly chip: Esp32;
  readonly symbols: Symbols;
  readonly semihosting: boolean;
  readonly scenario: ScenarioOptions;
  /** Infinity when there is no limit. */
  readonly guestLimit: Ticks;
  readonly wallLimitMs: number;
  readonly warnings: readonly string[];
}

const MEGABYTE = 0x10_0000;
/** Data and instruction windows of the flash cache (TRM "System and Memory"). */
const FLASH_WINDOWS = [
  { base: 0x3f40_0000, size: 4 * MEGABYTE },
  { base: 0x400c_2000, size: 0xb3_e000 },
] as const;

export function readPlan(inputs: readonly string[], options: RunOptions): RunPlan {
  const scenario = readScenario(options);
  const guestLimit = readLimit(options.maxTime, '--max-time');
  const wallLimit = readLimit(options.wallLimit, '--wall-limit');
  const flashSize =
    options.flashSize === undefined ? undefined : parseFlashSize(options.flashSize, '--flash-size');
  const headerBytes =
    options.flashHeader === undefined
      ? undefined
      : parseFlashSize(options.flashHeader, '--flash-header');
  const chipOptions = {
    psramSize: readPsramSize(options.psram),
    timing: parseSwitch(options.timing ?? 'on', '--timing'),
    sramArbiter: parseSwitch(options.sramArbiter ?? 'off', '--sram-arbiter'),
  };
  if (options.report !== undefined) checkWritable(options.report);
  const input = readInputs(inputs, {
    ...(flashSize === undefined ? {} : { sizeBytes: flashSize }),
    ...(headerBytes === undefined ? {} : { headerBytes }),
  });
  const symbols = Symbols.read(options.elf, input);
  const needsRom = input.kind === 'flash' || options.rom !== undefined;
  const rom = needsRom ? loadRom(options.rom) : undefined;
  symbols.add(rom?.symbols);
  return {
    chip: makeChip(input, rom, flashSize, chipOptions),
    symbols,
    semihosting: options.semihosting === true || input.kind === 'elf',
    scenario,
    guestLimit,
    wallLimitMs: (wallLimit / MASTER_HZ) * 1000,
    warnings: input.kind === 'flash' ? input.flash.warnings : [],
  };
}

/** An ELF that is linked to flash is booted from the image that lies beside it. */
function readInputs(inputs: readonly string[], options: FlashOptions): RunInput {
  const input = readRunInput(inputs, hostFiles, options);
  if (input.kind === 'flash' || !input.elf.segments.some(isInFlash)) return input;
  const { file } = input.elf;
  const image = file.replace(/\.elf$/, '.bin');
  if (image !== file && hostFiles.read(image) !== undefined)
    return readRunInput([image], hostFiles, options);
  throw new InputError(file, 'this ELF is linked to run from flash', {
    expected: 'its image beside it, or the build folder or image as the input',
    hint: `run its build folder or app.bin, with --elf ${file} for symbols`,
  });
}

function isInFlash({ vaddr }: ElfSegment): boolean {
  return FLASH_WINDOWS.some(({ base, size }) => vaddr >= base && vaddr < base + size);
}

function readScenario(options: RunOptions): ScenarioOptions {
  return {
    until: options.until === undefined ? undefined : parsePattern(options.until, '--until'),
    expect: options.expect.map((text) => parsePattern(text, '--expect')),
    failOn: options.failOn.map((text) => parsePattern(text, '--fail-on')),
    type: options.type.map(parseTypeRule),
  };
}

function readLimit(text: string | undefined, option: string): Ticks {
  return text === undefined ? Infinity : parseTime(text, option);
}

function readPsramSize(text: string | undefined): number {
  if (text === undefined) return 0;
  const size = parseFlashSize(text, '--psram');
  if (size === 4 * MEGABYTE || size === 8 * MEGABYTE) return size;
  throw new InputError('--psram', `PSRAM size '${text}'`, { expected: '4MB or 8MB' });
}

function makeChip(
  input: RunInput,
  rom: Rom | undefined,
  flashSize: number | undefined,
  options: Esp32Options,
): Esp32 {
  const blank = flashSize === undefined ? undefined : new Uint8Array(flashSize);
  const flash = input.kind === 'flash' ? input.flash.bytes : blank?.fill(0xff);
  const chip = new Esp32({
    ...options,
    ...(rom === undefined ? {} : { rom }),
    ...(flash === undefined ? {} : { flash }),
  });
  if (input.kind === 'elf') chip.loadElf(input.elf);
  return chip;
}
