/** The README's generated tables, and the example that it shows. */
import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { currentReadme, publicFunctions, README } from './tools/functions.ts';
import { IMAGES } from './tools/images.ts';

const readme = readFileSync(README, 'utf8');

it('the tables are up to date (npm run docs:functions)', async () => {
  expect(await currentReadme()).toBe(readme);
});

it('reads names and doc comments', () => {
  const source =
    '/// First\n/// second.\n#[inline]\npub fn one(a: u8) {}\nfn two() {}\npub fn three() {}\n';
  expect(publicFunctions(source)).toEqual([
    { name: 'one', text: 'First second.' },
    { name: 'three', text: '' },
  ]);
});

it('every driver function says what it touches', () => {
  for (const file of ['gpio', 'i2c', 'spi', 'square_wave', 'timg', 'uart', 'watchdog', 'matrix']) {
    const source = readFileSync(join(import.meta.dirname, 'drivers', `${file}.rs`), 'utf8');
    for (const { name, text } of publicFunctions(source))
      expect(text, `${file}::${name}`).not.toBe('');
  }
});

describe('the command that runs an image', () => {
  const [command] = /^npm start -- 0x1000 .*hello\.bin.*$/m.exec(readme)!;

  it.each([
    ['hello', 0, /^TEST PASS$/m],
    // No EEPROM is connected.
    ['i2c', 1, /^TEST FAIL/m],
  ])('%s ends with its verdict', (image, code, text) => {
    const run = spawnSync('bash', ['-c', command.replace('hello.bin', `${image}.bin`)], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(run.status, run.stderr).toBe(code);
    expect(run.stdout).toMatch(text);
  });
});

it('the task example is apps/hello.rs, and every image is named', () => {
  const [, example] = /```rust\n([\s\S]*?)```/.exec(readme)!;
  const source = readFileSync(join(import.meta.dirname, 'apps', 'hello.rs'), 'utf8');
  expect(source).toContain(example!.trimEnd());
  for (const name of Object.keys(IMAGES)) expect(readme).toContain(`\`${name}\``);
});
