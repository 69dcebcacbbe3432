import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkWritable, writeOutput } from './output-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep32-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('replaces a file as a whole and leaves nothing beside it', () => {
  const path = join(folder, 'out');
  writeOutput(path, 'first');
  writeOutput(path, 'second', 0o777);
  expect(readFileSync(path, 'utf8')).toBe('second');
  expect(statSync(path).mode & 0o100).toBe(0o100);
  expect(readdirSync(folder)).toEqual(['out']);
});

it('checking creates nothing', () => {
  checkWritable(join(folder, 'out'));
  expect(readdirSync(folder)).toEqual([]);
});

it('follows a link and writes to a device', () => {
  writeFileSync(join(folder, 'real'), 'old');
  symlinkSync('real', join(folder, 'link'));
  writeOutput(join(folder, 'link'), 'new');
  expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new');
  writeOutput('/dev/null', 'gone');
});

it('makes the folders on the way, but not when it only checks', () => {
  const path = join(folder, 'new', 'er', 'out');
  checkWritable(path);
  expect(readdirSync(folder)).toEqual([]);
  writeOutput(path, 'text');
  expect(readFileSync(path, 'utf8')).toBe('text');
});

it('refuses a folder and a path below a file, in one line', () => {
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'sub', 'file'), '');
  const below = join(folder, 'sub', 'file');
  for (const path of [join(folder, 'sub'), join(below, 'x'), join(below, 'no', 'where')]) {
    for (const act of [checkWritable, (p: string) => writeOutput(p, 'x')]) {
      expect(() => act(path)).toThrow(/^\S+: cannot be written \([^\n]+\)$/);
    }
  }
  expect(readdirSync(folder)).toEqual(['sub']);
});
