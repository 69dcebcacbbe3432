/** `--vcd`: records the wires that `--signal` names and writes them when the run has ended. */
import { selectProbes } from '../debugger/waveform/probe.ts';
import { WaveRecorder } from '../debugger/waveform/recorder.ts';
import { formatVcd } from '../debugger/waveform/vcd.ts';
import type { Esp32 } from '../esp32.ts';
import { InputError } from '../loader/errors.ts';
import type { RunOptions } from './options.ts';
import { checkWritable, writeOutput } from './output-file.ts';

export class WaveformFile {
  private readonly file: string;
  private readonly recorder: WaveRecorder;

  private constructor(file: string, recorder: WaveRecorder) {
    this.file = file;
    this.recorder = recorder;
  }

  /** Begins to record, if asked to. Throws InputError for an unknown signal or an unusable file. */
  static open(chip: Esp32, { vcd, signal }: RunOptions): WaveformFile | undefined {
    if (vcd === undefined) {
      if (signal.length === 0) return undefined;
      throw new InputError('--signal', 'no file for the waveforms', {
        expected: '--vcd FILE with it',
      });
    }
    const probes = selectProbes(chip.probes(), signal.length > 0 ? signal : ['GPIO*']);
    checkWritable(vcd);
    return new WaveformFile(vcd, new WaveRecorder(probes, () => chip.now));
  }

  write(): void {
    writeOutput(this.file, formatVcd(this.recorder.recording()));
  }
}
