import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PAGES, render } from './pages.ts';

it.each(PAGES.map((page) => [page.path, page] as const))(
  '%s is what `npm run docs` writes',
  async (path, page) => {
    expect(readFileSync(path, 'utf8')).toBe(await render(page));
  },
);
