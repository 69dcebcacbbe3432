/**
 * The Serial Flash Discoverable Parameters of a chip (JEDEC JESD216): header, the nine words of the
 * basic flash parameter table of revision 1.0, and an empty table of the maker, whose header
 * carries the JEDEC manufacturer id (ESP-IDF's bootloader looks for it at 10h on XMC chips).
 */
import type { FlashChip } from './nor-flash-chips.ts';
import { flashSizeBytes } from './nor-flash-chips.ts';

const TABLE_OFFSET = 0x30;
const TABLE_WORDS = 9;
const MAKER_OFFSET = 0x60;
const MAKER_WORDS = 3;

/** 4 KiB erase by 20h; 3-byte addresses; 1-1-2, 1-2-2, 1-4-4 and 1-1-4 reads. */
const FEATURES = 0xfff120e5;
/** 1-4-4: EBh, 2 mode and 4 dummy clocks; 1-1-4: 6Bh, 8 dummy clocks. */
const QUAD_READS = 0x6b08eb44;
/** 1-1-2: 3Bh, 8 dummy clocks; 1-2-2: BBh, 2 mode and 2 dummy clocks. */
const DUAL_READS = 0xbb423b08;
/** No 2-2-2 and no 4-4-4 reads. */
const FULL_WIDTH_READS = [0xffffffee, 0xff00ffff, 0xff00ffff];
/** 4 KiB by 20h, 32 KiB by 52h, 64 KiB by D8h. */
const ERASE_TYPES = [0x520f200c, 0xff00d810];

export function sfdpTable(chip: FlashChip): Uint8Array {
  const bytes = new Uint8Array(MAKER_OFFSET + MAKER_WORDS * 4);
  const view = new DataView(bytes.buffer);
  bytes.fill(0xff);
  const density = flashSizeBytes(chip) * 8 - 1;
  const headers = [
    0x50444653, // 'SFDP'
    0xff010100, // revision 1.0, two parameter headers
    TABLE_WORDS * 0x1000000 + 0x010000, // JEDEC table 00, revision 1.0
    0xff000000 + TABLE_OFFSET,
    MAKER_WORDS * 0x1000000 + 0x010000 + chip.jedec[0],
    0xff000000 + MAKER_OFFSET,
  ];
  headers.forEach((word, i) => view.setUint32(i * 4, word, true));
  const table = [FEATURES, density, QUAD_READS, DUAL_READS, ...FULL_WIDTH_READS, ...ERASE_TYPES];
  table.forEach((word, i) => view.setUint32(TABLE_OFFSET + i * 4, word, true));
  return bytes;
}
