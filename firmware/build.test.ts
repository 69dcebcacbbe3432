/** The build commands: their arguments, what they say of a program that does not build, and what a program may use. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBoard, parseElf } from '../emulator/index.ts';
import { missingOracles } from '../test-roms/tools/qemu.ts';
import { link, run } from '../test-roms/tools/toolchain.ts';
import { imageFile, passed, verdict } from './board.fixtures.ts';
import { buildArguments, doesNotBuild } from './tools/command.ts';
import { buildImage } from './tools/compile.ts';
import { espImage } from './tools/esp-image.ts';
import { FEATURES, IMAGES } from './tools/images.ts';
import type { ImageOptions } from './tools/images.ts';

const ROOT = import.meta.dirname;
const FOLDER = join(ROOT, 'build', 'test');
const TOOLS = ['/usr/bin/rustc', 'clang-22', 'llvm-mc-22', 'xtensa-lx106-elf-ld'];
const missing = missingOracles(TOOLS);

const printed: string[] = [];
const listen = (): void => {
  for (const way of ['error', 'log'] as const)
    vi.spyOn(console, way).mockImplementation((text: string) => void printed.push(text));
};
afterEach(() => {
  vi.restoreAllMocks();
  printed.length = 0;
});

describe('arguments', () => {
  const usage = 'usage: build [image...]';

  it('are names and --check', () => {
    expect(buildArguments(['a', '--check', 'b'], usage)).toEqual({
      check: true,
      names: ['a', 'b'],
    });
    expect(buildArguments([], usage)).toEqual({ check: false, names: [] });
  });

  it.each([
    [['--chek'], usage, 2],
    [['--check=no'], usage, 2],
    [['hello'], 'usage: build', 2],
    [['--help'], usage, 0],
  ])('%j gives the usage', (args, text, code) => {
    listen();
    expect(buildArguments(args, text)).toBe(code);
    expect(printed.join('\n')).toContain(text);
  });
});

it('the features of all images are known, and the kernel reads each of them', () => {
  const used = Object.values(IMAGES).flatMap(({ cfg }) => cfg);
  expect(FEATURES).toEqual(expect.arrayContaining(used));
  const kernel = readdirSync(join(ROOT, 'kernel'))
    .map((file) => readFileSync(join(ROOT, 'kernel', file), 'utf8'))
    .join('');
  for (const feature of FEATURES) expect(kernel).toContain(`feature = "${feature}"`);
});

/** Compiles and links a program with `body` in `app_main`; returns the ELF's path. */
function program(name: string, body: string, options: Partial<ImageOptions> = {}): string {
  mkdirSync(FOLDER, { recursive: true });
  const text = `#![no_std]\nuse kernel::test;\n${body}`;
  writeFileSync(join(FOLDER, `${name}.rs`), text);
  const app = `../build/test/${name}.rs`;
  const elf = join(FOLDER, `${name}.elf`);
  const objects = buildImage(`test-${name}`, { app, cfg: [], ...options });
  link(objects, elf, { script: join(ROOT, 'ld', 'kernel.ld') });
  return elf;
}

const MAIN = '#[unsafe(no_mangle)]\nextern "C" fn app_main()';

describe.skipIf(missing.length > 0)('programs', () => {
  it.each([
    ['a mistake', `${MAIN} { nothing(); test::finish() }`, 'rustc a-mistake.rs failed'],
    [
      'a name of nobody',
      `unsafe extern "C" { fn nobody(); }\n${MAIN} { unsafe { nobody() }; test::finish() }`,
      'the linker finds no nobody',
    ],
    [
      'too much memory',
      `static mut BIG: [u8; 0x40000] = [0; 0x40000];\n${MAIN} { unsafe { (&raw mut BIG as *mut u8).write_volatile(1) }; test::finish() }`,
      expect.stringMatching(/^the linker has \d+ bytes too many for region dram$/),
    ],
  ])('%s: the text of the tool, then one line', (title, body, reason) => {
    listen();
    try {
      program(title.replaceAll(' ', '-'), body);
    } catch (error) {
      expect(doesNotBuild('mine', error)).toBe(1);
    }
    expect(printed).toHaveLength(2);
    const [, name, why] = /^(\w+): does not build: (.*)$/.exec(printed[1]!)!;
    expect([name, why]).toEqual(['mine', reason]);
  });

  it('the warnings of the program are shown, and no others', () => {
    listen();
    program('warned', `${MAIN} { let unused = 1; test::finish() }`);
    expect(printed).toHaveLength(1);
    expect(printed[0]).toMatch(/^warning: unused variable: `unused`\n --> \S*warned\.rs:4:/);
  });

  it('an unknown feature is refused with the known ones', () => {
    expect(() => program('feature', `${MAIN} { test::finish() }`, { cfg: ['fast'] })).toThrow(
      `no feature fast in cfg; there are ${FEATURES.join(', ')}`,
    );
  });

  it('a C file of its own, division of f32 and comparison of f64', () => {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(
      join(FOLDER, 'own.c'),
      'float scaled(float x, float by) { return x * by + 0.25f; }\n',
    );
    const elf = program(
      'own',
      `unsafe extern "C" { fn scaled(x: f32, by: f32) -> f32; }
${MAIN} {
  let (a, b) = (core::hint::black_box(7.0f32), core::hint::black_box(2.0f32));
  test::check("division", a / b == 3.5);
  test::check("c", unsafe { scaled(a, b) } == 14.25);
  let (c, d) = (core::hint::black_box(1.5f64), core::hint::black_box(2.5f64));
  test::check("f64", c < d && !(d < c) && c != d);
  test::finish();
}`,
      { c: ['../build/test/own.c'] },
    );
    const image = elf.replace('.elf', '.bin');
    writeFileSync(image, espImage(parseElf(readFileSync(elf), elf), 0x10000));
    const board = createBoard({
      firmware: ['0x1000', imageFile('bootloader.bin'), '0x10000', image],
      rom: imageFile('open-rom.elf'),
    });
    expect(passed(verdict(board))).toEqual(['division', 'c', 'f64']);
    // From flash.
    expect(run('llvm-nm-22', ['-g', elf])).toMatch(/^400d\w{4} T scaled$/m);
  });
});
