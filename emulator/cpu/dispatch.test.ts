import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dispatchSource } from './generate-dispatch.ts';

it('dispatch.ts is what `npm run generate` writes', () => {
  const committed = readFileSync(new URL('./dispatch.ts', import.meta.url), 'utf8');
  expect(committed).toBe(dispatchSource());
});
