/**
 * The server's half of RFC 2217 on one Telnet connection: a client sets rate, format, DTR and RTS of
 * a serial line, purges its buffers and hears of CTS and DSR. Bytes in, bytes out; no sockets here.
 *
 * **Not modelled:** line state, flow control by Telnet commands, break.
 */
import type { HostLine, LineFormat } from './line.ts';

const IAC = 255;
const [DONT, DO, WONT, WILL, SB, SE] = [254, 253, 252, 251, 250, 240] as const;
const [BINARY, ECHO, SUPPRESS_GO_AHEAD, COM_PORT] = [0, 1, 3, 44] as const;
const SUPPORTED: readonly number[] = [BINARY, ECHO, SUPPRESS_GO_AHEAD, COM_PORT];
/** A client's command of the COM-PORT-OPTION; the answer's number is higher by 100. */
const COMMAND = {
  SIGNATURE: 0,
  SET_BAUDRATE: 1,
  SET_DATASIZE: 2,
  SET_PARITY: 3,
  SET_STOPSIZE: 4,
  SET_CONTROL: 5,
  NOTIFY_MODEMSTATE: 7,
  SET_LINESTATE_MASK: 10,
  SET_MODEMSTATE_MASK: 11,
  PURGE_DATA: 12,
} as const;
const ANSWER = 100;
const PARITIES: readonly (LineFormat['parity'] | undefined)[] = [undefined, 'none', 'odd', 'even'];
/** SET-CONTROL values. */
const CONTROL = {
  ASK_FLOW: 0,
  NO_FLOW: 1,
  ASK_BREAK: 4,
  BREAK_OFF: 6,
  ASK_DTR: 7,
  DTR_ON: 8,
  DTR_OFF: 9,
  ASK_RTS: 10,
  RTS_ON: 11,
  RTS_OFF: 12,
  ASK_INBOUND_FLOW: 13,
  NO_INBOUND_FLOW: 14,
} as const;
const MODEM = { CTS: 0x10, DSR: 0x20, CTS_CHANGED: 0x01, DSR_CHANGED: 0x02 } as const;
/** A longer subnegotiation is not one of RFC 2217. */
const MOST_OPTION_BYTES = 64;

export class Rfc2217 {
  private readonly line: HostLine;
  private readonly write: (bytes: Uint8Array) => void;
  private readonly state = { bytes: 'data' as 'data' | 'iac' | 'option' | 'sb' | 'sbIac', verb: 0 };
  private option: number[] = [];
  /** Options switched on: what we do (WILL), what the client does (DO). */
  private readonly ours = new Set<number>();
  private readonly theirs = new Set<number>();
  /** RFC 2217: all changes are told unless the client says otherwise. */
  private modemMask = 0xff;
  private modem = -1;
  /** SET-CONTROL's answer that is due when the chip has booted. */
  private whenBooted: number | undefined;

  /** `write` sends to the client. */
  constructor(line: HostLine, write: (bytes: Uint8Array) => void) {
    this.line = line;
    this.write = write;
  }

  /** Bytes of the serial line for the client. */
  encode(bytes: Uint8Array): Uint8Array {
    return bytes.includes(IAC) ? escape(bytes) : bytes;
  }

  /** What came from the client; data goes to the line. */
  receive(bytes: Uint8Array): void {
    const data: number[] = [];
    const flush = (): void => this.line.send(Uint8Array.from(data.splice(0)));
    for (const byte of bytes) {
      switch (this.state.bytes) {
        case 'data':
          if (byte === IAC) this.state.bytes = 'iac';
          else data.push(byte);
          break;
        case 'iac':
          if (byte === IAC) data.push(byte);
          this.command(byte);
          break;
        case 'option':
          this.negotiate(this.state.verb, byte);
          this.state.bytes = 'data';
          break;
        case 'sb':
          if (byte === IAC) this.state.bytes = 'sbIac';
          else this.addOption(byte);
          break;
        case 'sbIac':
          this.state.bytes = byte === SE ? 'data' : 'sb';
          if (byte === IAC) this.addOption(byte);
          if (byte !== SE) break;
          flush();
          this.subnegotiate();
      }
    }
    flush();
  }

  /** To be called while guest time passes: answers that were due to it, changes of CTS and DSR. */
  poll(): void {
    if (this.whenBooted !== undefined && !this.line.booting) {
      this.answer(COMMAND.SET_CONTROL, [this.whenBooted]);
      this.whenBooted = undefined;
    }
    const modem = this.modemState();
    if (modem === this.modem || this.modemMask === 0) return;
    if (!this.ours.has(COM_PORT) && !this.theirs.has(COM_PORT)) return;
    const changed = this.modem < 0 ? 0 : modem ^ this.modem;
    this.modem = modem;
    const edges =
      (changed & MODEM.CTS ? MODEM.CTS_CHANGED : 0) | (changed & MODEM.DSR ? MODEM.DSR_CHANGED : 0);
    this.answer(COMMAND.NOTIFY_MODEMSTATE, [(modem | edges) & this.modemMask]);
  }

