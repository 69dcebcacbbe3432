/** What to flash from a build folder: ESP-IDF's flasher_args.json, PlatformIO, or known names. */
import { isAbsolute, join } from 'node:path';
import { InputError, printable } from './errors.ts';
import { readInput, type Files } from './files.ts';
import { parseFlashSize, type FlashPiece } from './flash.ts';
import { BOOTLOADER_OFFSET } from './identify.ts';
import {
  defaultAppPartition,
  otaDataPartition,
  PARTITION_TABLE_OFFSET,
  parsePartitionTable,
} from './partitions.ts';

export interface BuildFolder {
  readonly pieces: readonly FlashPiece[];
  readonly sizeBytes: number | undefined;
  readonly tableOffset: number;
  /** ELF with the application's symbols, when there is one. */
  readonly elfFile: string | undefined;
}

const FLASHER_ARGS = 'flasher_args.json';

/** File names of builds that have no flasher_args.json, relative to the folder. */
const LAYOUTS: readonly {
  readonly bootloader: string;
  readonly table: string;
  readonly app: string;
  readonly elf: string;
}[] = [
  {
    bootloader: 'bootloader.bin',
    table: 'partitions.bin',
    app: 'firmware.bin',
    elf: 'firmware.elf',
  },
  { bootloader: 'bootloader.bin', table: 'partition-table.bin', app: 'app.bin', elf: 'app.elf' },
];

/** Where the parts of an application stand beside it: flat, or in ESP-IDF's build folder. */
const BESIDE: readonly { readonly bootloader: string; readonly table: string }[] = [
  { bootloader: 'bootloader.bin', table: 'partition-table.bin' },
  { bootloader: 'bootloader.bin', table: 'partitions.bin' },
  { bootloader: 'bootloader/bootloader.bin', table: 'partition_table/partition-table.bin' },
];

export function readBuildFolder(files: Files, folder: string): BuildFolder {
  const direct = tryFolder(files, folder) ?? tryFolder(files, join(folder, 'build'));
  if (direct !== undefined) return direct;
  const environments = files.list(join(folder, '.pio', 'build'));
  const built = environments
    .map((name) => tryFolder(files, join(folder, '.pio', 'build', name)))
    .filter((build) => build !== undefined);
  if (built.length === 1) return built[0];
  if (built.length > 1) {
    throw new InputError(folder, `${built.length} PlatformIO environments are built`, {
      expected: `one of them: ${environments.map((name) => `.pio/build/${name}`).join(', ')}`,
    });
  }
  throw new InputError(folder, 'not a build folder', {
    expected: `${FLASHER_ARGS} (ESP-IDF), or bootloader.bin, partitions.bin and firmware.bin`,
  });
}

/** Bootloader and partition table found beside an application image, and that application. */
export function besideApplication(
  files: Files,
  folder: string,
  app: { bytes: Uint8Array; file: string },
): BuildFolder | undefined {
  for (const { bootloader, table } of BESIDE) {
    const names = { bootloader: join(folder, bootloader), table: join(folder, table) };
    const build = place(files, folder, names, app);
    if (build !== undefined) return { ...build, elfFile: elfBeside(files, app.file) };
  }
  return undefined;
}

function tryFolder(files: Files, folder: string): BuildFolder | undefined {
  const args = files.read(join(folder, FLASHER_ARGS));
  if (args !== undefined) return fromFlasherArgs(files, folder, args);
  for (const layout of LAYOUTS) {
    const appFile = join(folder, layout.app);
    const bytes = files.read(appFile);
    if (bytes === undefined) continue;
    const names = {
      bootloader: join(folder, layout.bootloader),
      table: join(folder, layout.table),
    };
    const build = place(files, folder, names, { bytes, file: appFile });
    if (build !== undefined) return { ...build, elfFile: existing(files, folder, layout.elf) };
  }
  return undefined;
}

