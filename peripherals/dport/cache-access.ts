/**
 * Illegal cache accesses of one core: which happened (sticky), which raise the CACHE_IA interrupt
 * source. Bit n of the window masks is the window as DPORT_CACHE_IA_INT_EN orders them: DROM0,
 * IRAM0, IRAM1, IROM0, DRAM1, and 5 for the opposite core's cache.
 */
import type { State, Stateful } from '../../emulator/bus/state.ts';
import type { IllegalAccess } from '../../emulator/memory/external.ts';

const OPPOSITE = 5;
const WINDOWS = 6;

export class CacheAccess implements Stateful {
  /** Accesses while the cache was disabled; to a masked bus; through an invalid MMU entry (bit 0). */
  private disabled = 0;
  private masked = 0;
  private invalid = 0;
  /** The core's 14 bits of DPORT_CACHE_IA_INT_EN: 6 disabled, 6 masked, 1 invalid, 1 PID. */
  private enable = 0;

  record(window: number, why: IllegalAccess): void {
    if (why === 'disabled') this.disabled |= 1 << window;
    else if (why === 'opposite') this.disabled |= 1 << OPPOSITE;
    else if (why === 'masked') this.masked |= 1 << window;
    else this.invalid = 1;
  }

  setEnable(bits: number): void {
    this.enable = bits;
  }

  clear(): void {
    this.disabled = 0;
    this.masked = 0;
    this.invalid = 0;
  }

  /** Level of the core's share of the CACHE_IA source. */
  get asserted(): boolean {
    const status = this.disabled | (this.masked << WINDOWS) | (this.invalid << (2 * WINDOWS));
    return (status & this.enable) !== 0;
  }

  /** DPORT_x_DCACHE_DBUG3 bits 14:9, the windows in reverse order. */
  get disabledBits(): number {
    return reverse(this.disabled) << 9;
  }

  /** DPORT_x_DCACHE_DBUG0 bits 6:0: CACHE_IA in the order of DBUG3, CACHE_MMU_IA. */
  get cacheBits(): number {
    return (reverse(this.masked) << 1) | this.invalid;
  }

  save(): State {
    const { disabled, masked, invalid, enable } = this;
    return { disabled, masked, invalid, enable };
  }

  restore(state: State): void {
    this.disabled = state['disabled'] as number;
    this.masked = state['masked'] as number;
    this.invalid = state['invalid'] as number;
    this.enable = state['enable'] as number;
  }
}

function reverse(mask: number): number {
  let result = 0;
  for (let bit = 0; bit < WINDOWS; bit++) result |= ((mask >> bit) & 1) << (WINDOWS - 1 - bit);
  return result;
}
