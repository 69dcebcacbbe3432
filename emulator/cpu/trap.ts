/** The last step of every trap: the running instruction is abandoned for a vector. */
import type { Cpu } from './state.ts';

/** Goes to VECBASE + vector, `penalty` cycles later; the instruction does not count in ICOUNT. */
export function trapTo(cpu: Cpu, vector: number, penalty: number): void {
  cpu.nextPc = (cpu.vecbase + vector) | 0;
  cpu.trapped = 1;
  if (cpu.untimed === 0) cpu.cycle = (cpu.cycle + penalty) | 0;
  cpu.icount = (cpu.icount - cpu.icountStep) | 0;
  cpu.icountStep = 0;
}
