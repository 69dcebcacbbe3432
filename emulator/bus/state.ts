/**
 * What a stateful object saves: plain values and typed arrays only, so that a snapshot can be
 * hashed, compared, written to a file and restored (DESIGN.md part 8).
 */
export type StateValue =
  | number
  | string
  | boolean
  | null
  | Int32Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | Float64Array
  | StateValue[]
  | { [key: string]: StateValue };

export type State = { [key: string]: StateValue };

export interface Stateful {
  /** A deep copy of everything that can change after construction. */
  save(): State;
  /** Takes over a state made by `save` of an object built with the same configuration. */
  restore(state: State): void;
}
