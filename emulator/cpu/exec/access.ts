/** Data accesses of exec functions: what follows every access to the port. */
import { accessFault, raiseAt } from '../exceptions.ts';
import { EXCCAUSE } from '../isa/exccause.ts';
import { PENALTY } from '../isa/timing.ts';
import type { Cpu } from '../state.ts';

const DRAIN = PENALTY.memwStore.value;

/** False when the access just made faulted: the exception has been raised, no result may be written. */
export function accessDone(cpu: Cpu): boolean {
  if (cpu.port.fault < 0) return true;
  accessFault(cpu);
  return false;
}

/** After a store issued in this cycle: MEMW's successor waits for the store buffer. */
export function storeDone(cpu: Cpu): void {
  const port = cpu.port;
  if (port.fault >= 0) {
    accessFault(cpu);
  } else if (port.drainCycles !== 0) {
    cpu.storeDrain = (cpu.cycle + port.drainCycles) | 0;
    port.drainCycles = 0;
  } else {
    cpu.storeDrain = (cpu.cycle + DRAIN) | 0;
  }
}

/**
 * LoadStoreAlignment for the accesses that the hardware never splits: L32AI, S32RI and S32C1I.
 * Returns false when it was raised.
 */
export function aligned(cpu: Cpu, address: number): boolean {
  if ((address & 3) === 0) return true;
  raiseAt(cpu, EXCCAUSE.LoadStoreAlignment, address);
  return false;
}
