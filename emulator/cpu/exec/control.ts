/** Changes of the program counter, with their cost. */
import { PENALTY } from '../isa/timing.ts';
import type { Cpu } from '../state.ts';

const TAKEN = PENALTY.takenBranch.value;
const CALL = PENALTY.call.value;
const RETURN = PENALTY.return.value;

/** Taken branch, J, JX. */
export function branchTo(cpu: Cpu, target: number): void {
  cpu.nextPc = target;
  cpu.cycle = (cpu.cycle + TAKEN) | 0;
}

export function callTo(cpu: Cpu, target: number): void {
  cpu.nextPc = target;
  cpu.cycle = (cpu.cycle + CALL) | 0;
}

/** RET, RETW and the returns from exceptions. */
export function returnTo(cpu: Cpu, target: number): void {
  cpu.nextPc = target;
  cpu.cycle = (cpu.cycle + RETURN) | 0;
}
