/**
 * Interrupts of a UART: events stay until INT_CLR, RXFIFO_FULL and TXFIFO_EMPTY are levels: clearing
 * them while their condition holds sets them again. RXFIFO_FULL ends with its condition: the mask
 * ROM's download boot drains the UART that it does not listen to by one read per interrupt, without
 * INT_CLR. TXFIFO_EMPTY stays until it is cleared.
 */
import type { RegisterBank } from '../../emulator/bus/registers.ts';
import type { Signal } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Clock } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import { UART_REGISTERS } from './uart.regs.ts';

type Interrupt = Extract<(typeof UART_REGISTERS)[number], { name: 'INT_ENA' }>['fields'][number];

const ENABLE = UART_REGISTERS.find((row) => row.name === 'INT_ENA')!;
export const INTERRUPT = Object.fromEntries(
  ENABLE.fields.map((f) => [f.name, 1 << f.bit]),
) as Record<Interrupt['name'], number>;

/**
 * APB_CLK cycles from a write of INT_ENA to the interrupt of a condition that holds already. The mask
 * ROM's `uart_buff_switch` enables RXFIFO_FULL and stores in the next instruction which UART it
 * listens to; its handler would else drop what the FIFO holds. Unverified on silicon: how many.
 */
const ENABLE_CYCLES = 3;

export interface InterruptParts {
  readonly name: string;
  readonly bank: RegisterBank<typeof UART_REGISTERS>;
  readonly scheduler: Scheduler;
  readonly apb: Clock;
  readonly irq: Signal;
  /** RXFIFO_FULL and TXFIFO_EMPTY as their conditions are now. */
  readonly levels: () => number;
}

export class Interrupts implements Stateful {
  private readonly parts: InterruptParts;
  private readonly enableTaken: SchedulerEvent;
  /** INT_ENA. */
  private enabled = 0;
  /** Conditions that happened and were not cleared. */
  private latched = 0;

  constructor(parts: InterruptParts) {
    this.parts = parts;
    const { bank, scheduler, name } = parts;
    this.enableTaken = scheduler.event(`${name}.ena`, () => this.update());
    bank.onRead('INT_RAW', () => this.raw());
    bank.onRead('INT_ST', () => this.raw() & this.enabled);
    bank.onWrite('INT_ENA', () => this.enable());
    bank.onWrite('INT_CLR', (written) => {
      this.latched &= ~written;
      this.update();
    });
  }

  raise(bits: number): void {
    this.latched |= bits;
    this.update();
  }

  /** A level may have changed. */
  update(): void {
    this.parts.irq.set((this.raw() & this.enabled) === 0 ? 0 : 1);
  }

  reset(): void {
    this.enabled = 0;
    this.latched = 0;
    this.parts.scheduler.cancel(this.enableTaken);
  }

  save(): State {
    return { latched: this.latched };
  }

  /** INT_ENA comes from the register bank, which is restored before. */
  restore(state: State): void {
    this.latched = state['latched'] as number;
    this.enabled = this.parts.bank.get('INT_ENA');
  }

  private raw(): number {
    const levels = this.parts.levels();
    this.latched |= levels & ~INTERRUPT.RXFIFO_FULL;
    return this.latched | levels;
  }

  private enable(): void {
    const { bank, scheduler, apb, irq } = this.parts;
    this.enabled = bank.get('INT_ENA');
    const rises = irq.level === 0 && (this.raw() & this.enabled) !== 0;
    if (!rises) this.update();
    else scheduler.at(apb.tickOf(apb.cycleFrom(scheduler.now) + ENABLE_CYCLES), this.enableTaken);
  }
}
