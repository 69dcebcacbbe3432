/** Data accesses of exec functions: what follows every access to the port. */
import { accessFault, raiseAt } from '../exceptions.ts';
import { EXCCAUSE } from '../isa/exccause.ts';
import { PENALTY } from '../isa/timing.ts';
import type { Cpu } from '../state.ts';

const DRAIN = PENALTY.memwStore.value;

/**
 * Charges the wait states of the access just made. False when it faulted: the exception has been
 * raised, and no result may be written.
 */
export function accessDone(cpu: Cpu): boolean {
  const port = cpu.port;
  if (port.waitCycles !== 0) {
    cpu.cycle = (cpu.cycle + port.waitCycles) | 0;
    port.waitCycles = 0;
  }
  if (port.fault < 0) return true;
  accessFault(cpu);
  return false;
}

/**
 * After a store issued in this cycle: wait states and fault as above; MEMW's successor waits for
 * the store buffer, `drain` cycles in internal SRAM.
 */
export function storeDone(cpu: Cpu, drain: number = DRAIN): boolean {
  const port = cpu.port;
  const issue = cpu.cycle;
  if (!accessDone(cpu)) return false;
  if (port.drainCycles === 0) {
    cpu.storeDrain = (issue + drain) | 0;
  } else {
    cpu.storeDrain = (issue + port.drainCycles) | 0;
    port.drainCycles = 0;
  }
  return true;
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
