/**
 * RTS, CTS, DTR and DSR of a UART. SW_RTS gives RTS unless RX_FLOW_EN lets the fill of the RX FIFO
 * decide. In RS485 mode DTR enables the driver of the line: high from before the first start bit to
 * the end of the last stop bit (DL0 and DL1 included); RTS stays the software's, as ESP-IDF uses it.
 *
 * Unverified on silicon: DTR as the driver's enable (the TRMs of later chips with the same registers).
 */
import type { Level, Signal } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import { INTERRUPT } from './interrupts.ts';
import type { UartSettings } from './settings.ts';

/** Wires to the GPIO matrix, at pin level (after CONF0's inversions); each may be left out. */
export interface UartPins {
  readonly tx?: Signal;
  readonly rx?: Signal;
  readonly rts?: Signal;
  readonly cts?: Signal;
  readonly dtr?: Signal;
  readonly dsr?: Signal;
}

export interface ModemHost {
  settings(): UartSettings;
  /** Bytes in the RX FIFO. */
  received(): number;
  /** The transmitter drives the line. */
  driving(): boolean;
  /** CTS_CHG, DSR_CHG. */
  onChange(interrupts: number): void;
}

export class ModemLines implements Stateful {
  private readonly pins: UartPins;
  private readonly host: ModemHost;
  /** CTSN and DSRN as they were. */
  private cts = 0;
  private dsr = 0;

  constructor(pins: UartPins, host: ModemHost) {
    this.pins = pins;
    this.host = host;
    pins.cts?.connect(() => this.check());
    pins.dsr?.connect(() => this.check());
  }

  /** Inputs without a wire read 0 (active), as the GPIO matrix's default input does. */
  get ctsn(): number {
    const { loopback, invert } = this.host.settings();
    return loopback ? this.rtsn : (this.pins.cts?.level ?? 0) ^ invert.cts;
  }

  get dsrn(): number {
    const { loopback, invert } = this.host.settings();
    return loopback ? this.dtrn : (this.pins.dsr?.level ?? 0) ^ invert.dsr;
  }

  get dtrn(): number {
    const { rs485, softwareDtr } = this.host.settings();
    if (rs485.on) return this.host.driving() ? 1 : 0;
    return softwareDtr ^ 1;
  }

  get rtsn(): number {
    const { rxFlow, rxFlowThreshold, softwareRts } = this.host.settings();
    if (!rxFlow) return softwareRts ^ 1;
    return this.host.received() >= rxFlowThreshold ? 1 : 0;
  }

  /** Brings the outputs up to date, and the inputs that loop back from them. */
  drive(): void {
    const { invert, loopback } = this.host.settings();
    this.pins.rts?.set((this.rtsn ^ invert.rts) as Level);
    this.pins.dtr?.set((this.dtrn ^ invert.dtr) as Level);
    if (loopback) this.check();
  }

  /** Takes the inputs as they are, without an interrupt. */
  settle(): void {
    this.cts = this.ctsn;
    this.dsr = this.dsrn;
  }

  /** Compares the inputs with what they were. */
  check(): void {
    const { ctsn, dsrn } = this;
    let changed = 0;
    if (ctsn !== this.cts) changed |= INTERRUPT.CTS_CHG;
    if (dsrn !== this.dsr) changed |= INTERRUPT.DSR_CHG;
    this.cts = ctsn;
    this.dsr = dsrn;
    if (changed !== 0) this.host.onChange(changed);
  }

  save(): State {
    return { cts: this.cts, dsr: this.dsr };
  }

  restore(state: State): void {
    this.cts = state['cts'] as number;
    this.dsr = state['dsr'] as number;
  }
}
