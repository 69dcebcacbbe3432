/**
 * The machine that a run or a test asks for: images read and checked once, chips made from them as
 * often as needed. The command line and the library come through here alike.
 */
import { Symbols } from '../debugger/symbols.ts';
import { Esp32 } from '../esp32.ts';
import { InputError } from '../loader/errors.ts';
import { hostFiles } from '../loader/files.ts';
import type { ElfSegment } from '../loader/elf.ts';
import { parseFlashSize } from '../loader/flash.ts';
import type { FlashOptions } from '../loader/flash.ts';
import { readRunInput } from '../loader/inputs.ts';
import type { RunInput } from '../loader/inputs.ts';
import { chooseRom } from '../loader/rom-choice.ts';
import { machineIdentity } from './machine-identity.ts';
import type { MachineIdentity } from './machine-identity.ts';

/** What `lockstep32 run` takes, by the names of its options. */
export interface MachineOptions {
  /** An ELF, a flash image, OFFSET FILE pairs one after another, or an ESP-IDF build folder. */
  readonly firmware: string | readonly string[];
  /** Mask ROM file, 'open', or 'auto': an installed mask ROM, else 'open' (default: auto; none for an ELF). */
  readonly rom?: string | undefined;
  /** Size of the flash chip, such as '4MB' (default: from the image). */
  readonly flashSize?: string | undefined;
  /** Size to write into the bootloader's header, as flashing tools do. */
  readonly flashHeader?: string | undefined;
  /** PSRAM chip: '4MB' or '8MB' (default: none). */
  readonly psram?: string | undefined;
  /** Application ELFs for symbols, lines and types (default: the one beside the image). */
  readonly elf?: string | readonly string[] | undefined;
  /** GPIO_STRAP at power-on; 0x13 boots from flash. */
  readonly strapping?: number | undefined;
  /** Seed of the random number generator. */
  readonly seed?: number | undefined;
  /** The timing model; without it runs are faster and times are rough (default: on). */
  readonly timing?: 'on' | 'off' | undefined;
  /** Cores and DMA wait for each other's SRAM bank (default: off). */
  readonly sramArbiter?: 'on' | 'off' | undefined;
}

export interface Machine {
  readonly symbols: Symbols;
  /** Which ROM was taken, when none was named. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** The input is an ELF that was linked to RAM. */
  readonly isBareElf: boolean;
  /** All that decides how the machine behaves: images, ROM, sizes, straps, seed. */
  readonly identity: MachineIdentity;
  /** A new chip at power-on, with the images in it. */
  make(): Esp32;
}

const MEGABYTE = 0x10_0000;
/** Data and instruction windows of the flash cache (TRM "System and Memory"). */
const FLASH_WINDOWS = [
  { base: 0x3f40_0000, size: 4 * MEGABYTE },
  { base: 0x400c_2000, size: 0xb3_e000 },
] as const;

/** Reads and checks everything; throws InputError. */
export function readMachine(options: MachineOptions): Machine {
  const { flashSize, flashHeader, strapping, seed } = options;
  const timing = options.timing ?? 'on';
  const sramArbiter = options.sramArbiter ?? 'off';
  const sizeBytes = flashSize === undefined ? undefined : parseFlashSize(flashSize, '--flash-size');
  const headerBytes =
    flashHeader === undefined ? undefined : parseFlashSize(flashHeader, '--flash-header');
  const psramSize = readPsramSize(options.psram);
  const firmware = typeof options.firmware === 'string' ? [options.firmware] : options.firmware;
  const input = readInputs(firmware, {
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(headerBytes === undefined ? {} : { headerBytes }),
  });
  const elf = options.elf ?? [];
  const symbols = Symbols.read(typeof elf === 'string' ? [elf] : elf, input);
  const needsRom = input.kind === 'flash' || options.rom !== undefined;
  const choice = needsRom ? chooseRom(options.rom) : undefined;
  const rom = choice?.rom;
  symbols.add(rom?.symbols);
  const flash = input.kind === 'flash' ? input.flash.bytes : blankFlash(sizeBytes);
  const chipOptions = {
    psramSize,
    timing,
    sramArbiter,
    ...(rom === undefined ? {} : { rom }),
    ...(flash === undefined ? {} : { flash }),
    ...(strapping === undefined ? {} : { strapping }),
    ...(seed === undefined ? {} : { rngSeed: seed }),
  };
  return {
    symbols,
    notes: choice?.note === undefined ? [] : [choice.note],
    warnings: input.kind === 'flash' ? input.flash.warnings : [],
    isBareElf: input.kind === 'elf',
    identity: machineIdentity(input, rom, flash, {
      psramSize,
      strapping: strapping ?? 'default',
      seed: seed ?? 'default',
      timing,
      sramArbiter,
    }),
    make: () => {
      const chip = new Esp32(chipOptions);
      if (input.kind === 'elf') chip.loadElf(input.elf);
      return chip;
    },
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

function readPsramSize(text: string | undefined): number {
  if (text === undefined) return 0;
  const size = parseFlashSize(text, '--psram');
  if (size === 4 * MEGABYTE || size === 8 * MEGABYTE) return size;
  throw new InputError('--psram', `PSRAM size '${text}'`, { expected: '4MB or 8MB' });
}

function blankFlash(sizeBytes: number | undefined): Uint8Array | undefined {
  return sizeBytes === undefined ? undefined : new Uint8Array(sizeBytes).fill(0xff);
}