/** The application goes to the partition that an erased ota_data selects. */
function place(
  files: Files,
  folder: string,
  names: { bootloader: string; table: string },
  app: { bytes: Uint8Array; file: string },
): Omit<BuildFolder, 'elfFile'> | undefined {
  const bootloader = files.read(names.bootloader);
  const tableBytes = files.read(names.table);
  if (bootloader === undefined || tableBytes === undefined) return undefined;
  const table = parsePartitionTable(tableBytes, names.table);
  const partition = defaultAppPartition(table);
  if (partition === undefined) {
    throw new InputError(names.table, 'no application partition', {
      expected: 'an entry of type app',
    });
  }
  const pieces = [
    { offset: BOOTLOADER_OFFSET, bytes: bootloader, file: names.bootloader },
    { offset: PARTITION_TABLE_OFFSET, bytes: tableBytes, file: names.table },
    { offset: partition.offset, bytes: app.bytes, file: app.file },
  ];
  const otaData = otaDataPartition(table);
  const bootApp = files.read(join(folder, 'boot_app0.bin'));
  if (otaData !== undefined && bootApp !== undefined) {
    const file = join(folder, 'boot_app0.bin');
    pieces.push({ offset: otaData.offset, bytes: bootApp, file });
  }
  return { pieces, sizeBytes: undefined, tableOffset: PARTITION_TABLE_OFFSET };
}

function fromFlasherArgs(files: Files, folder: string, bytes: Uint8Array): BuildFolder {
  const path = join(folder, FLASHER_ARGS);
  const args = parseJson(bytes, path);
  const chip = asRecord(args.extra_esptool_args).chip;
  if (typeof chip === 'string' && chip !== 'esp32') {
    throw new InputError(path, `built for ${printable(chip)}`, { expected: 'chip esp32' });
  }
  const entries = Object.entries(asRecord(args.flash_files));
  if (entries.length === 0) {
    throw new InputError(path, 'no flash_files', { expected: 'an offset and a file at least' });
  }
  const pieces = entries.map(([offset, name]) => {
    if (typeof name !== 'string') {
      throw new InputError(path, `flash_files entry ${printable(offset)}`, {
        expected: 'the name of a file',
      });
    }
    const file = isAbsolute(name) ? name : join(folder, name);
    return { offset: parseOffset(offset, path), bytes: readInput(files, file), file };
  });
  const table = asRecord(args['partition-table']).offset;
  const tableOffset = typeof table === 'string' ? parseOffset(table, path) : PARTITION_TABLE_OFFSET;
  const size = asRecord(args.flash_settings).flash_size;
  const isSize = typeof size === 'string' && /^\d/.test(size);
  const sizeBytes = isSize ? parseFlashSize(size, path) : undefined;
  return { pieces, sizeBytes, tableOffset, elfFile: projectElf(files, folder) };
}

/** A flash offset: decimal or 0x hexadecimal. */
export function parseOffset(text: string, where: string): number {
  const value = /^(0x[0-9a-f]{1,8}|\d{1,9})$/i.test(text) ? Number(text) : NaN;
  if (!Number.isNaN(value)) return value;
  throw new InputError(where, `flash offset '${printable(text)}'`, {
    expected: 'a number such as 0x10000',
  });
}

/** ESP-IDF names the ELF in project_description.json. */
function projectElf(files: Files, folder: string): string | undefined {
  const path = join(folder, 'project_description.json');
  const bytes = files.read(path);
  const name = bytes === undefined ? undefined : parseJson(bytes, path).app_elf;
  return typeof name === 'string' ? existing(files, folder, name) : undefined;
}

function elfBeside(files: Files, app: string): string | undefined {
  const path = app.replace(/\.bin$/, '.elf');
  return path !== app && files.read(path) !== undefined ? path : undefined;
}

function existing(files: Files, folder: string, name: string): string | undefined {
  const path = join(folder, name);
  return files.read(path) === undefined ? undefined : path;
}

function parseJson(bytes: Uint8Array, path: string): Record<string, unknown> {
  try {
    return asRecord(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new InputError(path, `not JSON: ${printable(problem, 120)}`);
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
