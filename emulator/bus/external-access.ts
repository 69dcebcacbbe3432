/** What the bus needs of the external memory behind the caches: `emulator/memory/external.ts`. */
export interface ExternalAccess {
  /** Wait states of the last `data` call, in CPU cycles. */
  waitCycles: number;
  /**
   * Backing offset behind a data address in a cached window, or -1: disabled, or no valid MMU
   * entry. `waited`: CPU cycles that the instruction has waited already.
   */
  data(core: number, addr: number, write: boolean, waited: number): number;
  /** Backing offset behind an instruction address in a cached window, or -1. */
  code(core: number, addr: number): number;
  /** An instruction fetch that `code` refused. */
  codeDenied(core: number, addr: number): void;
  /** Wait states, in CPU cycles, of a fetch that enters the cache line of `addr`; -1: the window is shut. */
  fetchLine(core: number, addr: number): number;
}

/** No flash and no PSRAM. */
export const NO_EXTERNAL: ExternalAccess = {
  waitCycles: 0,
  data: () => -1,
  code: () => -1,
  codeDenied: () => {},
  fetchLine: () => 0,
};
