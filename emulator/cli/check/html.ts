/** Results as one HTML file: no script, nothing from outside, light or dark as the reader's system. */
import { formatSvg } from '../../debugger/waveform/svg.ts';
import { timeText } from '../../testing/units.ts';
import { STYLE } from './html-style.ts';
import { formatTimeline, Palette } from './html-timeline.ts';
import { xml } from './junit.ts';
import { placeText } from './problems.ts';
import { countOf } from './result.ts';
import type { CheckResult, ScenarioResult, Status } from './result.ts';

const WORDS: Readonly<Record<Status, string>> = { passed: 'passed', failed: 'failed', limit: 'limit', skipped: 'skipped' }; // prettier-ignore
const MOST_LINES = 5000;
const MOST_SHARES = 12;

export function formatHtml(result: CheckResult): string {
  const { file, scenarios, firmware, version, notes } = result;
  const palette = new Palette();
  const isGood = countOf(scenarios, 'passed') === scenarios.length;
  const verdict = isGood ? 'All scenarios passed' : `${countOf(scenarios, 'failed', 'limit')} of ${scenarios.length} scenarios failed`; // prettier-ignore
  const body = [
    '<header>',
    `<h1><span class="badge ${isGood ? 'passed' : 'failed'}">${isGood ? 'passed' : 'failed'}</span> ${xml(file)}</h1>`,
    `<p>${verdict}. Firmware <code>${xml(firmware)}</code>, Lockstep32 ${xml(version)}.</p>`,
    ...notes.map((note) => `<p class="dim">${xml(note)}</p>`),
    '</header>',
    summaryTable(file, scenarios),
    ...scenarios.map((scenario, i) => section(file, scenario, i, palette)),
  ];
  return [
    '<!DOCTYPE html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${xml(file)}: ${xml(verdict)}</title>`,
    `<link rel="icon" href="data:,">`,
    `<style>\n${STYLE}\n${Palette.style}\n</style></head><body>`,
    ...body,
    '</body></html>',
    '',
  ].join('\n');
}

function summaryTable(file: string, scenarios: readonly ScenarioResult[]): string {
  const rows = scenarios.map((scenario, i) => {
    const { name, status, start, end, cycles, from, failure } = scenario;
    const steps = scenario.steps.filter((step) => step.status === 'passed').length;
    const why = failure === undefined ? '' : `<code>${xml(placeText(file, failure.at))}</code> ${xml(failure.message)}`; // prettier-ignore
    const cells = [
      badge(status),
      `<a href="#s${i}">${xml(name)}</a>${from === undefined ? '' : `<br><span class="dim">from ${xml(from)}</span>`}`,
      `${steps}/${scenario.steps.length}`,
      status === 'skipped' ? '' : timeText(end - start),
      status === 'skipped' ? '' : grouped(cycles),
      why,
    ];
    return `<tr>${cells.map((cell, n) => `<td${n === 3 || n === 4 ? ' class="span"' : ''}>${cell}</td>`).join('')}</tr>`; // prettier-ignore
  });
  const heads = ['', 'Scenario', 'Steps', 'Guest time', 'Cycles', 'Why'];
  return table(heads, rows, 'summary');
}

function section(file: string, scenario: ScenarioResult, index: number, palette: Palette): string {
  const { name, status, failure, from } = scenario;
  const base = from === undefined ? '' : ` <span class="dim">from ${xml(from)}</span>`;
  const parts = [
    `<section id="s${index}"><h2>${badge(status)} ${xml(name)}${base}</h2>`,
    failure === undefined ? '' : failureBox(file, scenario),
  ];
  if (status !== 'skipped')
    parts.push(
      steps(scenario),
      limits(scenario),
      timeline(scenario, palette),
      pins(scenario),
      ...scenario.uarts.map(uart),
      notes(scenario),
      trace(scenario),
    );
  return [...parts.filter((part) => part !== ''), '</section>'].join('\n');
}

function failureBox(file: string, { failure }: ScenarioResult): string {
  const { at, message, detail } = failure!;
  const lines = detail.length === 0 ? '' : `<pre>${detail.map(xml).join('\n')}</pre>`;
  return `<div class="failure"><p><code>${xml(placeText(file, at))}</code> ${xml(message)}</p>${lines}</div>`; // prettier-ignore
}

function steps({ steps: all }: ScenarioResult): string {
  const rows = all.map(({ at, text, status, start, end, found }) => {
    const when = status === 'skipped' ? '' : timeText(start);
    const took = status === 'skipped' || end === start ? '' : `+${timeText(end - start)}`;
    return `<tr class="${status}"><td>${badge(status)}</td><td class="dim">${at.line}</td><td>${xml(text)}</td><td class="span">${when}</td><td class="span">${took}</td><td>${xml(found)}</td></tr>`; // prettier-ignore
  });
  return `<h3>Steps</h3>${table(['', 'Line', 'Step', 'At', 'Took', 'Found'], rows)}`;
}

