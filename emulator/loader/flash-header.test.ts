import { describe, expect, it } from 'vitest';
import { composeFlash } from './flash.ts';
import { withFlashSize } from './flash-header.ts';
import { imageProblems, parseImage } from './image.ts';
import { buildImage, buildTable, errorOf } from './synthetic.fixtures.ts';

const MB = 0x10_0000;
/** 2 MB in the header. */
const boot = buildImage({ speedSize: 0x1f });

describe('withFlashSize', () => {
  it('changes the size, not the speed, and keeps the hash right', () => {
    for (const size of [1, 2, 4, 8, 16]) {
      const image = parseImage(withFlashSize(boot, size * MB, 'b'), 'b');
      expect(image.flashSizeBytes).toBe(size * MB);
      expect(image.spiSpeedHz).toBe(80_000_000);
      expect(imageProblems(image)).toEqual([]);
    }
    expect(parseImage(boot, 'b').flashSizeBytes).toBe(2 * MB);
  });

  it('takes images without a hash', () => {
    const image = parseImage(withFlashSize(buildImage({ hash: false }), 8 * MB, 'b'), 'b');
    expect(image.flashSizeBytes).toBe(8 * MB);
    expect(image.hash).toBe(undefined);
  });

  it('refuses sizes that the header has no code for', () => {
    expect(errorOf(() => withFlashSize(boot, MB / 2, 'b'))).toContain('flash size of 524288');
  });
});

describe('composeFlash', () => {
  const big = buildTable([['app', 0, 0, 0x1_0000, 3 * MB]]);
  const pieces = [
    { offset: 0x1000, bytes: boot, file: 'b.bin' },
    { offset: 0x8000, bytes: big, file: 't.bin' },
  ];

  it('warns of a partition that the bootloader takes for outside flash', () => {
    expect(composeFlash(pieces).warnings).toEqual([
      "b.bin at offset 0x3: made for 2MB of flash, but partition 'app' ends at 0x310000; --flash-header 4MB sets it as flashing tools do",
    ]);
  });

  it('writes the header that is asked for', () => {
    const flash = composeFlash(pieces, { headerBytes: 4 * MB });
    expect(flash.warnings).toEqual([]);
    expect(flash.bytes[0x1003]).toBe(0x2f);
    expect(boot[3]).toBe(0x1f);
  });
});
