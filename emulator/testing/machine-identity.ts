/** What decides how a machine behaves, part by part, so that a difference can be named. */
import { createHash } from 'node:crypto';
import type { RunInput } from '../loader/inputs.ts';
import type { Rom } from '../loader/rom.ts';

export interface MachineIdentity {
  /** SHA-256 of the flash content, or of the ELF's segments. */
  readonly image: string;
  readonly rom: string;
  /** Sizes, straps, seed and switches as text. */
  readonly options: string;
}

const PART_NAMES: Readonly<Record<keyof MachineIdentity, string>> = {
  image: 'the image',
  rom: 'the mask ROM',
  options: 'the configuration',
};

export function machineIdentity(
  input: RunInput,
  rom: Rom | undefined,
  flash: Uint8Array | undefined,
  options: Readonly<Record<string, string | number>>,
): MachineIdentity {
  const image = createHash('sha256').update(flash ?? new Uint8Array(0));
  if (input.kind === 'elf') {
    image.update(`entry ${input.elf.entry}`);
    for (const { vaddr, memSize, bytes } of input.elf.segments)
      image.update(`segment ${vaddr} ${memSize} ${bytes.length}`).update(bytes);
  }
  const romHash = createHash('sha256').update(rom?.bytes ?? new Uint8Array(0));
  return {
    image: image.digest('hex'),
    rom: rom === undefined ? 'none' : romHash.digest('hex'),
    options: JSON.stringify(options),
  };
}

/** What differs, in words; undefined when nothing does. */
export function differenceOf(wanted: MachineIdentity, given: MachineIdentity): string | undefined {
  for (const key of ['image', 'rom', 'options'] as const) {
    if (wanted[key] === given[key]) continue;
    const short = (text: string): string => (key === 'options' ? text : text.slice(0, 12));
    return `${PART_NAMES[key]} is another one: ${short(given[key])} instead of ${short(wanted[key])}`;
  }
  return undefined;
}
