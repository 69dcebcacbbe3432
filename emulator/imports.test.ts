/**
 * Who may import whom: the matrix of CONTRIBUTING.md, read from the sources. Tests and fixtures may
 * import anything; `import type` counts as a use of types only.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { expect, it } from 'vitest';

/** Module -> [modules whose values it may use, modules whose types it may use as well]. */
const MATRIX: Readonly<Record<string, readonly [string, string]>> = {
  'emulator/scheduler': ['', 'bus'],
  'emulator/memory': ['', 'bus'],
  'emulator/bus': ['memory', 'scheduler'],
  'emulator/cpu/isa': ['', ''],
  'emulator/cpu/float': ['', 'cpu'],
  'emulator/cpu/exec': ['cpu cpu/isa cpu/float', ''],
  'emulator/cpu/assembler': ['cpu cpu/isa', ''],
  'emulator/cpu/jit': ['cpu cpu/isa cpu/exec', 'bus'],
  'emulator/cpu': ['bus cpu/isa cpu/exec cpu/assembler cpu/jit', 'scheduler'],
  'emulator/loader': ['memory', 'bus'],
  'emulator/debugger': ['cpu cpu/isa loader bus scheduler', ''],
  'emulator/report.ts': ['', 'bus'],
  'emulator/semihosting.ts': ['', 'cpu'],
  'emulator/board.ts': ['loader', 'bus scheduler'],
  'emulator/inputs.ts': ['bus loader scheduler', 'peripherals/*'],
  'emulator/input-effects.ts': [
    'bus inputs.ts loader',
    'board.ts cpu peripherals peripherals/* scheduler serial-console.ts',
  ],
  'emulator/serial-console.ts': ['scheduler', 'bus inputs.ts peripherals/*'],
  'emulator/core-wires.ts': ['bus cpu', 'peripherals scheduler'],
  'emulator/esp32.ts': [
    'bus core-wires.ts cpu debugger loader memory scheduler report.ts semihosting.ts board.ts inputs.ts input-effects.ts serial-console.ts peripherals peripherals/*',
    '',
  ],
  'emulator/testing': [
    'esp32.ts inputs.ts serial-console.ts semihosting.ts report.ts cpu bus debugger loader scheduler memory peripherals peripherals/*',
    'board.ts',
  ],
  'emulator/vitest': ['testing debugger', 'inputs.ts'],
  'emulator/serial': ['esp32.ts scheduler loader', ''],
  'emulator/index.ts': [
    'serial testing inputs.ts board.ts peripherals/* esp32.ts report.ts semihosting.ts serial-console.ts cpu bus debugger loader scheduler memory',
    '',
  ],
  'emulator/cli': [
    'serial index.ts esp32.ts semihosting.ts cpu debugger loader scheduler testing inputs.ts peripherals/*',
    'bus serial-console.ts',
  ],
  'peripherals/*': ['bus scheduler peripherals', 'memory'],
  peripherals: ['bus scheduler memory peripherals/*', ''],
  'test-roms': [
    'serial testing debugger index.ts esp32.ts semihosting.ts cpu cpu/isa bus memory scheduler loader',
    '',
  ],
  firmware: ['index.ts esp32.ts testing loader test-roms', ''],
  bench: [
    'testing debugger index.ts esp32.ts semihosting.ts cpu bus memory scheduler loader test-roms',
    'peripherals/*',
  ],
  docs: [
    'testing debugger index.ts esp32.ts loader peripherals peripherals/* cpu/isa cpu bus memory test-roms bench',
    '',
  ],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const FILES = ['emulator', 'peripherals', 'test-roms', 'bench', 'firmware', 'docs']
  .filter((top) => existsSync(top))
  .flatMap((top) =>
    readdirSync(top, { recursive: true, encoding: 'utf8' }).map((f) => join(top, f)),
  )
  .map((file) => file.replaceAll(sep, '/'))
  .filter((file) => file.endsWith('.ts'));
const SOURCES = FILES.filter((file) => !/\.(test|fixtures)\.ts$|\/register-test\.ts$/.test(file));
const TEXT = new Map(FILES.map((file) => [file, readFileSync(file, 'utf8')]));
const IMPORTS = SOURCES.flatMap(importsOf);

function importsOf(from: string): Import[] {
  const statements = /^(?:import|export)( type)?\s[^'";]*?from '(\.[^']+)'/gm;
  return [...TEXT.get(from)!.matchAll(statements)].map(([, type, path]) => ({
    from,
    to: normalize(join(dirname(from), path!)).replaceAll(sep, '/'),
    typeOnly: type !== undefined,
  }));
}

function moduleOf(file: string): string {
  if (MATRIX[file] !== undefined) return file;
  let folder = dirname(file);
  if (/^peripherals\/./.test(folder)) return 'peripherals/*';
  while (MATRIX[folder] === undefined && folder !== '.') folder = dirname(folder);
  return folder;
}

/** Names in the matrix are short for folders of `emulator/`. */
function allowed(list: string): string[] {
  return list
    .split(' ')
    .map((name) => (/^(peripherals|test-roms)/.test(name) ? name : `emulator/${name}`));
}

it('every import is allowed by the matrix', () => {
  const wrong = IMPORTS.filter(({ from, to, typeOnly }) => {
    const [user, used] = [moduleOf(from), moduleOf(to)];
    if (user === used) return user === 'peripherals/*' && dirname(from) !== dirname(to);
    const [values, types] = MATRIX[user] ?? ['', ''];
    return !allowed(typeOnly ? `${values} ${types}` : values).includes(used);
  });
  expect(
    wrong.map(({ from, to, typeOnly }) => `${from} -> ${to}${typeOnly ? ' (types)' : ''}`),
  ).toEqual([]);
});

it('no import cycles', () => {
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'open')
      cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (state.has(file)) return;
    state.set(file, 'open');
    for (const { to } of IMPORTS.filter((i) => i.from === file && !i.typeOnly))
      visit(to, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of SOURCES) visit(file, []);
  expect(cycles).toEqual([]);
});

it('no default exports, no host clock or randomness in the model', () => {
  const host =
    /\b(Date|performance|setTimeout|setInterval|setImmediate)\b\s*[.(]|\bnew Date\b|\bMath\.random\b|\bprocess\.hrtime\b/;
  const wrong: string[] = [];
  for (const file of SOURCES) {
    const code = TEXT.get(file)!.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    if (/^export default\b/m.test(code)) wrong.push(`${file}: default export`);
    const model = /^(emulator|peripherals)\//.test(file) && !/^emulator\/(cli|serial)\//.test(file);
    if (model && host.test(code)) wrong.push(`${file}: ${host.exec(code)![0]}`);
  }
  expect(wrong).toEqual([]);
});
