/**
 * Results as JUnit XML, as CI systems read it: a suite for the file, a case for each scenario. Times
 * are guest time in seconds, so that the same run gives the same file.
 */
import { MASTER_HZ } from '../../scheduler/clock.ts';
import { timeText } from '../../testing/units.ts';
import { placeText } from './problems.ts';
import { countOf } from './result.ts';
import type { CheckResult, ScenarioResult } from './result.ts';

const MOST_OUTPUT = 1 << 20;

export function formatJunit(result: CheckResult): string {
  const { scenarios, file } = result;
  const counts = [
    `tests="${scenarios.length}"`,
    `failures="${countOf(scenarios, 'failed', 'limit')}"`,
    'errors="0"',
    `skipped="${countOf(scenarios, 'skipped')}"`,
    `time="${seconds(scenarios.reduce((sum, { start, end }) => sum + end - start, 0))}"`,
  ].join(' ');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="lockstep32" ${counts}>`,
    `  <testsuite name="${xml(file)}" ${counts}>`,
    ...scenarios.flatMap((scenario) => testCase(file, scenario)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(file: string, scenario: ScenarioResult): string[] {
  const { name, at, status, failure, start, end } = scenario;
  const head = `    <testcase name="${xml(name)}" classname="${xml(file)}" file="${xml(file)}" line="${at.line}" time="${seconds(end - start)}">`; // prettier-ignore
  const message = xml(failure?.message ?? '');
  const body: string[] = [];
  if (status === 'skipped') body.push(`      <skipped message="${message}"/>`);
  else if (failure !== undefined) {
    const text = [`${placeText(file, failure.at)}: ${failure.message}`, ...failure.detail].join(
      '\n',
    );
    const type = status === 'limit' ? 'limit' : 'failure';
    body.push(`      <failure type="${type}" message="${message}">${xml(text)}</failure>`);
  }
  const output = outputText(scenario);
  if (output !== '') body.push(`      <system-out>${xml(output)}</system-out>`);
  return [head, ...body, '    </testcase>'];
}

function outputText({ uarts, steps }: ScenarioResult): string {
  const played = steps.map(({ status, text, found }) => `${status}: ${text}${found === '' ? '' : ` (${found})`}`); // prettier-ignore
  const printed = uarts.flatMap(({ index, lines }) =>
    lines.map(({ tick, text }) => `UART${index} ${timeText(tick)}: ${text}`),
  );
  return [...played, ...printed].join('\n').slice(0, MOST_OUTPUT);
}

function seconds(ticks: number): string {
  return (ticks / MASTER_HZ).toFixed(6);
}

/** Escaped; characters that XML 1.0 has no form for become `?`. */
export function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?')
    .replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
