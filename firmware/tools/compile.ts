/** Compiles the parts of the firmware into firmware/build; each function returns the objects to link. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  LIB,
  assembleCpp,
  buildRustCore,
  compileC,
  compileRust,
} from '../../test-roms/tools/toolchain.ts';
import type { RustCrate } from '../../test-roms/tools/toolchain.ts';
import { FEATURES } from './images.ts';
import type { ImageOptions } from './images.ts';
import { rustConstants } from './layout.ts';

const ROOT = dirname(import.meta.dirname);
const BUILD = join(ROOT, 'build');
const ARCH = join(ROOT, 'arch');
const PREFIX = [ROOT, 'firmware'] as const;
const C_OPTIONS = { fpu: false, optimize: 's', mulHigh: true, include: [ARCH, join(ROOT, 'c')] };

/**
 * Prints the warnings of a program's own files, not what the drivers that it takes in have and it does not use, and
 * not those without a place: rustc does not know the FPU's features.
 */
function printWarnings(text: string): void {
  const own = /^ *--> (?!.*\bdrivers\/)|^\S+:\d+:\d+: warning:/m;
  for (const warning of text.split('\n\n')) if (own.test(warning)) console.error(`${warning}\n`);
}

function assembleAll(names: readonly string[], folder: string): string[] {
  return names.map((name) => {
    const object = join(folder, `${name}.o`);
    assembleCpp(join(ARCH, name), object, [ARCH]);
    return object;
  });
}

const isBoot = (name: string): boolean => name.startsWith('boot');

function archSources(boot: boolean): string[] {
  const names = readdirSync(ARCH).filter((name) => name.endsWith('.S'));
  return names.filter((name) => isBoot(name) === boot).sort();
}

export function buildBootloader(): string[] {
  const folder = join(BUILD, 'bootloader');
  mkdirSync(folder, { recursive: true });
  return assembleAll(archSources(true), folder);
}

export function buildImage(name: string, options: ImageOptions): string[] {
  const unknown = options.cfg.find((feature) => !FEATURES.includes(feature));
  if (unknown !== undefined)
    throw new Error(`no feature ${unknown} in cfg; there are ${FEATURES.join(', ')}`);
  const folder = join(BUILD, name);
  mkdirSync(folder, { recursive: true });
  const object = (part: string): string => join(folder, part);
  const layout = object('layout.rs');
  const headers = ['regs.h', 'frame.h'].map((file) => readFileSync(join(ARCH, file), 'utf8'));
  writeFileSync(layout, rustConstants(headers));
  const metadata = object('libkernel.rmeta');
  const cfg = options.cfg.map((feature) => `feature="${feature}"`);
  const kernel: RustCrate = {
    name: 'kernel',
    cfg,
    metadata,
    env: { LAYOUT: layout },
    prefix: PREFIX,
  };
  compileRust(join(ROOT, 'kernel', 'lib.rs'), object('kernel.o'), {
    ...{ fpu: false, optimize: 's', mulHigh: true, crate: kernel, functionSections: true },
  });
  const app: RustCrate = { name: 'app', cfg, externs: { kernel: metadata }, prefix: PREFIX };
  compileRust(join(ROOT, 'apps', options.app), object('app.o'), {
    ...{ fpu: true, optimize: 's', mulHigh: true, crate: app, functionSections: true },
    warnings: printWarnings,
  });
  for (const unit of ['runtime', 'softfloat']) {
    compileC(join(LIB, `${unit}.c`), object(`${unit}.o`), { ...C_OPTIONS, optimize: '2' });
  }
  compileC(join(ROOT, 'c', 'c_wrapper.c'), object('c_wrapper.o'), C_OPTIONS);
  // The linker script puts what ends in app.o into flash.
  const own = (options.c ?? []).map((file) => `${basename(file, '.c')}.app.o`);
  for (const [index, file] of (options.c ?? []).entries())
    compileC(join(ROOT, 'c', file), object(own[index]!), {
      ...C_OPTIONS,
      fpu: true,
      warnings: printWarnings,
    });
  return [
    ...assembleAll(archSources(false), folder),
    ...['kernel.o', 'app.o', 'c_wrapper.o', 'runtime.o', 'softfloat.o', ...own].map(object),
    join(buildRustCore(), 'libcore.rlib'),
  ];
}
