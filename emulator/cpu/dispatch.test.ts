import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dispatchSource, interpreterSource } from './generate-dispatch.ts';

const committed = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

it('dispatch.ts is what `npm run generate` writes', () => {
  expect(committed('./dispatch.ts')).toBe(dispatchSource());
});

it('the switch in interpreter.ts is what `npm run generate` writes', () => {
  const source = committed('./interpreter.ts');
  expect(interpreterSource(source)).toBe(source);
});
