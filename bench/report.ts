/** What every benchmark gives: rows on standard output and a JSON file in bench/out/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly note?: string;
}

export function report(name: string, figures: readonly Figure[]): void {
  const width = Math.max(...figures.map((figure) => figure.name.length));
  console.log(`\n${name}`);
  for (const { name: label, value, unit, note } of figures) {
    const number = value >= 1000 ? Math.round(value).toString() : value.toPrecision(3);
    console.log(
      `  ${label.padEnd(width)}  ${number.padStart(8)} ${unit}${note ? `  (${note})` : ''}`,
    );
  }
  const folder = new URL('./out/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const host = { cpu: cpus()[0]?.model ?? '', cores: cpus().length, node: process.version };
  writeFileSync(new URL(`${name}.json`, folder), JSON.stringify({ name, host, figures }, null, 2));
}

/** User and system time of this process so far, in seconds. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

export function wallSeconds(): number {
  return performance.now() / 1000;
}