  private command(byte: number): void {
    this.state.bytes = byte >= WILL && byte <= DONT ? 'option' : byte === SB ? 'sb' : 'data';
    this.state.verb = byte;
    this.option = [];
  }

  private addOption(byte: number): void {
    if (this.option.length < MOST_OPTION_BYTES) this.option.push(byte);
  }

  /** An answer is due to a change only, or both sides would answer for ever. */
  private negotiate(verb: number, option: number): void {
    const asksUs = verb === DO || verb === DONT;
    const on = verb === DO || verb === WILL;
    const set = asksUs ? this.ours : this.theirs;
    const [yes, no] = asksUs ? [WILL, WONT] : [DO, DONT];
    if (on && !SUPPORTED.includes(option)) return this.send(IAC, no, option);
    if (on === set.has(option)) return;
    if (on) set.add(option);
    else set.delete(option);
    this.send(IAC, on ? yes : no, option);
  }

  private subnegotiate(): void {
    const [option, command, ...values] = this.option;
    const value = values[0];
    if (option !== COM_PORT || command === undefined) return;
    const { line } = this;
    switch (command) {
      case COMMAND.SIGNATURE:
        if (value === undefined) this.answer(command, [...Buffer.from('Lockstep32')]);
        return;
      case COMMAND.SET_BAUDRATE: {
        const baudRate = Buffer.from(values).length >= 4 ? Buffer.from(values).readUInt32BE(0) : 0;
        if (baudRate !== 0) line.configure({ baudRate });
        const now = Buffer.alloc(4);
        now.writeUInt32BE(Math.round(line.settings.baudRate));
        return this.answer(command, [...now]);
      }
      case COMMAND.SET_DATASIZE:
        if (value === 5 || value === 6 || value === 7 || value === 8)
          line.configure({ dataBits: value });
        return this.answer(command, [line.settings.dataBits]);
      case COMMAND.SET_PARITY: {
        const parity = PARITIES[value ?? 0];
        if (parity !== undefined) line.configure({ parity });
        return this.answer(command, [PARITIES.indexOf(line.settings.parity)]);
      }
      case COMMAND.SET_STOPSIZE:
        if (value === 1 || value === 2) line.configure({ stopBits: value });
        return this.answer(command, [line.settings.stopBits]);
      case COMMAND.SET_CONTROL:
        return this.setControl(value ?? 0);
      case COMMAND.SET_LINESTATE_MASK:
        return this.answer(command, [0]);
      case COMMAND.SET_MODEMSTATE_MASK:
        this.modemMask = value ?? 0;
        this.answer(command, [this.modemMask]);
        return this.poll();
      case COMMAND.PURGE_DATA:
        // 1: what the client has not received, which is on its way already; 2: what is not sent; 3: both.
        if (value === 2 || value === 3) line.purge();
        return this.answer(command, [value ?? 0]);
    }
  }

  /** A change that lets EN rise is answered when the ROM has booted: clients wait for the answer. */
  private setControl(value: number): void {
    const wasHeld = this.line.held;
    const state = this.control(value);
    if (wasHeld && !this.line.held) this.whenBooted = state;
    else this.answer(COMMAND.SET_CONTROL, [state]);
  }

  /** The state that holds afterwards, as SET-CONTROL's answer states it. */
  private control(value: number): number {
    const { line } = this;
    switch (value) {
      case CONTROL.DTR_ON:
      case CONTROL.DTR_OFF:
        line.setLines(value === CONTROL.DTR_ON, line.rts);
        return value;
      case CONTROL.RTS_ON:
      case CONTROL.RTS_OFF:
        line.setLines(line.dtr, value === CONTROL.RTS_ON);
        return value;
      case CONTROL.ASK_DTR:
        return line.dtr ? CONTROL.DTR_ON : CONTROL.DTR_OFF;
      case CONTROL.ASK_RTS:
        return line.rts ? CONTROL.RTS_ON : CONTROL.RTS_OFF;
    }
    if (value >= CONTROL.ASK_INBOUND_FLOW) return CONTROL.NO_INBOUND_FLOW;
    return value >= CONTROL.ASK_BREAK ? CONTROL.BREAK_OFF : CONTROL.NO_FLOW;
  }

  private modemState(): number {
    return (this.line.cts ? MODEM.CTS : 0) | (this.line.dsr ? MODEM.DSR : 0);
  }

  private answer(command: number, values: readonly number[]): void {
    const body = escape(Uint8Array.from([COM_PORT, command + ANSWER, ...values]));
    this.send(IAC, SB, ...body, IAC, SE);
  }

  private send(...bytes: number[]): void {
    this.write(Uint8Array.from(bytes));
  }
}

function escape(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes].flatMap((byte) => (byte === IAC ? [IAC, IAC] : [byte])));
}
