/** The positional arguments of `lockstep32 run`: an ELF, or everything that goes into flash. */
import { dirname } from 'node:path';
import {
  besideApplication,
  parseOffset,
  readBuildFolder,
  type BuildFolder,
} from './build-folder.ts';
import { parseElf, type Elf } from './elf.ts';
import { InputError } from './errors.ts';
import { readInput, type Files } from './files.ts';
import { composeFlash, type FlashContent, type FlashOptions, type FlashPiece } from './flash.ts';
import { BOOTLOADER_OFFSET, identify, kindName } from './identify.ts';
import { checkChip, parseImage } from './image.ts';

export type RunInput =
  | { readonly kind: 'elf'; readonly elf: Elf }
  | {
      readonly kind: 'flash';
      readonly flash: FlashContent;
      /** ELF with the application's symbols, when one was found with the image. */
      readonly elfFile: string | undefined;
    };

const USAGE =
  'an ELF, a flash, bootloader or application image, OFFSET FILE pairs, or a build folder';

/**
 * Resolves the arguments. `options` are the user's own and win over what a build folder says.
 * The mask ROM starts what stands at 0x1000, so a bootloader alone goes there; an application
 * alone needs a bootloader and a partition table, which are looked for beside it.
 */
export function readRunInput(
  args: readonly string[],
  files: Files,
  options: FlashOptions = {},
): RunInput {
  if (args.length === 0) throw new InputError('run', 'no input', { expected: USAGE });
  if (args.length > 1) return flashed(readPairs(args, files), options, undefined);
  const path = args[0];
  if (files.isDirectory(path)) return fromBuild(readBuildFolder(files, path), options);
  return readSingle(path, readInput(files, path), files, options);
}

function readPairs(args: readonly string[], files: Files): FlashPiece[] {
  const pieces: FlashPiece[] = [];
  for (let index = 0; index < args.length; index += 2) {
    const offset = parseOffset(args[index], `argument ${index + 1}`);
    const path = args[index + 1];
    if (path === undefined) {
      throw new InputError(`argument ${index + 1}`, `offset ${args[index]} without a file`, {
        expected: 'OFFSET FILE pairs, such as 0x1000 bootloader.bin',
      });
    }
    pieces.push({ offset, bytes: readInput(files, path), file: path });
  }
  return pieces;
}

function readSingle(
  path: string,
  bytes: Uint8Array,
  files: Files,
  options: FlashOptions,
): RunInput {
  const found = identify(bytes);
  switch (found.kind) {
    case 'elf':
      return { kind: 'elf', elf: parseElf(bytes, path) };
    case 'flash': {
      const dump = found.base === 0 && options.sizeBytes === undefined && isChipSize(bytes.length);
      const size = dump ? { sizeBytes: bytes.length } : {};
      const table = found.tableOffset === undefined ? {} : { tableOffset: found.tableOffset };
      const piece = { offset: found.base, bytes, file: path };
      return flashed([piece], { ...table, ...size, ...options }, undefined);
    }
    case 'bootloader':
      return flashed([{ offset: BOOTLOADER_OFFSET, bytes, file: path }], options, undefined);
    case 'application':
      return readApplication(path, bytes, files, options);
    default:
      throw new InputError(path, `${kindName(found.kind)} cannot be run`, {
        offset: 0,
        expected: USAGE,
      });
  }
}

function readApplication(
  path: string,
  bytes: Uint8Array,
  files: Files,
  options: FlashOptions,
): RunInput {
  checkChip(parseImage(bytes, path));
  const build = besideApplication(files, dirname(path), { bytes, file: path });
  if (build !== undefined) return fromBuild(build, options);
  throw new InputError(path, 'an application image alone does not boot', {
    expected: 'a bootloader and, if that reads one, a partition table with it',
    hint: `0x1000 bootloader.bin 0x8000 partition-table.bin 0x10000 ${path}, or without a table 0x1000 bootloader.bin 0x10000 ${path}`,
  });
}

function fromBuild(build: BuildFolder, options: FlashOptions): RunInput {
  const size = build.sizeBytes === undefined ? {} : { sizeBytes: build.sizeBytes };
  const known = { tableOffset: build.tableOffset, ...size };
  return flashed(build.pieces, { ...known, ...options }, build.elfFile);
}

function flashed(
  pieces: readonly FlashPiece[],
  options: FlashOptions,
  elfFile: string | undefined,
): RunInput {
  return { kind: 'flash', flash: composeFlash(pieces, options), elfFile };
}

/** A power of two from 1 MB to 16 MB: the file is the whole chip. */
function isChipSize(size: number): boolean {
  return [1, 2, 4, 8, 16].includes(size / 0x10_0000);
}
