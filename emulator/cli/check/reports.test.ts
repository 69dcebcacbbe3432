/** The reports of a check: their XML against the shape that CI systems read, the HTML in a browser. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { haveProgram } from '../../loader/real.fixtures.ts';
import { file, folder, lockstep32 } from '../command.fixtures.ts';
import { gateFile, program } from './check.fixtures.ts';

const GATE = `
scenarios:
  toggles & <counts>:
    limits: { time: 1s }
    steps:
      - expect: boot
      - { pin: 2, frequency: 3960, tolerance: 5% }
  fails:
    steps:
      - { memory: count, is: 1000000 }
  is skipped: { from: fails, steps: [{ wait: 1ms }] }
`;

const chromium = haveProgram('chromium');
let [junit, html] = ['', ''];

beforeAll(async () => {
  program();
  gateFile('gate.yaml', GATE);
  const args = ['--junit', 'out.xml', '--html', 'out.html'];
  const { code } = await lockstep32('check', 'gate.yaml', ...args);
  expect(code).toBe(1);
  junit = readFileSync(join(folder, 'out.xml'), 'utf8');
  html = readFileSync(join(folder, 'out.html'), 'utf8');
}, 120_000);

/** Elements and attributes that the JUnit schemas in use know, and what may be in what. */
const JUNIT: Readonly<
  Record<string, { attributes: readonly string[]; children: readonly string[] }>
> = {
  // prettier-ignore
  testsuites: { attributes: ['name', 'tests', 'failures', 'errors', 'skipped', 'time'], children: ['testsuite'] }, // prettier-ignore
  testsuite: { attributes: ['name', 'tests', 'failures', 'errors', 'skipped', 'time'], children: ['testcase'] }, // prettier-ignore
  testcase: { attributes: ['name', 'classname', 'file', 'line', 'time'], children: ['skipped', 'failure', 'system-out'] }, // prettier-ignore
  failure: { attributes: ['type', 'message'], children: [] },
  skipped: { attributes: ['message'], children: [] },
  'system-out': { attributes: [], children: [] },
};

describe('JUnit XML', () => {
  it('has the elements, attributes and counts that readers know', () => {
    expect(junit.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ')).toBe(true);
    const open: string[] = [];
    const seen: Record<string, number> = {};
    for (const [, close, name, rest, empty] of junit.matchAll(
      /<(\/?)([\w-]+)((?:\s[\w-]+="[^"<]*")*)(\/?)>/g,
    )) {
      // prettier-ignore
      if (close === '/') {
        expect(open.pop()).toBe(name);
        continue;
      }
      const parent = open[open.length - 1];
      const row = JUNIT[name!];
      expect(row, name).toBeDefined();
      if (parent !== undefined) expect(JUNIT[parent]!.children).toContain(name);
      for (const [, attribute] of rest!.matchAll(/\s([\w-]+)=/g))
        expect(row!.attributes).toContain(attribute);
      seen[name!] = (seen[name!] ?? 0) + 1;
      if (empty !== '/') open.push(name!);
    }
    expect(open).toEqual([]);
    expect(seen).toEqual({ testsuites: 1, testsuite: 1, testcase: 3, failure: 1, skipped: 1, 'system-out': 3 }); // prettier-ignore
    expect(junit).toMatch(/<testsuite name="gate.yaml" tests="3" failures="1" errors="0" skipped="1" time="0\.\d{6}">/); // prettier-ignore
    expect(junit).toContain('name="toggles &#38; &#60;counts&#62;"');
  });
});

describe('HTML report', () => {
  it('needs nothing from outside and runs no script', () => {
    expect(html).not.toMatch(/<script|\bon\w+=|@import|url\(|(?:src|href)="(?!#|data:,)/);
  });

  it.skipIf(!chromium)(
    'opens in a browser: no complaints, and all that matters is there',
    { timeout: 120_000 },
    () => {
      // prettier-ignore
      const page = `file://${file('out.html', html)}`;
      const common = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--user-data-dir=${join(folder, 'chromium')}`, '--enable-logging=stderr', '--v=0']; // prettier-ignore
      const picture = join(folder, 'out.png');
      const args = [...common, `--screenshot=${picture}`, '--window-size=1100,1600', page];
      const shot = spawnSync('chromium', args, { encoding: 'utf8', timeout: 60_000 });
      expect(shot.status, shot.stderr).toBe(0);
      expect(shot.stderr).not.toMatch(/CONSOLE/);
      const { stdout } = spawnSync('chromium', [...common, '--dump-dom', page], { encoding: 'utf8', timeout: 60_000 }); // prettier-ignore
      expect(stdout).toContain('1 of 3 scenarios failed');
      expect(stdout).toContain('toggles &amp; &lt;counts&gt;');
      expect(stdout).toContain('memory count is 1000000: it is 0');
      expect(stdout).toMatch(/<span class="time"> +[\d.]+ us<\/span> {2}boot/);
      expect(stdout).toMatch(/<text[^>]*>GPIO2<\/text>/);
      expect(stdout).toMatch(/<text[^>]*>PRO_CPU<\/text><rect class="task\d"[^>]*><title>running<\/title>/); // prettier-ignore
      expect(stdout).toMatch(/Last \d+ instructions<\/summary><pre>/);
      expect(readFileSync(picture).subarray(1, 4).toString()).toBe('PNG');
    },
  );
});
