/** Semihosting for tests: text is kept, exit is noted, there are no files. */
import type { Esp32 } from '../esp32.ts';
import { semihosting } from '../semihosting.ts';

const ENOSYS = -38;
const MOST_TEXT = 1 << 20;

export interface CapturedHistory {
  readonly text: string;
  readonly exitCode: number | undefined;
}

export class CapturedHost {
  text = '';
  exitCode: number | undefined;

  constructor(chip: Esp32) {
    const carryOut = semihosting({
      write: (fd, bytes) => {
        if (fd === 1 || fd === 2) this.print(bytes);
        return bytes.length;
      },
      read: () => new Uint8Array(0),
      open: () => ENOSYS,
      close: () => ENOSYS,
      seek: () => ENOSYS,
      exit: (code) => {
        this.exitCode ??= code;
        chip.requestStop();
      },
    });
    chip.cores.forEach(({ cpu }, core) => {
      cpu.simcall = (caller) => {
        chip.multicore.syncTime(core);
        carryOut(caller);
      };
    });
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
