/**
 * Readable names for symbols mangled by Rust's legacy scheme: C++'s nested names with characters that
 * C++ lacks written as `$LT$`, and a hash as the last part, which is left out:
 * `_ZN4core3fmt5write17h0123456789abcdefE` is `core::fmt::write`.
 */
const ESCAPES: Readonly<Record<string, string>> = {
  SP: '@', BP: '*', RF: '&', LT: '<', GT: '>', LP: '(', RP: ')', C: ',',
}; // prettier-ignore

/** The readable name, or undefined when the symbol is no such name. */
export function rustLegacyName(symbol: string): string | undefined {
  if (!symbol.startsWith('_ZN')) return undefined;
  const parts: string[] = [];
  let at = 3;
  while (symbol[at] !== 'E') {
    const length = /^[1-9]\d{0,3}/.exec(symbol.slice(at, at + 4))?.[0];
    if (length === undefined) return undefined;
    at += length.length;
    const part = symbol.slice(at, at + Number(length));
    if (part.length !== Number(length)) return undefined;
    parts.push(part);
    at += part.length;
  }
  const hash = parts.pop();
  if (hash === undefined || parts.length === 0 || !/^h[0-9a-f]{16}$/.test(hash)) return undefined;
  const suffix = symbol.slice(at + 1).replace(/\.llvm\.[0-9A-F]+$/, '');
  if (suffix !== '' && !/^\.[\w.$@]+$/.test(suffix)) return undefined;
  const name = parts.map(unescaped).join('::');
  return suffix === '' ? name : `${name} (${suffix})`;
}

function unescaped(part: string): string {
  // An identifier cannot begin with `$`: an underscore stands before it.
  return part
    .replace(/^_\$/, '$')
    .replace(/\$([A-Z]{1,2}|u[0-9a-f]{1,6})\$|\.\./g, (whole, code: string | undefined) => {
      if (code === undefined) return '::';
      if (!code.startsWith('u')) return ESCAPES[code] ?? whole;
      const point = parseInt(code.slice(1), 16);
      const isText = point >= 0x20 && point !== 0x7f && (point < 0x80 || point > 0x9f);
      const isCharacter = point <= 0x10_ffff && (point < 0xd800 || point > 0xdfff);
      return isText && isCharacter ? String.fromCodePoint(point) : whole;
    });
}
