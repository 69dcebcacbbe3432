import fc from 'fast-check';

/** Damaged copies of a well-formed input: truncated, with bytes or whole words overwritten. */
export function damaged(original: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat({ max: Math.max(0, original.length - 1) });
  const word = fc.oneof(
    fc.constantFrom(0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff),
    fc.nat({ max: original.length * 2 }),
    fc.integer({ min: 0, max: 0xffff_ffff }),
  );
  const edit = fc.record({ at, word, size: fc.constantFrom(1, 2, 4) });
  const edits = fc.array(edit, { maxLength: 6 });
  const length = fc.oneof(fc.constant(original.length), fc.nat({ max: original.length }));
  return fc.record({ edits, length }).map((damage) => apply(original, damage));
}

/** As `damaged`, but the edits fall into the first `size` bytes, where the headers are. */
export function damagedHeader(original: Uint8Array, size: number): fc.Arbitrary<Uint8Array> {
  const head = damaged(original.subarray(0, Math.min(size, original.length)));
  return head.map((bytes) => {
    const copy = original.slice();
    copy.set(bytes);
    return copy;
  });
}

interface Damage {
  readonly edits: readonly { at: number; word: number; size: number }[];
  readonly length: number;
}

function apply(original: Uint8Array, { edits, length }: Damage): Uint8Array {
  const copy = original.slice();
  for (const { at, word, size } of edits) {
    for (let byte = 0; byte < size && at + byte < copy.length; byte++) {
      copy[at + byte] = (word >>> (8 * byte)) & 255;
    }
  }
  return copy.subarray(0, length);
}
