/**
 * What a failed test leaves to look at: the UARTs with times, waveforms, and the last instructions of
 * both cores. Those are had by running the test's board once more from where it was forked, with
 * the same inputs: no test pays for a trace unless it fails.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WaveRecorder } from '../debugger/waveform/recorder.ts';
import { formatVcd } from '../debugger/waveform/vcd.ts';
import type { InputRecord } from '../inputs.ts';
import type { Board } from '../testing/board.ts';
import { lastInstructions } from '../testing/last-instructions.ts';
import type { Snapshot } from '../testing/snapshot.ts';
import { timeText } from '../testing/units.ts';

interface EvidenceFile {
  readonly name: string;
  readonly body: string;
}

/** Collects from a board from the moment it is made on. */
export class Evidence {
  private readonly board: Board;
  private readonly start: Snapshot;
  private readonly recorder: WaveRecorder;
  private readonly inputs: InputRecord[] = [];

  /** `board` was just forked from `start`. */
  constructor(board: Board, start: Snapshot) {
    this.board = board;
    this.start = start;
    board.chip.inputs.onApplied = (record) => this.inputs.push(record);
    const pins = board.chip.probes().filter(({ scope }) => scope === 'pins');
    this.recorder = new WaveRecorder(pins, () => board.chip.scheduler.now);
  }

  /** Where the board stopped, in lines for the console. */
  summary(): string[] {
    const { board } = this;
    return [`stopped at ${timeText(board.now)} of guest time`, ...board.where()];
  }

  /** Writes the files into a folder and returns their paths. */
  write(folder: string): string[] {
    mkdirSync(folder, { recursive: true });
    return this.files().map(({ name, body }) => {
      const path = join(folder, name);
      writeFileSync(path, body);
      return path;
    });
  }

  private files(): EvidenceFile[] {
    return [
      ...([0, 1, 2] as const).flatMap((index) => this.uartLog(index)),
      { name: 'pins.vcd', body: formatVcd(this.recorder.recording()) },
      { name: 'last-instructions.txt', body: this.lastInstructions() },
    ];
  }

  private lastInstructions(): string {
    const { board, start, inputs } = this;
    return `${lastInstructions({ board, start, inputs }).join('\n')}\n`;
  }

  private uartLog(index: 0 | 1 | 2): EvidenceFile[] {
    const { log } = this.board.uart(index);
    if (log.length === 0) return [];
    const body = log.map(({ tick, text }) => `${timeText(tick).padStart(14)}  ${text}\n`).join('');
    return [{ name: `uart${index}.log`, body }];
  }
}
