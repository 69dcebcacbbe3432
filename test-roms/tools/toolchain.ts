/**
 * The compilers of the test ROMs, all Debian packages: llvm-mc-22, clang-22, rustc (rustc-web), GNU ld for
 * Xtensa. Every function writes one output file; the same sources give the same bytes.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** test-roms/ */
export const ROOT = dirname(import.meta.dirname);
export const LIB = join(ROOT, 'lib');
export const BUILD = join(ROOT, 'build');

/** What the QEMU cores and the ESP32 have in common; MULUH is missing from QEMU's cores. */
const FEATURES =
  'density loop windowed sext nsa mul16 mul32 s32c1i div32 minmax clamps threadptr mac16'.split(
    ' ',
  );
const FPU_FEATURES = ['fp', 'bool'];

export interface CompileOptions {
  /** Use the single-precision FPU; without it the image also runs on QEMU's dc233c. */
  fpu: boolean;
  /** Optimisation level as the compilers write it: 0, 1, 2, 3, s. */
  optimize: string;
  /** Use MULUH and MULSH, which QEMU's cores lack. */
  mulHigh?: boolean;
  /** Rust: overflow and other debug assertions are checked. */
  checks?: boolean;
  /** Folders of C headers besides test-roms/lib. */
  include?: readonly string[];
  crate?: RustCrate;
  /** Takes the compiler's warnings. */
  warnings?: (text: string) => void;
  /** A section for each Rust function, so that the linker leaves out what nothing calls. */
  functionSections?: boolean;
}

/** A Rust crate other than a test ROM's single one. */
export interface RustCrate {
  readonly name: string;
  /** Crates it uses: name and metadata file. */
  readonly externs?: Readonly<Record<string, string>>;
  readonly cfg?: readonly string[];
  /** Where to put the metadata for the crates that use this one. */
  readonly metadata?: string;
  /** Variables that `env!` reads. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folder that source paths in panic messages are relative to, and the name they show for it. */
  readonly prefix: readonly [folder: string, shown: string];
}

/** A tool ended with an error. */
export class ToolError extends Error {
  /** The tool and what it was given: `clang-22 main.c`. */
  readonly step: string;
  /** What it printed. */
  readonly text: string;

  constructor(command: string, input: string, text: string) {
    super(`${command} ${input}: ${text}`);
    this.step = `${basename(command)} ${basename(input)}`;
    this.text = text;
  }
}

/** Runs a tool quietly; its error output becomes the message of the exception. */
export function run(command: string, args: string[], env: Record<string, string> = {}): string {
  return outputs(command, args, env).stdout;
}

interface Outputs {
  readonly stdout: string;
  readonly stderr: string;
}

function outputs(command: string, args: string[], env: Record<string, string> = {}): Outputs {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  });
  if (status === 0) return { stdout, stderr };
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const missing = code === 'ENOENT' ? `${command} is not installed (see .ci/run)` : undefined;
  throw new ToolError(command, args.at(-1) ?? '', missing ?? error?.message ?? stderr);
}

/** Runs the C preprocessor over a `.S` file that has `#include` and `#define`, then assembles it. */
export function assembleCpp(source: string, object: string, include: readonly string[]): void {
  const assembly = `${object}.s`;
  const folders = include.flatMap((folder) => ['-I', folder]);
  const flags = ['-E', '-P', '-x', 'assembler-with-cpp'];
  run('clang-22', [...flags, ...folders, '-o', assembly, source]);
  assembleCompilerOutput(assembly, object);
}

/** Assembles a `.S` file; `.include` finds files of test-roms/lib. */
export function assemble(source: string, object: string): void {
  const target = ['-triple=xtensa', '-mcpu=esp32', '-filetype=obj'];
  run('llvm-mc-22', [...target, '-I', LIB, '-o', object, source]);
}

