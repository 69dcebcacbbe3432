/**
 * Builds the open boot ROM: `npm run rom` writes firmware/images/open-rom.elf and its manifest entry,
 * `npm run rom:check` builds into firmware/build and fails when the bytes differ from the committed ones.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseElfLayout } from '../../emulator/loader/elf.ts';
import { LIB, assemble, compileC, run, toolchainOf } from '../../test-roms/tools/toolchain.ts';
import { buildArguments, doesNotBuild } from '../tools/command.ts';
import { IMAGE_FOLDER, describe, isUnchanged, writeManifest } from '../tools/manifest.ts';
import type { DocumentedFunction } from './layout.ts';
import { ROM_BASE, RomImage, implementationOf, parseFunctions } from './layout.ts';
import { linkerScript, placePieces, roomsOf } from './place.ts';
import { writeElf } from './write-elf.ts';

const ROM = import.meta.dirname;
const BUILD = join(ROM, '..', 'build', 'rom');
const NAME = 'open-rom.elf';
/** The data bus shows ROM1 this much lower. */
const ROM1_SHIFT = 0xd_0000;
/** Shared with the test ROMs: what compilers call by name. */
const SHARED_SOURCES = ['runtime.c'];
/** Objects whose place rom.ld states. */
const FIXED_OBJECTS = ['vectors.o', 'reset.o', 'exceptions.o', 'calls.o', 'setjmp.o', 'xtos.o'];

/** Compiles, links, fills the documented addresses; returns the bytes of the ELF. */
export function buildRom(): Buffer {
  mkdirSync(BUILD, { recursive: true });
  const objects: string[] = [];
  const list = (folder: string, ending: string): string[] =>
    readdirSync(join(ROM, folder))
      .filter((file) => file.endsWith(ending))
      .sort()
      .map((file) => join(ROM, folder, file));
  const objectOf = (source: string): string => {
    const object = join(BUILD, `${source.split('/').at(-1)!.replace(/\.\w$/, '')}.o`);
    objects.push(object);
    return object;
  };
  for (const source of list('arch', '.S')) assemble(source, objectOf(source));
  const sources = [...list('src', '.c'), ...SHARED_SOURCES.map((file) => join(LIB, file))];
  for (const source of sources) compileC(source, objectOf(source), { fpu: false, optimize: 's' });
  const functions = parseFunctions(readFileSync(join(ROM, 'functions.txt'), 'utf8'));
  const pieces = objects
    .filter((file) => !FIXED_OBJECTS.includes(basename(file)))
    .map((file) => ({ file, size: codeSize(file) }));
  const script = linkerScript(placePieces(pieces, roomsOf(functions)));
  writeFileSync(join(BUILD, 'rooms-memory.ld'), script.memory);
  writeFileSync(join(BUILD, 'rooms-sections.ld'), script.sections);
  const linked = join(BUILD, 'linked.elf');
  const flags = ['--no-relax', '--discard-all', '-z', 'noexecstack', '-z', 'max-page-size=4'];
  const scripts = ['-L', BUILD, '-T', join(ROM, 'rom.ld')];
  run('xtensa-lx106-elf-ld', [
    ...flags,
    '--orphan-handling=error',
    ...scripts,
    '-o',
    linked,
    ...objects,
  ]);
  return finish(linked, functions);
}

/** Bytes of an object's code and literals, with room to align each section. */
function codeSize(file: string): number {
  const rows = run('llvm-size-22', ['-A', file]).matchAll(
    /^(\.text|\.literal|\S+\.literal)\S* +(\d+)/gm,
  );
  return [...rows].reduce((sum, row) => sum + ((Number(row[2]) + 3) & ~3), 0);
}

function finish(linked: string, functions: readonly DocumentedFunction[]): Buffer {
  const elf = parseElfLayout(new Uint8Array(readFileSync(linked)), linked);
  const symbols = globalsOf(linked);
  const image = new RomImage();
  for (const section of elf.sections) {
    if (!section.allocated || section.bytes.length === 0) continue;
    const isRom = section.address >= ROM_BASE;
    const address = isRom ? section.address : section.address + ROM1_SHIFT;
    image.place(address, section.bytes, section.name);
  }
  image.fill(functions, symbols, symbols.get('unimplemented')!);
  const chunks = image.chunks(64).map(([start, end]) => ({
    address: ROM_BASE + start,
    bytes: image.bytes.subarray(start, end),
  }));
  const documented = functions.map(({ address, names }) => ({ name: names[0]!, address }));
  const inside = [...symbols]
    .filter(([, address]) => address >= ROM_BASE && address < ROM_BASE + image.bytes.length)
    .map(([name, address]) => ({ name: `open_rom.${name}`, address }));
  const count = functions.filter((row) => implementationOf(row, symbols) !== undefined).length;
  console.log(`${count} of ${functions.length} documented addresses are implemented`);
  return writeElf(symbols.get('_ResetVector')!, chunks, [...documented, ...inside]);
}

/** Global symbols, sorted by name. */
function globalsOf(file: string): Map<string, number> {
  const rows = run('llvm-nm-22', ['-g', '--defined-only', file])
    .split('\n')
    .map((line) => /^([0-9a-f]{8}) \w (\S+)$/.exec(line))
    .filter((match) => match !== null);
  return new Map(
    rows.map((match): [string, number] => [match[2]!, Number.parseInt(match[1]!, 16)]).sort(),
  );
}

function main(args: string[]): number {
  const given = buildArguments(args, 'usage: npm run rom, or npm run rom:check');
  if (typeof given === 'number') return given;
  let bytes: Buffer;
  try {
    bytes = buildRom();
  } catch (error) {
    return doesNotBuild(NAME, error);
  }
  const entry = describe(bytes, toolchainOf('rom.c'));
  if (given.check) {
    if (!isUnchanged(NAME, entry, 'npm run rom')) return 1;
    console.log(`${NAME}: checked`);
    return 0;
  }
  mkdirSync(IMAGE_FOLDER, { recursive: true });
  writeFileSync(join(IMAGE_FOLDER, NAME), bytes);
  writeManifest({ [NAME]: entry });
  console.log(`${NAME}: ${bytes.length} bytes`);
  return 0;
}

if (process.argv[1] === import.meta.filename) process.exitCode = main(process.argv.slice(2));
