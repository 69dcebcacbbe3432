/** Semihosting for tests: text is kept, exit is noted, there are no files. */
import type { Esp32 } from '../esp32.ts';
import { connectSemihosting, printingHost } from '../semihosting.ts';
import { recordedHost } from './recorded-host.ts';
import type { HostAnswer } from './recorded-host.ts';

const MOST_TEXT = 1 << 20;

export interface CapturedHistory {
  readonly text: string;
  readonly exitCode: number | undefined;
}

export class CapturedHost {
  text = '';
  exitCode: number | undefined;

  /** `answers`: where to note what the guest is answered, for a recording. */
  constructor(chip: Esp32, answers?: HostAnswer[]) {
    const host = printingHost(
      (bytes) => this.print(bytes),
      (code) => {
        this.exitCode ??= code;
        chip.requestStop();
      },
    );
    connectSemihosting(chip, answers === undefined ? host : recordedHost(host, answers));
  }

  history(): CapturedHistory {
    return { text: this.text, exitCode: this.exitCode };
  }

  adopt(history: CapturedHistory): void {
    this.text = history.text;
    this.exitCode = history.exitCode;
  }

  private print(bytes: Uint8Array): void {
    this.text = (this.text + Buffer.from(bytes).toString('utf8')).slice(-MOST_TEXT);
  }
}
