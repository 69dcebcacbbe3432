/**
 * The UHCI's way along its two linked lists, byte by byte (TRM chapter "DMA Controller", linked
 * list): a descriptor holds size (bits 0-11), length (12-23), end of frame (30) and owner (31), the
 * address of its buffer and that of the next descriptor.
 */
import type { DmaMemory } from '../../emulator/bus/dma-list.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';

const OWNER_DMA = 0x80000000;
const END_OF_FRAME = 0x40000000;
const FIELD = 0xfff;
const LENGTH_SHIFT = 12;
const LENGTH_MASK = FIELD << LENGTH_SHIFT;
/** Bounds the walk through empty descriptors that bite their tail. */
const MOST_EMPTY = 8192;

export interface LinkHost {
  checksOwner(): boolean;
  /** The descriptor in use is another one. */
  onDescriptor(control: number, buffer: number, next: number): void;
  /** Not the DMA's, or memory that it cannot reach. */
  onError(descriptor: number): void;
}

/** What both directions share: the descriptor in use. */
export abstract class Link implements Stateful {
  /** Address of the descriptor in use or used last. */
  descriptor = 0;
  protected readonly memory: DmaMemory;
  protected readonly host: LinkHost;
  protected control = 0;
  protected buffer = 0;
  protected used = 0;
  protected open = false;
  /** The next descriptor; 0 ends the list. */
  protected next = 0;

  constructor(memory: DmaMemory, host: LinkHost) {
    this.memory = memory;
    this.host = host;
  }

  start(head: number): void {
    this.open = false;
    this.next = head;
  }

  /** The link field of the descriptor used last is read again. */
  restart(): void {
    if (!this.open && this.descriptor !== 0)
      this.next = this.memory.read32(this.descriptor + 8) >>> 0;
  }

  stop(): void {
    this.open = false;
    this.next = 0;
  }

  get parked(): boolean {
    return !this.open && this.next === 0;
  }

  protected load(): boolean {
    if (this.next === 0) return false;
    const words = new Uint8Array(12);
    const at = this.next;
    const reached = this.memory.read(at, words);
    const view = new DataView(words.buffer);
    this.control = view.getUint32(0, true);
    if (!reached || (this.host.checksOwner() && this.control < OWNER_DMA)) return this.fail(at);
    this.descriptor = at;
    this.buffer = view.getUint32(4, true);
    this.next = view.getUint32(8, true);
    this.used = 0;
    this.open = true;
    this.host.onDescriptor(this.control, this.buffer, this.next);
    return true;
  }

  protected fail(descriptor: number): false {
    this.stop();
    this.host.onError(descriptor);
    return false;
  }

  save(): State {
    const { descriptor, control, buffer, used, open, next } = this;
    return { descriptor, control, buffer, used, open, next };
  }

  restore(state: State): void {
    this.descriptor = state['descriptor'] as number;
    this.control = state['control'] as number;
    this.buffer = state['buffer'] as number;
    this.used = state['used'] as number;
    this.open = state['open'] as boolean;
    this.next = state['next'] as number;
  }
}

export interface OutLinkHost extends LinkHost {
  writesBack(): boolean;
  /** A descriptor is used up. */
  onDone(endOfFrame: boolean, last: boolean): void;
}

/** RAM to UART. */
export class OutLink extends Link {
  private readonly outHost: OutLinkHost;

  constructor(memory: DmaMemory, host: OutLinkHost) {
    super(memory, host);
    this.outHost = host;
  }

  /** The next byte, or -1 when the list is at its end. */
  take(): number {
    for (let empty = 0; empty < MOST_EMPTY; empty++) {
      if (!this.open && !this.load()) return -1;
      if (this.used < ((this.control >>> LENGTH_SHIFT) & FIELD)) return this.read();
      this.finish();
    }
    this.stop();
    return -1;
  }

  /** Closes the descriptor whose last byte is out. */
  settle(): void {
    if (this.open && this.used >= ((this.control >>> LENGTH_SHIFT) & FIELD)) this.finish();
  }

  private read(): number {
    const byte = new Uint8Array(1);
    if (!this.memory.read(this.buffer + this.used, byte)) {
      this.fail(this.descriptor);
      return -1;
    }
    this.used++;
    return byte[0]!;
  }

  private finish(): void {
    this.open = false;
    if (this.outHost.writesBack())
      this.memory.write32(this.descriptor, (this.control & ~OWNER_DMA) | 0);
    this.outHost.onDone((this.control & END_OF_FRAME) !== 0, this.next === 0);
  }
}

export interface InLinkHost extends LinkHost {
  /** A descriptor is filled, or ends its frame. */
  onDone(): void;
  /** There is no descriptor for a byte. */
  onEmpty(): void;
}

/** UART to RAM. */
export class InLink extends Link {
  private readonly inHost: InLinkHost;

  constructor(memory: DmaMemory, host: InLinkHost) {
    super(memory, host);
    this.inHost = host;
  }

  /** True when a byte can be stored. */
  ready(): boolean {
    for (let empty = 0; empty < MOST_EMPTY; empty++) {
      if (this.open && this.used < (this.control & FIELD)) return true;
      if (this.open) this.close(0);
      else if (this.next === 0) return false;
      else if (!this.load()) return false;
    }
    this.stop();
    return false;
  }

  put(value: number): void {
    if (!this.memory.write(this.buffer + this.used, Uint8Array.of(value))) {
      this.fail(this.descriptor);
      return;
    }
    this.used++;
    if (this.used < (this.control & FIELD)) return;
    this.close(0);
    if (this.next === 0) this.inHost.onEmpty();
  }

  /** The frame ends: in the descriptor in use, or in an empty one behind it. */
  endFrame(): void {
    if (this.open || this.load()) this.close(END_OF_FRAME);
  }

  private close(flags: number): void {
    const kept = this.control & ~(OWNER_DMA | END_OF_FRAME | LENGTH_MASK);
    this.memory.write32(this.descriptor, kept | (this.used << LENGTH_SHIFT) | flags);
    this.open = false;
    this.inHost.onDone();
  }
}
