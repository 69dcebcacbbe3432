/** `npm run docs`: writes every generated page. */
import { writeFileSync } from 'node:fs';
import { PAGES, render } from './pages.ts';

for (const page of PAGES) {
  writeFileSync(page.path, await render(page));
  console.log(page.path);
}
