/**
 * The block protection of NOR flash: which bytes the BP bits of status register 1 protect (data
 * sheets of W25Q32JV and GD25Q32C, tables "Status Register Memory Protection").
 */
const TB = 0x20;
const SEC = 0x40;
const CMP = 0x40;
const ALL = 7;
const SECTOR = 0x1000;
/** Most sectors that SEC = 1 protects: 32 KiB. */
const MOST_SECTORS = 8;

/**
 * First and one past the last protected byte of a chip of `size` bytes. `extended`: the chip has
 * SEC and CMP; else bit 5 is BP3, which only widens what the other bits protect.
 */
export function protectedRange(
  size: number,
  status: Uint8Array,
  extended: boolean,
): readonly [from: number, to: number] {
  const register1 = status[0]!;
  const level = (register1 >> 2) & (extended ? 7 : 15);
  let length = 0;
  if (level >= ALL) length = size;
  else if (level > 0 && extended && (register1 & SEC) !== 0)
    length = Math.min(1 << (level - 1), MOST_SECTORS) * SECTOR;
  else if (level > 0) length = Math.min(size, (size / 64) * 2 ** (level - 1));
  const bottom = extended && (register1 & TB) !== 0;
  const complement = extended && (status[1]! & CMP) !== 0;
  if (complement) return bottom ? [length, size] : [0, size - length];
  return bottom ? [0, length] : [size - length, size];
}
