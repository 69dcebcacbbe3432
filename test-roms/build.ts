/**
 * Builds the test ROMs: every folder <suite>/<case> with a main.S, main.c or main.rs becomes its image.elf.
 *
 *   tsx test-roms/build.ts [--check] [suite/case...]
 *
 * Images are committed with manifest.json (sha256, size). `--check` builds into test-roms/build and fails, naming
 * the image, when the bytes differ from the committed ones.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  BUILD,
  LIB,
  ROOT,
  assemble,
  buildRustCore,
  compileC,
  compileRust,
  link,
  toolchainOf,
} from './tools/toolchain.ts';
import type { CompileOptions } from './tools/toolchain.ts';

const SUITES = ['cpu', 'programs', 'peripherals'];
const MANIFEST = join(ROOT, 'manifest.json');

interface ManifestEntry {
  sha256: string;
  sizeBytes: number;
  /** Version of the compiler; another one may give other bytes. */
  toolchain: string;
}

/** The names `suite/case` of every ROM that has a source file. */
function romNames(): string[] {
  return SUITES.flatMap((suite) =>
    readdirSync(join(ROOT, suite), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && sourceOf(`${suite}/${entry.name}`) !== undefined)
      .map((entry) => `${suite}/${entry.name}`)
      .sort(),
  );
}

/** `build` of case.json. `source` names a file of another case, relative to this one. */
interface BuildOptions extends CompileOptions {
  source?: string;
  /** Link an assembly file with what compilers call by name. */
  runtime?: boolean;
}

function optionsOf(name: string): BuildOptions {
  const file = join(ROOT, name, 'case.json');
  const settings = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as object) : {};
  return { fpu: false, optimize: '2', ...(settings as { build?: Partial<BuildOptions> }).build };
}

function sourceOf(name: string): string | undefined {
  const { source } = optionsOf(name);
  const candidates = source === undefined ? ['main.S', 'main.c', 'main.rs'] : [source];
  return candidates.map((file) => join(ROOT, name, file)).find((file) => existsSync(file));
}

/** Builds one ROM and returns the path of the fresh image, which lies in test-roms/build. */
export function buildRom(name: string): string {
  const source = sourceOf(name);
  if (source === undefined)
    throw new Error(`${name}: no main.S, main.c or main.rs in test-roms/${name}`);
  const folder = join(BUILD, name);
  mkdirSync(folder, { recursive: true });
  const object = (file: string): string => join(folder, `${file}.o`);
  const options = optionsOf(name);
  assemble(join(LIB, 'vectors.S'), object('vectors'));
  assemble(join(LIB, 'start.S'), object('start'));
  const objects = [object('vectors'), object('start'), object('main')];
  if (source.endsWith('.S')) {
    assemble(source, object('main'));
  } else {
    if (source.endsWith('.c')) compileC(source, object('main'), options);
    else compileRust(source, object('main'), options);
  }
  if (options.runtime === true || !source.endsWith('.S')) {
    for (const unit of ['runtime', 'softfloat']) {
      compileC(join(LIB, `${unit}.c`), object(unit), { fpu: false, optimize: '2' });
      objects.push(object(unit));
    }
  }
  if (source.endsWith('.rs')) objects.push(join(buildRustCore(), 'libcore.rlib'));
  const image = join(folder, 'image.elf');
  link(objects, image);
  return image;
}

function describe(name: string, image: string): ManifestEntry {
  const bytes = readFileSync(image);
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
    toolchain: toolchainOf(sourceOf(name)!),
  };
}

export function readManifest(): Record<string, ManifestEntry> {
  if (!existsSync(MANIFEST)) return {};
  return JSON.parse(readFileSync(MANIFEST, 'utf8')) as Record<string, ManifestEntry>;
}

/** Why the fresh image is not the committed one, or undefined. */
function compare(fresh: ManifestEntry, committed: ManifestEntry | undefined): string | undefined {
  if (committed === undefined) return 'not in manifest.json';
  if (fresh.toolchain !== committed.toolchain) {
    console.log(
      `not compared: ${fresh.toolchain} here, the committed image is by ${committed.toolchain}`,
    );
    return undefined;
  }
  if (fresh.sha256 === committed.sha256) return undefined;
  return 'the rebuilt image differs from manifest.json; run tsx test-roms/build.ts';
}

function main(args: string[]): number {
  const check = args.includes('--check');
  const wanted = args.filter((arg) => !arg.startsWith('--'));
  const names = romNames().filter((name) => wanted.length === 0 || wanted.includes(name));
  const manifest = readManifest();
  let failures = 0;
  for (const name of names) {
    const image = buildRom(name);
    const entry = describe(name, image);
    if (!check) {
      copyFileSync(image, join(ROOT, name, 'image.elf'));
      manifest[name] = entry;
      console.log(`${name}: ${entry.sizeBytes} bytes`);
      continue;
    }
    const problem = compare(entry, manifest[name]);
    if (problem === undefined) continue;
    console.error(`${name}: ${problem}`);
    failures++;
  }
  if (check) {
    console.log(`${names.length} images rebuilt, ${failures} differ`);
  } else {
    const entries = Object.entries(manifest).filter(([name]) => sourceOf(name) !== undefined);
    const sorted = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(MANIFEST, `${JSON.stringify(sorted, null, 2)}\n`);
  }
  return failures === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) process.exitCode = main(process.argv.slice(2));