/** An L32R literal must be 4-byte aligned, which the compilers' assembly leaves to chance. */
function assembleCompilerOutput(assembly: string, object: string): void {
  const text = readFileSync(assembly, 'utf8');
  writeFileSync(assembly, text.replace(/^\s*\.literal_position/gm, '\t.p2align 2\n$&'));
  assemble(assembly, object);
}

/**
 * The back end writes a function's literals before the function's section begins, where the section of the function
 * before, or of its jump table, still lasts: they move behind the beginning.
 */
function literalsIntoTheirSections(assembly: string): void {
  const early =
    /((?:^\t\.p2align 2\n\n)?^\t\.literal_position\n(?:^\t\.literal .*\n)+)((?:^\t\.section\t.*\n)+)/gm;
  writeFileSync(assembly, readFileSync(assembly, 'utf8').replace(early, '$2$1'));
}

export function compileC(source: string, object: string, options: CompileOptions): void {
  const assembly = `${object}.s`;
  const features = [...FEATURES, ...(options.fpu ? FPU_FEATURES : [])];
  if (options.mulHigh === true) features.push('mul32high');
  const folders = [LIB, ...(options.include ?? [])].flatMap((folder) => ['-I', folder]);
  const { stderr } = outputs('clang-22', [
    '--target=xtensa-none-elf',
    ...features.flatMap((f) => ['-Xclang', '-target-feature', '-Xclang', `+${f}`]),
    `-O${options.optimize}`,
    ...['-ffreestanding', '-fno-builtin', '-fno-jump-tables', '-std=c17', '-Wall', '-Wextra'],
    ...['-Wno-unused-function', ...folders, '-S', '-o', assembly, source],
  ]);
  options.warnings?.(stderr);
  assembleCompilerOutput(assembly, object);
}

const RUST_LIBRARY = '/usr/lib/rustlib/src/rust/library';
const RUST_BOOTSTRAP = { RUSTC_BOOTSTRAP: '1' };
/** Another rustc may come first on the PATH; only Debian's has the Xtensa back end. */
const RUSTC = '/usr/bin/rustc';

/**
 * Builds `core` once into test-roms/build/rust. Its functions are generated in the crate that uses them, because
 * the back end cannot compile all of `core`. Returns the folder.
 */
export function buildRustCore(): string {
  const folder = join(BUILD, 'rust');
  const target = join(folder, 'xtensa.json');
  const version = run(RUSTC, ['--version']);
  const stamp = join(folder, 'built-with');
  try {
    if (readFileSync(stamp, 'utf8') === version) return folder;
  } catch {
    // Not built yet.
  }
  mkdirSync(folder, { recursive: true });
  const specification = JSON.parse(
    run(
      RUSTC,
      '-Zunstable-options --print target-spec-json --target xtensa-esp32-none-elf'.split(' '),
      RUST_BOOTSTRAP,
    ),
  ) as Record<string, unknown>;
  specification['data-layout'] = 'e-m:e-p:32:32-i8:8:32-i16:16:32-i64:64-n32';
  writeFileSync(target, JSON.stringify(specification, null, 2));
  const flags = [
    ...['-Zunstable-options', '--edition', '2024', '--crate-type', 'rlib', '--target', target],
    ...['-Cpanic=abort', '-Copt-level=s', '--cap-lints', 'allow', '-Zforce-unstable-if-unmarked'],
    ...['-Zalways-encode-mir', '-Zcross-crate-inline-threshold=always', '-Zinline-mir=no'],
    ...['-Zfunction-sections=yes', `--remap-path-prefix=${RUST_LIBRARY}=library`],
  ];
  const core = join(RUST_LIBRARY, 'core/src/lib.rs');
  run(RUSTC, [...flags, '--crate-name', 'core', '--out-dir', folder, core], RUST_BOOTSTRAP);
  const builtins = join(RUST_LIBRARY, 'compiler-builtins/compiler-builtins/src/lib.rs');
  const cfg = ['compiler-builtins', 'mem', 'unmangled-names'];
  run(
    RUSTC,
    [
      ...[...flags, '--crate-name', 'compiler_builtins', '-L', folder],
      `--emit=metadata=${join(folder, 'libcompiler_builtins.rmeta')}`,
      ...cfg.flatMap((feature) => ['--cfg', `feature="${feature}"`]),
      ...['--extern', `noprelude:core=${join(folder, 'libcore.rlib')}`, builtins],
    ],
    RUST_BOOTSTRAP,
  );
  writeFileSync(stamp, version);
  return folder;
}

