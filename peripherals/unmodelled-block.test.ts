import { describe, expect, it } from 'vitest';
import { RecordingLog } from './register-test.ts';
import { UnmodelledBlock, unmodelledBlock } from './unmodelled-block.ts';
import { UNMODELLED_BLOCKS } from './unmodelled.regs.ts';

describe('UnmodelledBlock', () => {
  const make = (log = new RecordingLog()) => ({
    log,
    block: new UnmodelledBlock({
      name: 'LEDC',
      sizeBytes: 0x200,
      log,
      names: new Map([[0x190, 'CONF']]),
      resets: new Map([[0x1fc, 0x16031700]]),
      fixed: new Map([[0x10, { mask: 0xf0, value: 0x50 }]]),
    }),
  });

  it('keeps values by byte lanes and reads them back', () => {
    const { block } = make();
    block.write(0x190, 0x11223344, 4);
    block.write(0x192, 0xabcd, 2);
    block.write(0x190, 0xff, 1);
    expect(block.read(0x190, 4) >>> 0).toBe(0xabcd33ff);
    expect(block.read(0x191, 1)).toBe(0x33);
    expect(block.read(0x192, 2)).toBe(0xabcd);
  });

  it('shows reset values and fixed bits', () => {
    const { block } = make();
    expect(block.read(0x1fc, 4)).toBe(0x16031700);
    block.write(0x10, 0xff, 4);
    expect(block.read(0x10, 4)).toBe(0x5f);
    block.write(0x1fc, 0, 4);
    block.reset('core');
    expect(block.read(0x1fc, 4)).toBe(0x16031700);
  });

  it('logs each access with its register', () => {
    const { block, log } = make();
    block.write(0x190, -1, 4);
    block.read(0x104, 4);
    expect(log.entries).toEqual([
      { device: 'LEDC', register: 'CONF', access: 'write', value: 0xffffffff },
      { device: 'LEDC', register: '+0x104', access: 'read', value: 0 },
    ]);
  });

  it('survives accesses outside its size', () => {
    const { block } = make();
    block.write(0x400, 1, 4);
    expect(block.read(0x400, 4)).toBe(0);
  });

  it('restores its words', () => {
    const { block } = make();
    block.write(0x20, 77, 4);
    const other = make().block;
    other.restore(structuredClone(block.save()));
    expect(other.read(0x20, 4)).toBe(77);
  });
});

describe('the table of unmodelled blocks', () => {
  it('names registers inside their block, with no two blocks in one place', () => {
    const rows = [...UNMODELLED_BLOCKS].sort((a, b) => a.base - b.base);
    rows.forEach((row, i) => {
      const next = rows[i + 1];
      if (next !== undefined) expect(row.base + row.sizeBytes).toBeLessThanOrEqual(next.base);
      for (const entry of row.registers.split(',').filter((text) => text.trim() !== ''))
        expect(parseInt(entry.trim(), 16), `${row.name} ${entry}`).toBeLessThan(row.sizeBytes);
    });
  });

  it('lets the polls of drivers end', () => {
    const make = (name: string) =>
      unmodelledBlock(
        UNMODELLED_BLOCKS.find((row) => row.name === name)!,
        new RecordingLog(),
      );
    const sdmmc = make('SDMMC');
    sdmmc.write(0, 7, 4);
    expect(sdmmc.read(0, 4)).toBe(0);
    expect(sdmmc.read(0x48, 4)).toBe(0x716);
    expect(make('I2S0').read(0xbc, 4)).toBe(1);
  });
});
