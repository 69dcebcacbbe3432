import { expect, it } from 'vitest';
import { Bus } from '../bus/bus.ts';
import { Memory } from '../memory/memory.ts';
import { CodeCache } from './code-cache.ts';

const MOVI = 0x220c; // movi.n a2, 2
const NOP = 0xf03d; // nop.n

it('keeps code in the reversed alias of SRAM1, and forgets it when its data address is written', () => {
  const bus = new Bus(new Memory({ flashSize: 0, psramSize: 0 }), {
    unmodelled: () => {},
    warn: () => {},
  });
  const [port] = bus.ports;
  const cache = new CodeCache(
    port,
    (backing, length) => bus.watchCode(backing, length),
    () => false,
  );
  bus.onCodeWrite((backing, size) => cache.invalidate(backing, size));
  // 0x400A7FFC is the last word of a page, 0x400A8000 the first of the next one; data runs the other way.
  port.write32(0x3fff8000, NOP | (MOVI << 16));
  port.write32(0x3fff7ffc, NOP | (NOP << 16));
  const first = cache.resolve(0x400a7ffe);
  expect(first.kept).toBe(1);
  expect(cache.resolve(0x400a7ffe)).toBe(first);
  const next = cache.resolve(0x400a8000);
  expect(next.kept).toBe(1);
  port.write32(0x3fff7f00, 0);
  expect(cache.resolve(0x400a8000)).toBe(next);
  port.write16(0x3fff7ffc, MOVI);
  const changed = cache.resolve(0x400a8000);
  expect(changed.opcode).toBe(first.opcode);
  expect(changed.opcode).not.toBe(next.opcode);
  expect(cache.resolve(0x400a7ffe).opcode).toBe(first.opcode);
});