const ROM_CRATE: RustCrate = { name: 'rom', prefix: [ROOT, 'test-roms'] };

export function compileRust(source: string, object: string, options: CompileOptions): void {
  const folder = buildRustCore();
  const assembly = `${object}.s`;
  const crate = options.crate ?? ROM_CRATE;
  const off = [
    ...(options.mulHigh === true ? [] : ['mul32high']),
    ...(options.fpu ? [] : FPU_FEATURES),
  ];
  const emit = [`--emit=asm=${assembly}`];
  if (crate.metadata !== undefined) emit.push(`--emit=metadata=${crate.metadata}`);
  const { stderr } = outputs(
    RUSTC,
    [
      ...['-Zunstable-options', '--edition', '2024', '--crate-name', crate.name],
      ...['--crate-type', 'rlib', '--target', join(folder, 'xtensa.json'), '-L', folder, ...emit],
      ...[`-Copt-level=${options.optimize}`, '-Cpanic=abort', '-Ccodegen-units=1'],
      ...(options.checks === true ? ['-Cdebug-assertions=on', '-Coverflow-checks=on'] : []),
      ...(off.length > 0 ? [`-Ctarget-feature=${off.map((f) => `-${f}`).join(',')}`] : []),
      `-Zfunction-sections=${options.functionSections === true ? 'yes' : 'no'}`,
      ...[...(crate.cfg ?? []).flatMap((cfg) => ['--cfg', cfg])],
      ...[`--remap-path-prefix=${crate.prefix.join('=')}`],
      ...[`--remap-path-prefix=${RUST_LIBRARY}=library`],
      ...['--extern', `noprelude:core=${join(folder, 'libcore.rlib')}`],
      ...['--extern', `noprelude:compiler_builtins=${join(folder, 'libcompiler_builtins.rmeta')}`],
      ...Object.entries(crate.externs ?? {}).flatMap(([name, file]) => [
        '--extern',
        `${name}=${file}`,
      ]),
      source,
    ],
    { ...RUST_BOOTSTRAP, ...crate.env },
  );
  options.warnings?.(stderr);
  if (options.functionSections === true) literalsIntoTheirSections(assembly);
  assembleCompilerOutput(assembly, object);
}

export interface LinkOptions {
  /** Linker script. */
  readonly script?: string;
  /** Keep the symbols of functions that other objects do not see, for backtraces. */
  readonly localSymbols?: boolean;
  /** Alignment of segments in the file; an operating system wants its pages'. Default 4. */
  readonly pageBytes?: number;
}

export function link(objects: string[], image: string, options: LinkOptions = {}): void {
  const { script = join(LIB, 'rom.ld'), localSymbols = false, pageBytes = 4 } = options;
  const discard = localSymbols ? '--discard-locals' : '--discard-all';
  const flags = `--no-relax --gc-sections -z noexecstack -z max-page-size=${pageBytes}`.split(' ');
  run('xtensa-lx106-elf-ld', [...flags, discard, '-T', script, '-o', image, ...objects]);
}

/** Name and version of the compiler or assembler of a source file, for the manifest. */
export function toolchainOf(source: string): string {
  const first = (text: string, pattern: RegExp): string => pattern.exec(text)?.[0] ?? text.trim();
  if (source.endsWith('.rs')) return first(run(RUSTC, ['--version']), /^rustc [\d.]+/);
  if (source.endsWith('.c')) return first(run('clang-22', ['--version']), /clang version [\d.]+/);
  return first(run('llvm-mc-22', ['--version']), /LLVM version [\d.]+/);
}
