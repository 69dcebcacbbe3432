import { expect, it } from 'vitest';
import { InputError } from './errors.ts';
import { hostFiles, readInput } from './files.ts';

it.each([
  ['package.json/image.bin', 'no such file'],
  ['no-such-folder/image.bin', 'no such file'],
  ['emulator', 'is a directory'],
  ['image\0.bin', 'null bytes'],
])('%j: %s', (path, problem) => {
  expect(() => readInput(hostFiles, path)).toThrow(InputError);
  expect(() => readInput(hostFiles, path)).toThrow(problem);
});

it('a path below a file is no folder and lists nothing', () => {
  expect(hostFiles.isDirectory('package.json/build')).toBe(false);
  expect(hostFiles.list('package.json/build')).toEqual([]);
});
