/**
 * Writes dispatch.ts from the instruction table: one switch over literal case numbers (V8 makes a
 * jump table only of literals), one call each. Run by `npm run generate`; a test fails when stale.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { INSTRUCTIONS } from './isa/table.ts';

/** Exec function of a mnemonic: dots become underscores, words of the language get one behind. */
export function execName(mnemonic: string): string {
  const name = mnemonic.replaceAll('.', '_');
  return name === 'break' ? 'break_' : name;
}

export function dispatchSource(): string {
  const byOption = new Map<string, string[]>();
  for (const row of INSTRUCTIONS) {
    const names = byOption.get(row.option) ?? [];
    names.push(execName(row.mnemonic));
    byOption.set(row.option, names);
  }
  const imports = [...byOption].map(
    ([option, names]) => `import { ${names.sort().join(', ')} } from './exec/${option}.ts';`,
  );
  const cases = INSTRUCTIONS.map(
    (row, i) => `    case ${i + 1}: return ${execName(row.mnemonic)}(cpu, r, s, t, imm);`,
  );
  return `/** Generated from isa/ by \`npm run generate\`: do not edit. Opcode = row index + 1. */
${imports.join('\n')}
import type { Cpu } from './state.ts';

export function dispatch(cpu: Cpu, opcode: number, r: number, s: number, t: number, imm: number): void {
  switch (opcode) {
${cases.join('\n')}
    default: throw new Error(\`dispatch: no opcode \${opcode}\`);
  }
}
`;
}

const target = fileURLToPath(new URL('./dispatch.ts', import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, dispatchSource());
