/** The generated pages: path and text of each, formatted as `npm run format` would. */
import { format, resolveConfig } from 'prettier';
import { accuracyPage } from './accuracy-page.ts';
import { notModelledPage } from './not-modelled-page.ts';
import { peripheralsPage } from './peripherals-page.ts';
import { sensitivityPage } from './sensitivity-page.ts';
import { timingPage } from './timing-page.ts';

export interface Page {
  readonly path: string;
  text(): string | Promise<string>;
}

export const PAGES: readonly Page[] = [
  { path: 'peripherals/README.md', text: peripheralsPage },
  { path: 'docs/not-modelled.md', text: notModelledPage },
  { path: 'docs/accuracy.md', text: accuracyPage },
  { path: 'docs/timing.md', text: timingPage },
  { path: 'docs/sensitivity.md', text: sensitivityPage },
];

export async function render(page: Page): Promise<string> {
  const options = (await resolveConfig(page.path)) ?? {};
  return format(await page.text(), { ...options, parser: 'markdown' });
}
