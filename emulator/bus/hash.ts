/**
 * A deterministic hash of a state tree: keys in sorted order, every value with its type, typed
 * arrays as little-endian bytes. Equal trees have equal hashes on every machine.
 */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { State, StateValue } from './state.ts';

/** SHA-256 of the state in hexadecimal. */
export function hashState(state: State): string {
  const hash = createHash('sha256');
  feed(hash, state);
  return hash.digest('hex');
}

function feed(hash: Hash, value: StateValue): void {
  if (value === null) hash.update('z;');
  else if (typeof value === 'number') hash.update(`n${Object.is(value, -0) ? '-0' : value};`);
  else if (typeof value === 'string') hash.update(`s${value.length}:${value};`);
  else if (typeof value === 'boolean') hash.update(value ? 't;' : 'f;');
  else if (ArrayBuffer.isView(value)) {
    hash.update(`${value.constructor.name}${value.length}:`);
    hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (Array.isArray(value)) {
    hash.update(`a${value.length}:`);
    for (const item of value) feed(hash, item);
  } else {
    const keys = Object.keys(value).sort();
    hash.update(`o${keys.length}:`);
    for (const key of keys) {
      hash.update(`${key.length}:${key}=`);
      feed(hash, value[key]!);
    }
  }
}
