import { describe, expect, it } from 'vitest';
import { hashState } from '../bus/hash.ts';
import { Memory } from './memory.ts';

describe('backing store', () => {
  it('keeps blocks apart, each at a page boundary', () => {
    const memory = new Memory({ flashSize: 0x10000, psramSize: 0x8000 });
    const names = [
      'ROM',
      'ROM_APP',
      'SRAM0',
      'SRAM1',
      'SRAM2',
      'RTC_FAST',
      'RTC_SLOW',
      'FLASH',
      'PSRAM',
    ] as const;
    const ranges = names
      .map((name) => [memory.blockStart(name), memory.blockSize(name)] as const)
      .sort((a, b) => a[0] - b[0]);
    let end = 0;
    for (const [start, size] of ranges) {
      expect(start).toBeGreaterThanOrEqual(end);
      expect(start % 4096).toBe(0);
      end = start + size;
    }
    expect(end).toBeLessThanOrEqual(memory.buffer.byteLength);
  });

  it('names the size of a ROM or flash image that does not fit', () => {
    const memory = new Memory({ flashSize: 0x10000 });
    expect(() => memory.loadRom(new Uint8Array(0x70001))).toThrow(/458753 bytes/);
    expect(() => memory.loadFlash(new Uint8Array(0x10001))).toThrow(/65537/);
  });

  it('erased flash reads 0xFF beyond the image', () => {
    const memory = new Memory({ flashSize: 0x10000 });
    memory.loadFlash(Uint8Array.of(0xe9, 1));
    expect([...memory.block('FLASH').subarray(0, 4)]).toEqual([0xe9, 1, 0xff, 0xff]);
  });
});

describe('snapshots', () => {
  it('hold only the flash pages that were written, and undo later writes', () => {
    const memory = new Memory({ flashSize: 0x10000, psramSize: 0x10000 });
    memory.loadFlash(new Uint8Array(0x10000).fill(0x5a));
    memory.flash.touch(0x2ffe, 4);
    memory.block('FLASH').fill(0, 0x2ffe, 0x3002);
    memory.block('SRAM2')[5] = 9;
    const state = memory.save();
    expect((state['flash'] as { data: Uint8Array }).data.length).toBe(2 * 4096);
    expect((state['psram'] as { data: Uint8Array }).data.length).toBe(0);
    const hash = hashState(state);

    memory.flash.touch(0x8000, 1);
    memory.block('FLASH')[0x8000] = 0;
    memory.flash.touch(0x3001, 1);
    memory.block('FLASH')[0x3001] = 0x77;
    memory.block('SRAM2')[5] = 10;
    expect(hashState(memory.save())).not.toBe(hash);

    memory.restore(state);
    expect(memory.block('FLASH')[0x8000]).toBe(0x5a);
    expect(memory.block('FLASH')[0x3001]).toBe(0);
    expect(memory.block('FLASH')[0x3002]).toBe(0x5a);
    expect(memory.block('SRAM2')[5]).toBe(9);
    expect(hashState(memory.save())).toBe(hash);
  });
});

describe('hash', () => {
  it('depends on values, types and names, not on the order of keys', () => {
    const base = hashState({ a: 1, b: [1, 2], c: null });
    expect(hashState({ c: null, b: [1, 2], a: 1 })).toBe(base);
    for (const other of [
      { a: 1, b: [2, 1], c: null },
      { a: '1', b: [1, 2], c: null },
      { a: 1, b: [1, 2], d: null },
      { a: 1, b: [1, 2], c: false },
      { a: 1, b: Int32Array.of(1, 2), c: null },
    ])
      expect(hashState(other)).not.toBe(base);
    expect(hashState({ x: Int32Array.of(1) })).not.toBe(hashState({ x: Uint32Array.of(1) }));
  });

  it('is SHA-256 of the serialisation', () => {
    // printf 'o1:1:a=n1;' | sha256sum
    expect(hashState({ a: 1 })).toBe(
      '56fe630f9f645a72618106c9fea81b007114ebba7787ecd39342a84c71c3e7a3',
    );
  });
});
