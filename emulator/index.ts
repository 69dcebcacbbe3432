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
export type { Measurements, StackRegion, WatchdogMargin } from './testing/measurements.ts';
export type { StackUse } from './testing/freertos.ts';
export type { MaskedSpan } from './testing/core-watch.ts';
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

// Devices on the board, and what a device of one's own needs
export type {
  Board as DeviceBoard,
  BoardCommand,
  BoardDevice,
  BoardEvent,
  BoardWire,
} from './bus/board-device.ts';
export type { Drive } from './bus/pad.ts';
export type { Level } from './bus/signal.ts';
export type { State, Stateful, StateValue } from './bus/state.ts';
export { Bmp280 } from '../peripherals/devices/bmp280.ts';
export type { Bmp280Options } from '../peripherals/devices/bmp280.ts';
export { Button } from '../peripherals/devices/button.ts';
export type { ButtonOptions } from '../peripherals/devices/button.ts';
export { Eeprom24Lc256 } from '../peripherals/devices/eeprom-24lc256.ts';
export type { Eeprom24Lc256Options } from '../peripherals/devices/eeprom-24lc256.ts';
export { I2cFault } from '../peripherals/devices/i2c-fault.ts';
export { I2cTarget } from '../peripherals/devices/i2c-target.ts';
export type { I2cTargetDevice, I2cTargetOptions } from '../peripherals/devices/i2c-target.ts';
export { LogicProbe } from '../peripherals/devices/logic-probe.ts';
export type { LogicProbeOptions, ProbedEdge } from '../peripherals/devices/logic-probe.ts';
export { Mcp23017 } from '../peripherals/devices/mcp23017.ts';
export type { Mcp23017Options } from '../peripherals/devices/mcp23017.ts';
export { Mcp23s17 } from '../peripherals/devices/mcp23s17.ts';
export type { Mcp23s17Options } from '../peripherals/devices/mcp23s17.ts';
export { encodePng } from '../peripherals/devices/png.ts';
export type { Picture } from '../peripherals/devices/png.ts';
export { RotaryEncoder } from '../peripherals/devices/rotary-encoder.ts';
export type { RotaryEncoderOptions } from '../peripherals/devices/rotary-encoder.ts';
export { SerialTerminal } from '../peripherals/devices/serial-terminal.ts';
export type { SerialTerminalOptions } from '../peripherals/devices/serial-terminal.ts';
export { SpiFlash } from '../peripherals/devices/spi-flash.ts';
export type { SpiFlashOptions } from '../peripherals/devices/spi-flash.ts';
export { SpiTarget } from '../peripherals/devices/spi-target.ts';
export type {
  SpiProtocol,
  SpiTargetOptions,
  SpiTargetPins,
} from '../peripherals/devices/spi-target.ts';
export { Ssd1306 } from '../peripherals/devices/ssd1306.ts';
export type { Ssd1306Options } from '../peripherals/devices/ssd1306.ts';
export { St7789 } from '../peripherals/devices/st7789.ts';
export type { St7789Options } from '../peripherals/devices/st7789.ts';

// Waveforms: wires recorded, written and decoded
export { decodeI2c, i2cText } from './debugger/waveform/decode-i2c.ts';
export type { I2cItem } from './debugger/waveform/decode-i2c.ts';
export { decodeSpi } from './debugger/waveform/decode-spi.ts';
export type { SpiTransferSeen, SpiWires } from './debugger/waveform/decode-spi.ts';
export { decodeUart, uartText } from './debugger/waveform/decode-uart.ts';
export type { UartFault, UartFormat, UartFrame } from './debugger/waveform/decode-uart.ts';
export { selectProbes } from './debugger/waveform/probe.ts';
export type { Probe, WaveValue } from './debugger/waveform/probe.ts';
export { WaveRecorder } from './debugger/waveform/recorder.ts';
export type { Change, Recording, Wave } from './debugger/waveform/recorder.ts';
export { formatSvg } from './debugger/waveform/svg.ts';
export type { WaveformPicture } from './debugger/waveform/svg.ts';
export { formatVcd } from './debugger/waveform/vcd.ts';
export { dutyCycleOf, edgesOf, frequencyOf, valueAt, waveOf } from './debugger/waveform/wave.ts';
export type { Edge, EdgeKind } from './debugger/waveform/wave.ts';
