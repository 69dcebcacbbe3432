/** Compiles the parts of the firmware into firmware/build; each function returns the objects to link. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  LIB,
  assembleCpp,
  buildRustCore,
  compileC,
  compileRust,
} from '../../test-roms/tools/toolchain.ts';
import type { RustCrate } from '../../test-roms/tools/toolchain.ts';
import type { ImageOptions } from './images.ts';
import { rustConstants } from './layout.ts';

const ROOT = dirname(import.meta.dirname);
const BUILD = join(ROOT, 'build');
const ARCH = join(ROOT, 'arch');
const PREFIX = [ROOT, 'firmware'] as const;
const C_OPTIONS = { fpu: false, optimize: 's', mulHigh: true, include: [ARCH, join(ROOT, 'c')] };

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
  });
  for (const unit of ['runtime', 'softfloat']) {
    compileC(join(LIB, `${unit}.c`), object(`${unit}.o`), { ...C_OPTIONS, optimize: '2' });
  }
  compileC(join(ROOT, 'c', 'c_wrapper.c'), object('c_wrapper.o'), C_OPTIONS);
  return [
    ...assembleAll(archSources(false), folder),
    ...['kernel.o', 'app.o', 'c_wrapper.o', 'runtime.o'].map(object),
    join(buildRustCore(), 'libcore.rlib'),
  ];
}
