/**
 * Measures everything once with one constant changed, in a process of its own, since the emulator
 * takes the tables as they are when it is loaded: `tsx docs/sensitivity-run.ts [--boot] [NAME VALUE]`
 * prints the results as JSON by name. CoreMark is left out, to keep 57 runs short.
 */
import { LATENCY, PENALTY } from '../emulator/cpu/isa/timing.ts';
import { UNALIGNED, WAIT_CLASS } from '../emulator/memory/map.ts';
import { LINE_OVERHEAD } from '../peripherals/spi/line-fill.ts';
import { ARBITER } from './sensitivity-constants.ts';

interface Changeable {
  value?: number;
  apbCycles?: number;
}

/** The entry of `table.name` in the table that the emulator uses. */
function entry(name: string): Changeable {
  const [table, key = ''] = name.split('.');
  const tables: Readonly<Record<string, Readonly<Record<string, object>>>> = {
    LATENCY,
    PENALTY,
    WAIT_CLASS,
    BUS: { unaligned: UNALIGNED, lineOverhead: LINE_OVERHEAD },
  };
  const found = tables[table!]?.[key];
  if (found === undefined) throw new Error(`sensitivity: no constant ${name}`);
  return found as Changeable;
}

const words = process.argv.slice(2);
const boots = words[0] === '--boot';
if (boots) words.shift();
const [name, value] = words;
const sramArbiter = name === ARBITER ? 'on' : 'off';
if (name !== undefined && name !== ARBITER) {
  const constant = entry(name);
  constant[constant.apbCycles === undefined ? 'value' : 'apbCycles'] = Number(value);
}

// Behind the change: what these import copies the constants.
const { ROWS } = await import('../test-roms/timing/rows.ts');
const { COREMARK } = await import('../test-roms/timing/coremark.ts');
const { PROBES } = await import('../test-roms/timing/probes.ts');
const results: Record<string, number> = {};
const round = (cycles: number): number => Number(cycles.toFixed(2));
const rows = ROWS.filter((row) => !COREMARK.includes(row));
for (const row of [...rows, ...PROBES]) results[row.name] = round(row.measure({ sramArbiter }));
if (boots) {
  const { bootTimes } = await import('../test-roms/timing/firmware.ts');
  Object.assign(results, bootTimes({ sramArbiter }));
}
console.log(JSON.stringify(results));
