/**
 * The way in of a UART: RXD through inversion and IrDA decoder to the receiver, its characters
 * through flow control and AT_CMD detection into the RX FIFO, and what is measured on the line.
 *
 * In RS485 mode the receiver is off while the UART drives the line, unless RS485TX_RX_EN is set:
 * then it hears its own TXD together with RXD, as on a bus with a dominant low level.
 * Unverified on silicon: that, and RS485_RX_DLY_NUM as a number of bit times.
 */
import type { DmaUartClient } from '../../emulator/bus/dma-uart.ts';
import type { Level, Signal } from '../../emulator/bus/signal.ts';
import type { State, Stateful } from '../../emulator/bus/state.ts';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { AtCommand } from './at-command.ts';
import { Autobaud } from './autobaud.ts';
import { BitTimer } from './bit-timer.ts';
import { ByteFifo } from './byte-fifo.ts';
import { INTERRUPT } from './interrupts.ts';
import { PulseDecoder } from './irda.ts';
import { type Character, Receiver } from './receiver.ts';
import { ReceiveTimers } from './receive-timers.ts';
import { type SerialFrame, SerialLine } from './serial-line.ts';
import type { UartSettings } from './settings.ts';
import type { SoftwareFlow } from './software-flow.ts';

export interface ReceivePathHost {
  settings(): UartSettings;
  sourceClock(): Clock;
  raise(interrupts: number): void;
  /** The transmitter drives the line, to this level. */
  driving(): boolean;
  txLevel(now: Ticks): Level;
  /** The transmitter may go on. */
  kick(now: Ticks): void;
  readonly clients: readonly DmaUartClient[];
}

export interface ReceivePathParts {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly apb: Clock;
  readonly fifoBase: number;
  readonly flow: SoftwareFlow;
  readonly pin: Signal | undefined;
}

export class ReceivePath implements Stateful {
  readonly fifo: ByteFifo;
  readonly receiver: Receiver;
  readonly line = new SerialLine();
  private readonly autobaud = new Autobaud();
  private readonly timer: BitTimer;
  private readonly timers: ReceiveTimers;
  private readonly atCommand: AtCommand;
  private readonly decoder: PulseDecoder;
  private readonly parts: ReceivePathParts;
  private readonly host: ReceivePathHost;
  private lastTick: Ticks = 0;

  constructor(parts: ReceivePathParts, host: ReceivePathHost) {
    this.parts = parts;
    this.host = host;
    const { name, scheduler, apb, pin } = parts;
    const settings = (): UartSettings => host.settings();
    this.fifo = new ByteFifo(parts.fifoBase);
    this.timer = new BitTimer(host.sourceClock(), settings().divider);
    this.receiver = new Receiver(name, scheduler, {
      line: this.line,
      timer: this.timer,
      host: {
        format: () => settings().format,
        deaf: () => this.deaf(),
        onCharacter: (character, now) => this.onCharacter(character, now),
        onGlitch: () => host.raise(INTERRUPT.GLITCH_DET),
        onBreak: () => {
          host.raise(INTERRUPT.BRK_DET);
          for (const client of host.clients) client.onBreak();
        },
        onRest: (now) => host.kick(now),
      },
    });
    this.timers = new ReceiveTimers(name, scheduler, {
      settings,
      sourceClock: () => host.sourceClock(),
      busy: (now) => this.receiver.busy(now),
      wantsIdle: () => host.clients.some((client) => client.wantsIdle),
      onTimeout: () => this.fifo.count > 0 && host.raise(INTERRUPT.RXFIFO_TOUT),
      onIdle: () => {
        for (const client of host.clients) client.onIdle();
      },
    });
    this.atCommand = new AtCommand({
      ...{ name, scheduler, apb, settings },
      begun: (now) => this.receiver.begunBefore(now),
      onDetect: () => host.raise(INTERRUPT.AT_CMD_CHAR_DET),
    });
    this.decoder = new PulseDecoder(
      name,
      scheduler,
      (now) => {
        const clock = host.sourceClock();
        return clock.tickOf(clock.cycleFrom(now) + Math.floor(settings().divider / 16));
      },
      (level, now) => this.edge(level, now),
    );
    pin?.connect(() => this.input(scheduler.now));
  }

  /** A host's byte; see `Uart.receive`. */
  push(frame: SerialFrame): void {
    this.line.push(frame, this.parts.scheduler.now);
    this.receiver.hunt();
  }

