/** Names of symbols as the source has them: Rust's two manglings are undone, all others stay. */
import { rustLegacyName } from './rust-legacy.ts';
import { rustV0Name } from './rust-v0.ts';

/** Always a name: what cannot be read is given as it is. Bounded in time and length. */
export function readableName(symbol: string): string {
  if (symbol.startsWith('_R')) return rustV0Name(symbol) ?? symbol;
  if (symbol.startsWith('_Z')) return rustLegacyName(symbol) ?? symbol;
  return symbol;
}