function limits({ limits: all }: ScenarioResult): string {
  if (all.length === 0) return '';
  const rows = all.map(({ name, limit, measured, isKept }) => `<tr><td>${badge(isKept ? 'passed' : 'failed')}</td><td>${xml(name)}</td><td>${xml(limit)}</td><td>${xml(measured)}</td></tr>`); // prettier-ignore
  return `<h3>Limits</h3>${table(['', 'Limit', 'Expected', 'Measured'], rows)}`;
}

function timeline({ cores, start, end, hasTasks }: ScenarioResult, palette: Palette): string {
  if (end <= start) return '';
  const picture = formatTimeline(cores, start, end, palette);
  const rows = cores.flatMap(({ name, shares }) =>
    shares.slice(0, MOST_SHARES).map(([label, ticks]) => {
      const share = ((ticks / (end - start)) * 100).toFixed(2);
      return `<tr><td>${xml(name)}</td><td><i class="key ${palette.classOf(label)}"></i>${xml(label)}</td><td>${timeText(ticks)}</td><td>${share} %</td></tr>`; // prettier-ignore
    }),
  );
  const title = hasTasks ? 'Tasks on both cores' : 'Both cores';
  const shares = `<details><summary>Time of each ${hasTasks ? 'task' : 'state'}</summary>${table(['Core', hasTasks ? 'Task' : 'State', 'Time', 'Share'], rows)}</details>`; // prettier-ignore
  return `<h3>${title}</h3><div class="picture">${picture}</div>${legend(cores, palette)}${shares}`;
}

function legend(cores: ScenarioResult['cores'], palette: Palette): string {
  const labels = [...new Set(cores.flatMap(({ shares }) => shares.map(([label]) => label)))];
  const keys = labels.slice(0, 24).map((label) => `<span><i class="key ${palette.classOf(label)}"></i>${xml(label)}</span>`); // prettier-ignore
  return `<p class="legend">${keys.join(' ')}</p>`;
}

function pins({ pins: recording }: ScenarioResult): string {
  if (recording.waves.length === 0) return '';
  const lost = recording.dropped > 0 ? `<p class="dim">${recording.dropped} older changes were not kept.</p>` : ''; // prettier-ignore
  return `<h3>Pins</h3><div class="picture">${formatSvg(recording)}</div>${lost}`;
}

function uart({ index, lines }: ScenarioResult['uarts'][number]): string {
  const shown = lines.slice(-MOST_LINES);
  const rows = shown.map(({ tick, text }) => `<span class="time">${timeText(tick).padStart(14)}</span>  ${xml(plain(text))}`); // prettier-ignore
  const more = lines.length - shown.length;
  const first = more > 0 ? `<span class="dim">${more} earlier lines are not shown</span>\n` : '';
  return `<h3>UART${index}</h3><pre class="uart">${first}${rows.join('\n')}</pre>`;
}

function notes({ warnings, resets, unmodelled }: ScenarioResult): string {
  const rows = [
    ...resets.map(({ tick, cause, source }) => [
      'Reset',
      `${cause} by ${source} at ${timeText(tick)}`,
    ]),
    ...warnings.map(({ message, count }) => ['Warning', count > 1 ? `${message} (${count} times)` : message]), // prettier-ignore
    ...unmodelled.map(({ device, register, access, count }) => ['Not modelled', `${device}.${register}, ${access} ${count} times`]), // prettier-ignore
  ].map(([kind, text]) => `<tr><td>${kind}</td><td>${xml(text!)}</td></tr>`);
  if (rows.length === 0) return '';
  return `<details><summary>${rows.length} notes of the emulator</summary>${table(['', ''], rows)}</details>`; // prettier-ignore
}

function trace({ trace: lines }: ScenarioResult): string {
  if (lines.length === 0) return '';
  return `<details><summary>Last ${lines.length} instructions</summary><pre>${lines.map(xml).join('\n')}</pre></details>`; // prettier-ignore
}

function table(heads: readonly string[], rows: readonly string[], kind = ''): string {
  const head = heads.every((text) => text === '') ? '' : `<thead><tr>${heads.map((text) => `<th>${text}</th>`).join('')}</tr></thead>`; // prettier-ignore
  return `<div class="scroll"><table class="${kind}">${head}<tbody>${rows.join('')}</tbody></table></div>`; // prettier-ignore
}

function badge(status: Status): string {
  return `<span class="badge ${status}">${WORDS[status]}</span>`;
}

/** Without the colours of a terminal. */
function plain(text: string): string {
  return text.replace(/\x1b\[[0-9;]*[A-Za-z]/g, '');
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}