  edge(level: Level, tick: Ticks): void {
    this.line.edge(tick, level);
    this.receiver.hunt();
  }

  /** RXD after its inversion. */
  get pinLevel(): Level {
    return ((this.parts.pin?.level ?? 1) ^ this.host.settings().invert.rxd) as Level;
  }

  /** RXD or what is heard of TXD may have changed. */
  input(now: Ticks): void {
    const { loopback, irda, rs485 } = this.host.settings();
    if (loopback) return;
    if (irda.on) {
      this.decoder.input((this.pinLevel ^ irda.rxInvert) as Level, now);
      return;
    }
    const echo = rs485.on && rs485.hearsItself && this.host.driving() ? this.host.txLevel(now) : 1;
    this.edge((this.pinLevel & echo) as Level, now);
  }

  /** The settings or the clock are new. */
  retune(now: Ticks): void {
    const clock = this.host.sourceClock();
    const { divider, rs485 } = this.host.settings();
    this.receiver.rebase(now, () => this.timer.retune(clock, divider));
    const bitTicks = (MASTER_HZ / clock.hz) * (divider / 16);
    this.line.delay = Math.floor(rs485.rxDelayBits * bitTicks);
  }

  /** CONF1 was written: a timeout begins anew behind the last byte or now. */
  restartTimeout(now: Ticks): void {
    if (this.fifo.count > 0) this.timers.startTimeout(Math.max(this.lastTick, now));
  }

  /** The pulse measurement up to now. */
  measured(): Autobaud {
    const clock = this.host.sourceClock();
    this.line.count(this.parts.scheduler.now, (tick, level) =>
      this.autobaud.edge(clock.cyclesAt(tick), level),
    );
    return this.autobaud;
  }

  configureAutobaud(on: boolean, glitchFilter: number): void {
    this.measured();
    this.line.retire(this.parts.scheduler.now);
    this.autobaud.configure(on, glitchFilter);
  }

  reset(now: Ticks): void {
    this.fifo.resize(1);
    this.fifo.clear();
    this.retune(now);
    this.receiver.reset(now);
    this.timers.reset();
    this.atCommand.reset(now);
    this.decoder.reset();
    this.autobaud.configure(false, 0);
    this.autobaud.clear();
  }

  save(): State {
    return {
      lastTick: this.lastTick,
      fifo: this.fifo.save(),
      receiver: this.receiver.save(),
      line: this.line.save(),
      autobaud: this.autobaud.save(),
      atCommand: this.atCommand.save(),
    };
  }

  restore(state: State): void {
    this.lastTick = state['lastTick'] as number;
    this.fifo.restore(state['fifo'] as State);
    this.timer.retune(this.host.sourceClock(), this.host.settings().divider);
    this.receiver.restore(state['receiver'] as State);
    this.line.restore(state['line'] as State);
    this.autobaud.restore(state['autobaud'] as State);
    this.atCommand.restore(state['atCommand'] as State);
  }

  private deaf(): boolean {
    const { loopback, rs485, irda } = this.host.settings();
    if (loopback) return false;
    if (irda.on) return irda.sends;
    return rs485.on && !rs485.hearsItself && this.host.driving();
  }

  private onCharacter(character: Character, now: Ticks): void {
    this.measured();
    this.line.retire(now);
    this.lastTick = now;
    const { dropErrors, rxFifoReset, rs485 } = this.host.settings();
    let happened = 0;
    if (character.parityError) happened |= INTERRUPT.PARITY_ERR;
    if (character.framingError) happened |= INTERRUPT.FRM_ERR;
    if (rs485.on && character.parityError) happened |= INTERRUPT.RS485_PARITY_ERR;
    if (rs485.on && character.framingError) happened |= INTERRUPT.RS485_FRM_ERR;
    const wrong = happened !== 0;
    this.atCommand.receive(character, now);
    const { interrupt, isData } = this.parts.flow.receive(character.value);
    happened |= interrupt;
    let stored = false;
    if (isData && !(wrong && dropErrors) && !rxFifoReset) {
      if (this.fifo.full) happened |= INTERRUPT.RXFIFO_OVF;
      else {
        this.fifo.push(character.value);
        stored = true;
      }
    }
    this.timers.start(now);
    if (stored) for (const client of this.host.clients) client.onReceived();
    this.parts.flow.filled(this.fifo.count);
    this.host.raise(happened);
    this.host.kick(now);
  }
}
