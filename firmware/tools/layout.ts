/**
 * The C headers of firmware/arch as Rust constants, so that addresses and frame offsets stand in one
 * place: every `#define NAME number` becomes `pub const NAME: usize`.
 */
const DEFINE = /^#define (\w+) (0x[0-9a-f]+|\d+)$/gim;

export function rustConstants(headers: readonly string[]): string {
  const lines = headers.flatMap((text) =>
    [...text.matchAll(DEFINE)].map(([, name, value]) => `pub const ${name!}: usize = ${value!};`),
  );
  return ['// Made from firmware/arch/*.h by firmware/build.ts.', ...lines, ''].join('\n');
}
