/** `docs/sensitivity.md`: which results hang on constants that nobody has measured well. */
import { readFileSync } from 'node:fs';
import { PROBES } from '../test-roms/timing/probes.ts';
import { ROWS } from '../test-roms/timing/rows.ts';
import { ARBITER, UNCERTAIN } from './sensitivity-constants.ts';
import { FILE } from './sensitivity.ts';
import type { Sensitivity, Variant } from './sensitivity.ts';

const INTRODUCTION = `# Sensitivity: what the unmeasured constants decide

Measured by \`npm run docs:sensitivity\` (minutes), written by \`npm run docs\`; a test measures a sample
anew. Each [constant](timing.md) whose confidence is not H is changed, one at a time, and every program
runs again: the rows of [the accuracy page](accuracy.md), boots of real firmware, and programs whose
cycles on silicon nobody has published (recorded here, asserted nowhere).

A constant that moves no row of the accuracy page cannot be settled by what is published; the programs
that it moves are the ones to run on a board.
`;

const READ = JSON.parse(readFileSync(FILE, 'utf8')) as Sensitivity;
const SILICON = new Map(ROWS.map((row) => [row.name, row.silicon]));
const PROBED = new Set(PROBES.map((probe) => probe.name));

export function sensitivityPage(): string {
  const { base, variants } = READ;
  const named = [...UNCERTAIN.map(({ name }) => name), ARBITER];
  const groups = named.map((name) => variants.filter((variant) => variant.name === name));
  return [
    INTRODUCTION,
    summary(groups),
    '',
    '## By constant',
    '',
    '| Constant | Value | Confidence | Tried | Measured rows that move | Boots | Unpublished programs that move |',
    '| --- | ---: | --- | --- | --- | --- | --- |',
    ...groups.filter((group) => group.length > 0).map((group) => row(group, base)),
    '',
    '## Recorded, not published by anybody',
    '',
    '| Program | Ours |',
    '| --- | ---: |',
    ...PROBES.map(({ name, unit }) => `| ${name} | ${base[name]} ${unit} |`),
    ...boots(base).map((name) => `| ${name} | ${base[name]} |`),
    '',
  ].join('\n');
}

function boots(results: Readonly<Record<string, number>>): string[] {
  return Object.keys(results).filter((name) => !SILICON.has(name) && !PROBED.has(name));
}

function summary(groups: readonly (readonly Variant[])[]): string {
  const silent = groups
    .filter((group) => group.length > 0 && !group.some((v) => measured(v).length > 0))
    .map((group) => `\`${group[0]!.name}\``);
  return `- Constants that no published result depends on: ${silent.join(', ')}.`;
}

function measured(variant: Variant): string[] {
  return Object.keys(variant.moved).filter((name) => SILICON.has(name));
}

function row(group: readonly Variant[], base: Readonly<Record<string, number>>): string {
  const [first] = group as [Variant];
  const constant = UNCERTAIN.find(({ name }) => name === first.name);
  const cell = (wanted: (name: string) => boolean): string => {
    const names = new Set(group.flatMap(({ moved }) => Object.keys(moved).filter(wanted)));
    const lines = [...names].map((name) => {
      const changes = group
        .filter(({ moved }) => name in moved)
        .map(({ moved }) => percent(moved[name]!, base[name]!));
      return `${name}: ${changes.join(', ')}`;
    });
    return lines.length > 0 ? lines.join('<br>') : 'none';
  };
  const rule = first.name === ARBITER;
  return `| ${[
    `\`${first.name}\``,
    rule ? 'off' : `${first.value} ${constant?.unit ?? ''}`,
    constant?.confidence ?? 'none',
    rule ? 'on' : group.map(({ tried }) => tried).join(', '),
    cell((name) => SILICON.has(name)),
    cell((name) => !SILICON.has(name) && !PROBED.has(name)),
    cell((name) => PROBED.has(name)),
  ].join(' | ')} |`;
}

function percent(value: number, base: number): string {
  const change = ((value - base) / base) * 100;
  const digits = Math.abs(change) < 0.1 ? 3 : 1;
  return `${change > 0 ? '+' : ''}${change.toFixed(digits)} %`;
}
