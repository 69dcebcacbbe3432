/** Wait states of the memory map's regions at the present clocks, in CPU cycles. */
import { WAIT_CLASS } from '../memory/map.ts';
import { ROWS } from './regions.ts';

/** The access was measured as a pair, MEMW and L32I, of one issue cycle each. */
const MEMW_AND_LOAD = 2;

export class WaitStates {
  /** Of a load, by region index. */
  readonly load = new Int32Array(ROWS.length);
  /** Until a store has left the write buffer, by region index. */
  readonly drain = new Int32Array(ROWS.length);
  /** CPU_CLK cycles per APB_CLK cycle, at least 1. */
  apbRatio = 1;

  /** They follow the ratio of CPU_CLK to APB_CLK. */
  setClocks(cpuHz: number, apbHz: number): void {
    this.apbRatio = Math.max(1, Math.ceil(cpuHz / apbHz));
    ROWS.forEach((row, index) => {
      const wait = WAIT_CLASS[row.wait];
      const crossing = Math.ceil((wait.apbCycles * cpuHz) / apbHz);
      this.load[index] = wait.cpuCycles + Math.max(0, crossing - MEMW_AND_LOAD);
      this.drain[index] = crossing;
    });
  }
}
