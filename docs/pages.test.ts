import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PAGES, render } from './pages.ts';

it.each(PAGES.map((page) => [page.path, page] as const))(
  '%s is what `npm run docs` writes',
  async (path, page) => {
    expect(readFileSync(path, 'utf8')).toBe(await render(page));
  },
);

it('the README quotes docs/accuracy.md', () => {
  const summary = /All rows\*\* \((\d+)\): median error (\S+), worst (\S+ %) .*exact (\d+)\./.exec(
    readFileSync('docs/accuracy.md', 'utf8'),
  );
  const [, rows, median, worst, exact] = summary!;
  expect(readFileSync('README.md', 'utf8')).toContain(
    `${rows} programs: ${exact} exact, median error ${median}, worst ${worst}`,
  );
});
