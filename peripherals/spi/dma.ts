/**
 * DMA of an SPI controller (TRM chapter "DMA Controller", SPI DMA): a started outlink replaces
 * W0..W15 as the source of what is sent, a started inlink as the goal of what is received.
 *
 * The list is read when the transfer starts and written when it ends.
 * Interrupt source: ETS_SPIn_DMA_INTR_SOURCE, level: DMA_INT_RAW & DMA_INT_ENA.
 *
 * A list for receiving needs buffers and sizes that are multiples of 4 bytes; another one is
 * reported with its descriptor and used as it is. So is a descriptor in memory without DMA.
 *
 * **Not modelled:** FIFO levels and underruns, bursts, loop tests, DMA_CONTINUE, INLINK_DSCR_BF0 and
 * the like, the choice of one
 * of two DMA channels in DPORT_SPI_DMA_CHAN_SEL (each controller has its own here).
 */
import type { DmaMemory } from '../../emulator/bus/dma-list.ts';
import { gather, scatter } from '../../emulator/bus/dma-list.ts';
import type { Signal } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { SpiBank } from './transaction.ts';

/** Bits of DMA_INT_RAW. */
const INT = {
  INLINK_DSCR_EMPTY: 1 << 0,
  OUTLINK_DSCR_ERROR: 1 << 1,
  INLINK_DSCR_ERROR: 1 << 2,
  IN_DONE: 1 << 3,
  IN_SUC_EOF: 1 << 5,
  OUT_DONE: 1 << 6,
  OUT_EOF: 1 << 7,
  OUT_TOTAL_EOF: 1 << 8,
} as const;

/** Bits of DMA_OUT_LINK and DMA_IN_LINK. */
const STOP = 1 << 28;
const START = 3 << 29;
/** Descriptors lie in internal RAM: the registers hold the low 20 bits of their address. */
const DESCRIPTOR_BASE = 0x3ff00000;
const IN_RST = 1 << 2;
const OUT_RST = 1 << 3;

export class SpiDma implements Stateful {
  private readonly bank: SpiBank;
  private readonly memory: DmaMemory | undefined;
  private readonly irq: Signal | undefined;
  private readonly warn: (message: string) => void;
  private outStarted = false;
  private inStarted = false;
  /** Interrupts of the outlink, raised when the transfer ends. */
  private outcome = 0;

  constructor(
    bank: SpiBank,
    memory: DmaMemory | undefined,
    irq: Signal | undefined,
    warn: (message: string) => void,
  ) {
    this.bank = bank;
    this.memory = memory;
    this.irq = irq;
    this.warn = warn;
    bank.onWrite('DMA_OUT_LINK', (written) => {
      this.outStarted = ((written & START) !== 0 || this.outStarted) && (written & STOP) === 0;
      this.updateStatus();
    });
    bank.onWrite('DMA_IN_LINK', (written) => {
      this.inStarted = ((written & START) !== 0 || this.inStarted) && (written & STOP) === 0;
      this.updateStatus();
    });
    bank.onWrite('DMA_CONF', (written) => {
      if ((written & OUT_RST) !== 0) this.outStarted = false;
      if ((written & IN_RST) !== 0) this.inStarted = false;
      this.updateStatus();
    });
    bank.onWrite('DMA_INT_ENA', () => this.updateIrq());
    bank.onWrite('DMA_INT_CLR', (written) => {
      bank.set('DMA_INT_RAW', bank.get('DMA_INT_RAW') & ~written);
      this.updateIrq();
    });
    bank.onRead('DMA_INT_ST', () => bank.get('DMA_INT_RAW') & bank.get('DMA_INT_ENA'));
  }

  get feedsOutput(): boolean {
    return this.outStarted && this.memory !== undefined;
  }

  get takesInput(): boolean {
    return this.inStarted && this.memory !== undefined;
  }

  /** The next `count` bytes of the outlink; zeros where it is too short. */
  output(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    if (this.memory === undefined) return bytes;
    const head = DESCRIPTOR_BASE | this.bank.getField('DMA_OUT_LINK', 'OUTLINK_ADDR');
    const { last, endOfFrame, error } = gather(this.memory, head, bytes);
    this.bank.set('OUT_EOF_DES_ADDR', last);
    this.bank.set('OUTLINK_DSCR', last);
    if (error) this.warnOf('send', last);
    this.outcome = error ? INT.OUTLINK_DSCR_ERROR : INT.OUT_DONE;
    if (endOfFrame) this.outcome |= INT.OUT_EOF | INT.OUT_TOTAL_EOF;
    this.outStarted = false;
    return bytes;
  }

  /** Stores what was received in the inlink. */
  input(bytes: Uint8Array): void {
    if (this.memory === undefined) return;
    const head = DESCRIPTOR_BASE | this.bank.getField('DMA_IN_LINK', 'INLINK_ADDR');
    const { last, moved, error, unaligned } = scatter(this.memory, head, bytes);
    this.bank.set('IN_SUC_EOF_DES_ADDR', last);
    this.bank.set('INLINK_DSCR', last);
    this.inStarted = false;
    if (unaligned !== 0)
      this.warn(
        `receive descriptor 0x${unaligned.toString(16)}: buffer or size is not a multiple of 4 bytes`,
      );
    if (error) this.warnOf('receive', last);
    if (error) this.raise(INT.INLINK_DSCR_ERROR);
    else if (moved < bytes.length) this.raise(INT.INLINK_DSCR_EMPTY);
    else this.raise(INT.IN_DONE | INT.IN_SUC_EOF);
  }

  /** The transfer is over. */
  finish(): void {
    this.raise(this.outcome);
    this.outcome = 0;
    this.updateStatus();
  }

  reset(): void {
    this.outStarted = false;
    this.inStarted = false;
    this.outcome = 0;
    this.updateIrq();
  }

  private warnOf(what: string, descriptor: number): void {
    const at = `0x${descriptor.toString(16)}`;
    this.warn(`${what} descriptor ${at}: not the DMA's, or its memory is out of the DMA's reach`);
  }

  private raise(bits: number): void {
    this.bank.set('DMA_INT_RAW', this.bank.get('DMA_INT_RAW') | bits);
    this.updateIrq();
  }

  private updateIrq(): void {
    const pending = this.bank.get('DMA_INT_RAW') & this.bank.get('DMA_INT_ENA');
    this.irq?.set(pending !== 0 ? 1 : 0);
  }

  private updateStatus(): void {
    this.bank.set('DMA_STATUS', (this.inStarted ? 1 : 0) | (this.outStarted ? 2 : 0));
  }

  save(): State {
    return { outStarted: this.outStarted, inStarted: this.inStarted, outcome: this.outcome };
  }

  restore(state: State): void {
    this.outStarted = state['outStarted'] as boolean;
    this.inStarted = state['inStarted'] as boolean;
    this.outcome = state['outcome'] as number;
  }
}
