/**
 * XON/XOFF flow control of a UART (TRM "UART Controllers", software flow control). A received
 * XOFF_CHAR stops the transmitter after the byte on the wire, XON_CHAR lets it go on. XOFF_CHAR is
 * sent once when the RX FIFO holds more than XOFF_THRESHOLD bytes, XON_CHAR once when it then holds
 * fewer than XON_THRESHOLD. FORCE_XOFF and FORCE_XON stop and release without SW_FLOW_CON_EN.
 *
 * Unverified on silicon: a character of flow control goes before the bytes of the FIFO, also while
 * these are stopped; SEND_XON and SEND_XOFF read 1 until their character begins.
 */
import type { State, Stateful } from '../../emulator/bus/state.ts';
import { INTERRUPT } from './interrupts.ts';
import type { UartSettings } from './settings.ts';

const NONE = -1;

export class SoftwareFlow implements Stateful {
  /** The transmitter must wait. */
  stopped = false;
  private readonly settings: () => UartSettings;
  /** XOFF was the last character that the fill of the FIFO asked for. */
  private askedToStop = false;
  sendXon = false;
  sendXoff = false;

  constructor(settings: () => UartSettings) {
    this.settings = settings;
  }

  /** FLOW_CONF was written; the settings are new. */
  configure(): void {
    const { flow } = this.settings();
    if (flow.forceXoff) this.stopped = true;
    if (flow.forceXon) this.stopped = false;
    this.sendXon ||= flow.sendXon;
    this.sendXoff ||= flow.sendXoff;
  }

  /** A byte came: the interrupt that it raises, and whether it is data. */
  receive(value: number): { interrupt: number; isData: boolean } {
    const { flow } = this.settings();
    const isControl = value === flow.xonChar || value === flow.xoffChar;
    if (!flow.on || !isControl) return { interrupt: 0, isData: true };
    this.stopped = value === flow.xoffChar;
    const interrupt = this.stopped ? INTERRUPT.SW_XOFF : INTERRUPT.SW_XON;
    return { interrupt, isData: !flow.removes };
  }

  /** The RX FIFO holds `count` bytes now; true when a character is to be sent. */
  filled(count: number): boolean {
    const { flow } = this.settings();
    if (!flow.on) return false;
    if (!this.askedToStop && count > flow.xoffThreshold) {
      this.askedToStop = this.sendXoff = true;
      return true;
    }
    if (this.askedToStop && count < flow.xonThreshold) {
      this.askedToStop = false;
      this.sendXon = true;
      return true;
    }
    return false;
  }

  /** The character that goes out next, or -1; it is taken. */
  take(): number {
    const { flow } = this.settings();
    if (this.sendXoff) {
      this.sendXoff = false;
      return flow.xoffChar;
    }
    if (!this.sendXon) return NONE;
    this.sendXon = false;
    return flow.xonChar;
  }

  get pending(): boolean {
    return this.sendXon || this.sendXoff;
  }

  reset(): void {
    this.stopped = this.askedToStop = this.sendXon = this.sendXoff = false;
  }

  save(): State {
    const { stopped, askedToStop, sendXon, sendXoff } = this;
    return { stopped, askedToStop, sendXon, sendXoff };
  }

  restore(state: State): void {
    this.stopped = state['stopped'] as boolean;
    this.askedToStop = state['askedToStop'] as boolean;
    this.sendXon = state['sendXon'] as boolean;
    this.sendXoff = state['sendXoff'] as boolean;
  }
}
