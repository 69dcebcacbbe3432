/**
 * AT_CMD_CHAR detection of a UART (TRM "UART Controllers", AT_CMD_CHAR): at least CHAR_NUM characters
 * AT_CMD_CHAR, PRE_IDLE_NUM or more APB_CLK cycles after the last other one, not more than
 * RX_GAP_TOUT cycles between them, and POST_IDLE_NUM cycles without a start bit behind them. The
 * interrupt comes when the last wait is over.
 *
 * Unverified on silicon: pauses run from the middle of a stop bit to the next start bit's edge.
 */
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { Clock, Ticks } from '../../emulator/scheduler/clock.ts';
import type { Scheduler, SchedulerEvent } from '../../emulator/scheduler/scheduler.ts';
import type { Character } from './receiver.ts';
import type { UartSettings } from './settings.ts';

export interface AtCommandParts {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly apb: Clock;
  readonly settings: () => UartSettings;
  /** A start bit has begun before `now`. */
  readonly begun: (now: Ticks) => boolean;
  readonly onDetect: () => void;
}

export class AtCommand implements Stateful {
  private readonly parts: AtCommandParts;
  private readonly post: SchedulerEvent;
  /** APB_CLK cycle of the last character. */
  private last = 0;
  private count = 0;

  constructor(parts: AtCommandParts) {
    this.parts = parts;
    this.post = parts.scheduler.event(`${parts.name}.at`, (now) => this.finish(now));
  }

  receive(character: Character, now: Ticks): void {
    const { apb, settings, scheduler } = this.parts;
    const { char, count: wanted, preIdle, postIdle, gap } = settings().atCommand;
    const pause = apb.cyclesAt(character.startTick) - this.last;
    this.last = apb.cyclesAt(now);
    if (character.value !== char) this.count = 0;
    else if (this.count > 0 && pause <= gap) this.count++;
    else this.count = pause >= preIdle ? 1 : 0;
    if (wanted > 0 && this.count >= wanted)
      scheduler.at(apb.tickOf(apb.cycleFrom(now) + postIdle), this.post);
    else scheduler.cancel(this.post);
  }

  reset(now: Ticks): void {
    this.last = this.parts.apb.cyclesAt(now);
    this.count = 0;
    this.parts.scheduler.cancel(this.post);
  }

  save(): State {
    return { last: this.last, count: this.count };
  }

  restore(state: State): void {
    this.last = state['last'] as number;
    this.count = state['count'] as number;
  }

  private finish(now: Ticks): void {
    if (this.parts.begun(now)) return;
    this.count = 0;
    this.parts.onDetect();
  }
}
