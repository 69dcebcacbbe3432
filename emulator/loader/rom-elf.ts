/**
 * The bytes of a mask ROM from its ELF file. The loadable segments, placed by load address
 * (p_paddr), leave out the initialisers of the ROM's static data (0x4000d670..0x4000f500): these
 * sections are not marked ALLOC and carry their RAM address. The ROM itself knows where their
 * initialisers are: `_rom_store_table` and `_data_start_btdm_rom` hold word triples (RAM start,
 * RAM end, ROM source). A data section without a triple (APP_CPU's statics) is not in the ROM.
 */
import type { Elf, ElfSection } from './elf.ts';

const SHT_PROGBITS = 1;

export function romBytesFromElf(elf: Elf, base: number, size: number): Uint8Array {
  const rom = new Uint8Array(size);
  for (const { paddr, bytes } of elf.segments) {
    const at = paddr - base;
    if (at >= 0 && at + bytes.length <= size) rom.set(bytes, at);
  }
  const sources = initialiserSources(rom, elf.sections.filter(isDataSection), base);
  for (const [section, source] of sources) {
    const at = source - base;
    if (at >= 0 && at + section.bytes.length <= size) rom.set(section.bytes, at);
  }
  return rom;
}

function isDataSection(section: ElfSection): boolean {
  const kept = section.type === SHT_PROGBITS && !section.allocated && section.address !== 0;
  return kept && section.size > 0 && section.bytes.length === section.size;
}

function initialiserSources(
  rom: Uint8Array,
  sections: readonly ElfSection[],
  base: number,
): Map<ElfSection, number> {
  const byAddress = new Map(sections.map((section) => [section.address, section]));
  const sources = new Map<ElfSection, number>();
  const words = new DataView(rom.buffer);
  for (let at = 0; at + 12 <= rom.length; at += 4) {
    const section = byAddress.get(words.getUint32(at, true));
    if (section === undefined || sources.has(section)) continue;
    const end = words.getUint32(at + 4, true);
    const source = words.getUint32(at + 8, true);
    const isEnd = end > section.address && end <= section.address + section.size;
    if (isEnd && source > base && source < base + rom.length) sources.set(section, source);
  }
  return sources;
}
