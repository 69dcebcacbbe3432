/** The public interface of the package. */
export { Esp32 } from './esp32.ts';
export type { Esp32Options } from './esp32.ts';
export { parseElf } from './loader/elf.ts';
export type { Elf } from './loader/elf.ts';
export { InputError } from './loader/errors.ts';
export { parseRom } from './loader/rom.ts';
export type { Rom } from './loader/rom.ts';
export { MASTER_HZ } from './scheduler/clock.ts';
export type { Cycles, Ticks } from './scheduler/clock.ts';
export { semihosting } from './semihosting.ts';
export type { SemihostingHost } from './semihosting.ts';

// The test library
export { Board, createBoard, replayRun } from './testing/board.ts';
export type { BoardOptions, Fault, RunEnd, RunOptions, RunResult } from './testing/board.ts';
export { allOf, anyOf, elapsed } from './testing/conditions.ts';
export type { Condition, Until, Watch } from './testing/conditions.ts';
export type { Reach } from './testing/code-hooks.ts';
export type { FunctionCall, FunctionProbe, FunctionReturn } from './testing/function-probe.ts';
export type { GuestValue } from './testing/guest-value.ts';
export type { Variable } from './testing/variable.ts';
export type { MemoryWrite } from './testing/watchpoints.ts';
export { ExpectationError } from './testing/expectation.ts';
export type { ExpectationDetail } from './testing/expectation.ts';
export type { MachineOptions } from './testing/machine.ts';
export type { Pin } from './testing/pin.ts';
export type { ReplayResult } from './testing/run-log.ts';
export type { Snapshot } from './testing/snapshot.ts';
export type { TextHit } from './testing/text-match.ts';
export type { SendOptions, UartLine, UartPort } from './testing/uart-port.ts';
export { cycles, ms, ns, seconds, us } from './testing/units.ts';
export type { CpuCycles, Span, Time } from './testing/units.ts';
export type { InputEvent, InputRecord } from './inputs.ts';
export { SerialBinding } from './serial/binding.ts';
export type { SerialBindingOptions, SerialBindingPort } from './serial/binding.ts';
export type { Pace } from './serial/driver.ts';
export { WebSerialPort } from './serial/web-serial.ts';
export type { WebSerialOptions, WebSerialSignals } from './serial/web-serial.ts';
