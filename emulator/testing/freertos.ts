/**
 * FreeRTOS and the heap of ESP-IDF, seen through the firmware's debug information: which task each
 * core runs, every task's stack, the least free heap. Names are those of the kernel's sources; a
 * firmware without them, or without DWARF, has none of this.
 */
import { InputError } from '../loader/errors.ts';
import type { Board } from './board.ts';

/** ESP-IDF from 5.2 on has the plural. */
const CURRENT = ['pxCurrentTCBs', 'pxCurrentTCB'] as const;
const CORES = 2;
const MOST_TASKS = 256;
/** tskSTACK_FILL_BYTE: what a new task's stack holds. */
const FILL = 0xa5;
/** MALLOC_CAP_DEFAULT: the heaps that malloc() takes from. */
const CAPS_DEFAULT = 1 << 12;
const MOST_HEAPS = 64;

export interface Task {
  readonly name: string;
  readonly control: number;
}

export interface StackUse {
  readonly name: string;
  readonly headroom: number;
}

export class FreeRtos {
  private readonly board: Board;
  /** Name and address of the array of current tasks. */
  private readonly current: string;
  readonly currentAddress: number;

  private constructor(board: Board, current: string, address: number) {
    this.board = board;
    this.current = current;
    this.currentAddress = address;
  }

  static find(board: Board): FreeRtos | undefined {
    for (const name of CURRENT) {
      const found = attempt(() => board.variable(`${name}[0]->pcTaskName`));
      if (found !== undefined) return new FreeRtos(board, name, board.variable(name).address);
    }
    return undefined;
  }

  get currentBytes(): number {
    return 4 * CORES;
  }

  /** The task that a core runs, or undefined before there is one. */
  running(core: 0 | 1): string | undefined {
    const control = this.board.memory.read32(this.currentAddress + 4 * core);
    return this.isTask(control) ? this.nameOf(control) : undefined;
  }

  /** Every task that exists: all are in one of the kernel's lists by their state. */
  tasks(): Task[] {
    const controls = new Set<number>();
    const { memory } = this.board;
    for (const core of [0, 1]) controls.add(memory.read32(this.currentAddress + 4 * core));
    for (const list of this.lists()) for (const control of this.owners(list)) controls.add(control);
    return [...controls]
      .filter((control) => this.isTask(control))
      .map((control) => ({ control, name: this.nameOf(control) }));
  }

  /** Bytes at the low end of each stack that were never written. */
  stacks(): StackUse[] {
    const at = this.offset('pxStack');
    const { memory } = this.board;
    return this.tasks().map(({ name, control }) => {
      const low = memory.read32(control + at);
      return { name, headroom: unusedBytes(this.board, low, 1 << 20, FILL) };
    });
  }

  private lists(): string[] {
    const names = ['pxReadyTasksLists', 'xPendingReadyList', 'xDelayedTaskList1', 'xDelayedTaskList2', 'xSuspendedTaskList', 'xTasksWaitingTermination']; // prettier-ignore
    return names.flatMap((name) => {
      const variable = attempt(() => this.board.variable(name));
      if (variable === undefined) return [];
      if (variable.type.kind !== 'array') return [name];
      return Array.from({ length: variable.type.count }, (_, i) => `${name}[${i}]`);
    });
  }

  /** Control blocks of the tasks in a list. */
  private owners(list: string): number[] {
    const { board } = this;
    const count = board.variable(`${list}.uxNumberOfItems`).read() as number;
    const found: number[] = [];
    let item = `${list}.xListEnd.pxNext`;
    for (let i = 0; i < Math.min(count, MOST_TASKS); i++) {
      const owner = attempt(() => board.variable(`${item}->pvOwner`));
      if (owner === undefined) break;
      found.push(board.memory.read32(owner.address));
      item = `${item}->pxNext`;
    }
    return found;
  }

  private nameOf(control: number): string {
    const name = this.board.memory.readString(control + this.offset('pcTaskName'), 16);
    return name.replace(/[^\x20-\x7e]/g, '?') || `task 0x${control.toString(16)}`;
  }

  private readonly offsets = new Map<string, number>();

  /** Of a field in a task's control block. */
  private offset(field: string): number {
    let offset = this.offsets.get(field);
    if (offset === undefined) {
      const control = this.board.memory.read32(this.currentAddress);
      offset = this.board.variable(`${this.current}[0]->${field}`).address - control;
      this.offsets.set(field, offset);
    }
    return offset;
  }

  private isTask(control: number): boolean {
    return control !== 0 && this.board.memory.isMemory(control);
  }
}

/** Bytes from `low` up that still hold the fill, at most `size`. */
export function unusedBytes(board: Board, low: number, size: number, fill: number): number {
  const { memory } = board;
  let count = 0;
  while (count < size && memory.isMemory(low + count) && memory.read8(low + count) === fill)
    count++;
  return count;
}

/** What esp_get_minimum_free_heap_size() would say; undefined without ESP-IDF's heaps. */
export function minimumFreeHeap(board: Board): number | undefined {
  const start = attempt(() => board.variable('registered_heaps.slh_first'));
  if (start === undefined) return undefined;
  let path = 'registered_heaps.slh_first';
  let total = 0;
  let count = 0;
  for (; count < MOST_HEAPS && board.memory.read32(board.variable(path).address) !== 0; count++) {
    const caps = board.variable(`${path}->caps`).read() as readonly number[];
    const heap = board.memory.read32(board.variable(`${path}->heap`).address);
    const isDefault = caps.some((cap) => (Number(cap) & CAPS_DEFAULT) !== 0);
    if (heap !== 0 && isDefault)
      total += board.variable(`${path}->heap->minimum_free_bytes`).read() as number;
    path = `${path}->next.sle_next`;
  }
  return count === 0 ? undefined : total;
}

function attempt<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
