/**
 * What a flash program or erase leaves behind when the supply fails within it. Data sheets only say
 * that the content is undefined; the order chosen here is plausible and the same in every run:
 * programming goes through the page byte by byte and has done the low half of the byte it stops in;
 * an erase first programs all cells to 0 and then sets them to 1, both in address order.
 *
 * Unverified on silicon: real cells may also end between two levels and read differently each time.
 */
import type { State } from '../../emulator/bus/state.ts';
import type { Ticks } from '../../emulator/scheduler/clock.ts';

/** A program or erase in progress. */
export interface ArrayOperation {
  readonly kind: 'program' | 'erase';
  /** First byte of the page or block. */
  readonly from: number;
  readonly before: Uint8Array;
  readonly start: Ticks;
  readonly end: Ticks;
}

/** Puts the content of an interrupted operation into `cells`, which hold the finished one. */
export function interrupt(operation: ArrayOperation, cells: Uint8Array, now: Ticks): void {
  const { kind, from, before, start, end } = operation;
  const done = Math.min(1, Math.max(0, (now - start) / (end - start)));
  if (kind === 'program') interruptProgram(before, cells.subarray(from), done);
  else interruptErase(before, cells.subarray(from), done);
}

function interruptProgram(before: Uint8Array, cells: Uint8Array, done: number): void {
  const changed: number[] = [];
  before.forEach((value, i) => cells[i] !== value && changed.push(i));
  const finished = Math.floor(done * changed.length);
  changed.slice(finished).forEach((i, place) => {
    const half = (before[i]! & 0xf0) | (cells[i]! & 0x0f);
    cells[i] = place === 0 ? half : before[i]!;
  });
}

function interruptErase(before: Uint8Array, cells: Uint8Array, done: number): void {
  const size = before.length;
  const zeroed = Math.floor(Math.min(1, 2 * done) * size);
  const erased = Math.floor(Math.max(0, 2 * done - 1) * size);
  for (let i = erased; i < size; i++) cells[i] = i < zeroed ? 0 : before[i]!;
}

export function saveOperation(operation: ArrayOperation | undefined): State | null {
  return operation === undefined ? null : { ...operation, before: operation.before.slice() };
}

export function restoreOperation(state: State | null): ArrayOperation | undefined {
  if (state === null) return undefined;
  const saved = state as unknown as ArrayOperation;
  return { ...saved, before: saved.before.slice() };
}
