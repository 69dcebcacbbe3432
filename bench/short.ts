/** A few instructions, so that Node compiles the interpreter: a child process of dispatch.ts. */
import { benchChip } from './machine.ts';
import { dispatch } from '../emulator/cpu/dispatch.ts';

const chip = benchChip();
chip.runUntil(10_000);
// Opcode 77 is NOP.
dispatch(chip.cores[0].cpu, 77, 0, 0, 0, 0);
