/** Ctrl-C and friends: noted, so that the run ends at an instruction boundary and tidies up. */
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export class Signals {
  received: (typeof SIGNALS)[number] | undefined;
  private readonly listener = (signal: NodeJS.Signals): void => {
    // A second one ends the process at once.
    this.ignore();
    this.received = signal as (typeof SIGNALS)[number];
  };

  constructor() {
    this.listen();
  }

  /** The exit code a shell expects: 128 and the signal's number. */
  get exitCode(): number | undefined {
    return this.received === undefined ? undefined : 128 + constants.signals[this.received];
  }

  listen(): void {
    for (const signal of SIGNALS) process.on(signal, this.listener);
  }

  /** From now on signals have their default action. */
  ignore(): void {
    for (const signal of SIGNALS) process.off(signal, this.listener);
  }
}
