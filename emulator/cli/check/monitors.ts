/** All that listens to a board while a scenario runs; none of it changes a cycle. */
import { WaveRecorder } from '../../debugger/waveform/recorder.ts';
import type { Recording } from '../../debugger/waveform/recorder.ts';
import type { Ticks } from '../../scheduler/clock.ts';
import type { Board } from '../../testing/board.ts';
import type { UartLine } from '../../testing/uart-port.ts';
import { Scenario as Output } from '../scenario.ts';
import { CoreWatch } from '../../testing/core-watch.ts';
import { FreeRtos } from '../../testing/freertos.ts';
import type { CoreLane } from './result.ts';
import { Lane } from './timeline.ts';

const UARTS = [0, 1, 2] as const;
const CORES = [0, 1] as const;

export class Monitors {
  readonly cores: CoreWatch;
  readonly tasks: FreeRtos | undefined;
  private readonly board: Board;
  private readonly start: Ticks;
  private readonly recorder: WaveRecorder;
  private readonly lanes: readonly [Lane, Lane] = [new Lane(), new Lane()];
  private readonly outputs: readonly Output[];
  private forbidden: string | undefined;

  constructor(board: Board, failOn: readonly (string | RegExp)[]) {
    const { chip } = board;
    this.board = board;
    this.start = board.now;
    const pins = chip.probes().filter(({ scope }) => scope === 'pins');
    this.recorder = new WaveRecorder(pins, () => chip.scheduler.now);
    this.tasks = FreeRtos.find(board);
    this.cores = new CoreWatch(chip, (core, tick, state) => {
      const task = state === 'held' ? undefined : this.tasks?.running(core);
      this.lanes[core].mark(tick, task ?? state);
    });
    this.cores.look();
    if (this.tasks !== undefined) {
      const { currentAddress, currentBytes } = this.tasks;
      board.onWrite(currentAddress, currentBytes, () => this.cores.look());
    }
    this.outputs = UARTS.map((index) => this.listen(index, failOn));
  }

  /** A forbidden text that was printed, in words. */
  violation(): string | undefined {
    return this.forbidden;
  }

  /** The end: a last line without its end counts. */
  settle(): void {
    this.cores.look();
    this.outputs.forEach((output, uart) => {
      output.settle();
      this.note(output, uart);
    });
  }

  /** Pins that changed, or that somebody drove. */
  pins(): Recording {
    const recording = this.recorder.recording();
    return { ...recording, waves: recording.waves.filter(({ changes }) => changes.length > 0) };
  }

  coreLanes(): CoreLane[] {
    const { now } = this.board;
    return CORES.map((core) => ({
      name: this.board.chip.cores[core].cpu.name,
      segments: this.lanes[core].segments(now),
      shares: this.lanes[core].shares(now),
    }));
  }

  uarts(): { index: number; lines: UartLine[] }[] {
    return UARTS.map((index) => ({
      index,
      lines: this.board.uart(index).log.filter(({ tick }) => tick >= this.start),
    })).filter(({ lines }) => lines.length > 0);
  }

  private listen(index: 0 | 1 | 2, failOn: readonly (string | RegExp)[]): Output {
    const patterns = failOn.map(asRegExp);
    const output = new Output({ expect: [], failOn: patterns, type: [] }, () => {});
    if (patterns.length > 0)
      this.board.chip.serial[index].onByte((byte) => {
        output.print(String.fromCharCode(byte));
        this.note(output, index);
      });
    return output;
  }

  private note(output: Output, uart: number): void {
    if (output.verdict === undefined || this.forbidden !== undefined) return;
    const found = /matched (.*)$/s.exec(output.verdict.why)?.[1] ?? '';
    this.forbidden = `UART${uart} printed ${found}, which failOn forbids`;
    this.board.stop(this.forbidden);
  }
}

/** As the output is kept: one character for each byte. */
function asRegExp(pattern: string | RegExp): RegExp {
  const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
  if (pattern instanceof RegExp)
    return new RegExp(bytes(pattern.source), `m${pattern.flags.replace(/[gmuy]/g, '')}`);
  return new RegExp(bytes(pattern).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
}
