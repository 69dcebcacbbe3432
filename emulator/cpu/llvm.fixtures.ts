/** LLVM as an oracle: whole batches go through one process each. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeElf } from '../loader/elf-writer.ts';

const OBJDUMP = 'llvm-objdump-22';
const MC = 'llvm-mc-22';
const OUTPUT_LIMIT = 1 << 30;

/** Whether both programs can be run. In CI they must be there. */
export function hasLlvm(): boolean {
  const found = [OBJDUMP, MC].every((tool) => spawnSync(tool, ['--version']).status === 0);
  if (!found && process.env['CI'] === 'true') {
    throw new Error(`${OBJDUMP} and ${MC} are missing; CI needs the package llvm-22`);
  }
  return found;
}

export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep32-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Lines of `llvm-objdump -d` for code at `address`, blocks of zero bytes included. */
export function objdump(code: Uint8Array, address: number): string[] {
  return inFolder((folder) => {
    const file = join(folder, 'code.elf');
    const flags = { alloc: true, write: false, execute: true, nobits: false };
    const section = { name: '.text', address, bytes: code, alignment: 4, flags };
    writeFileSync(file, writeElf({ entry: address, sections: [section], symbols: [] }));
    return objdumpFile(file, ['--disassemble-zeroes']);
  });
}

export function objdumpFile(file: string, options: readonly string[] = []): string[] {
  const output = execFileSync(OBJDUMP, ['-d', '--mcpu=esp32', ...options, file], {
    encoding: 'latin1',
    maxBuffer: OUTPUT_LIMIT,
  });
  return output.split('\n');
}

/** The text column of a listing by address. */
export function textByAddress(lines: readonly string[]): Map<number, string> {
  const texts = new Map<number, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const tab = line.indexOf('\t');
    const address = line.slice(0, Math.max(colon, 0)).trim();
    if (tab < colon || !/^[0-9a-f]+$/.test(address)) continue;
    texts.set(parseInt(address, 16), line.slice(tab + 1));
  }
  return texts;
}

/** Bytes of `.text` after `llvm-mc` has assembled the source; throws its message if it refuses. */
export function llvmAssemble(source: string): Uint8Array {
  return runMc(source, (errors, object) => {
    if (object === undefined) throw new Error(errors);
    return objectText(object);
  });
}

/** Lines of the source that llvm-mc refuses. */
export function llvmErrorLines(source: string): number[] {
  return runMc(source, (errors) =>
    [...errors.matchAll(/^[^\n]*in\.s:(\d+):\d+: error:/gm)].map((match) => Number(match[1])),
  );
}

function runMc<T>(source: string, use: (errors: string, object: Uint8Array | undefined) => T): T {
  return inFolder((folder) => {
    const [input, output] = [join(folder, 'in.s'), join(folder, 'out.o')];
    writeFileSync(input, source);
    const options = ['-triple=xtensa', '-mcpu=esp32', '-filetype=obj', input, '-o', output];
    const { status, stderr } = spawnSync(MC, options, {
      encoding: 'utf8',
      maxBuffer: OUTPUT_LIMIT,
    });
    return use(stderr, status === 0 ? readFileSync(output) : undefined);
  });
}

/** `.text` of a relocatable object, which the loader refuses. */
function objectText(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const table = view.getUint32(32, true);
  const names = view.getUint32(table + 40 * view.getUint16(50, true) + 16, true);
  const sections = Array.from({ length: view.getUint16(48, true) }, (_, index) => {
    const at = table + 40 * index;
    const start = names + view.getUint32(at, true);
    const name = Buffer.from(bytes.subarray(start, bytes.indexOf(0, start))).toString('latin1');
    const offset = view.getUint32(at + 16, true);
    return { name, bytes: bytes.subarray(offset, offset + view.getUint32(at + 20, true)) };
  });
  const text = sections.find((section) => section.name === '.text');
  if (text === undefined) throw new Error('llvm-mc wrote no .text');
  return text.bytes;
}
