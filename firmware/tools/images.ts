/** The kernel images: the program in firmware/apps and the kernel's compile-time choices. */

/** What an image's `cfg` may name. `cooperative`: tasks run until they block or yield. */
export const FEATURES: readonly string[] = [
  ...['cooperative', 'balance', 'tick_ccompare'],
  ...['log_off', 'log_time', 'log_ring', 'log_ring_only'],
];

export interface ImageOptions {
  /** Crate root of the program, in firmware/apps. */
  readonly app: string;
  /** Some of FEATURES. */
  readonly cfg: readonly string[];
  /** C files of the program, in firmware/c; `c_wrapper.c` is in every image. */
  readonly c?: readonly string[];
}

export const IMAGES: Readonly<Record<string, ImageOptions>> = {
  hello: { app: 'hello.rs', cfg: [] },
  sched: { app: 'sched.rs', cfg: ['balance'] },
  'sched-cooperative': { app: 'sched.rs', cfg: ['cooperative'] },
  invariants: { app: 'invariants.rs', cfg: ['balance'] },
  mailbox: { app: 'mailbox.rs', cfg: [] },
  fault: { app: 'fault.rs', cfg: [] },
  shell: { app: 'shell/main.rs', cfg: ['log_time', 'log_ring'] },
  gpio: { app: 'gpio.rs', cfg: [] },
  i2c: { app: 'i2c.rs', cfg: [] },
  spi: { app: 'spi.rs', cfg: [] },
  log: { app: 'log.rs', cfg: ['log_time', 'log_ring_only'] },
  selftest: { app: 'selftest.rs', cfg: [] },
  isr: { app: 'isr.rs', cfg: [] },
  balance: { app: 'balance.rs', cfg: ['balance'] },
  delete: { app: 'delete.rs', cfg: [] },
  'delete-cooperative': { app: 'delete.rs', cfg: ['cooperative'] },
  watchdog: { app: 'watchdog.rs', cfg: [] },
  'tick-ccompare': { app: 'tick.rs', cfg: ['tick_ccompare'] },
  input: { app: 'input.rs', cfg: [] },
  misuse: { app: 'misuse.rs', cfg: [] },
  'log-both': { app: 'log.rs', cfg: ['log_ring'] },
  'log-off': { app: 'log.rs', cfg: ['log_off'] },
};
