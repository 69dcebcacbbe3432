/** Punycode (RFC 3492), as mangled names hold identifiers beyond ASCII. */
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;

/** The text, or undefined when the code is malformed. `delimiter` stands behind the ASCII part. */
export function decodePunycode(code: string, delimiter: string): string | undefined {
  const split = code.lastIndexOf(delimiter);
  const points = split < 0 ? [] : [...code.slice(0, split)].map((c) => c.charCodeAt(0));
  let at = split + 1;
  if (at >= code.length) return undefined;
  let point = 128;
  let bias = 72;
  let index = 0;
  while (at < code.length) {
    const before = index;
    for (let weight = 1, k = BASE; ; k += BASE) {
      const digit = digitOf(code[at++]);
      if (digit === undefined) return undefined;
      index += digit * weight;
      if (index > 0x7fff_ffff) return undefined;
      const threshold = Math.min(T_MAX, Math.max(T_MIN, k - bias));
      if (digit < threshold) break;
      weight *= BASE - threshold;
    }
    const count = points.length + 1;
    bias = adapted(index - before, count, before === 0);
    point += Math.floor(index / count);
    index %= count;
    if (point > 0x10_ffff || (point >= 0xd800 && point < 0xe000)) return undefined;
    points.splice(index++, 0, point);
  }
  return String.fromCodePoint(...points);
}

function digitOf(character: string | undefined): number | undefined {
  if (character === undefined || !/[a-z0-9]/.test(character)) return undefined;
  return character >= 'a' ? character.charCodeAt(0) - 97 : Number(character) + 26;
}

function adapted(delta: number, count: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? DAMP : 2));
  rest += Math.floor(rest / count);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}
