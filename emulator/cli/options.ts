/** The options of `lockstep32 run`, in one typed table; `--help` is made from it. */
import type { Command } from 'commander';

interface OptionRow {
  readonly flags: string;
  readonly help: string;
  readonly repeat?: true;
}

// prettier-ignore
const RUN_OPTIONS = {
  rom:         { flags: '--rom <file>', help: 'mask ROM, ELF or raw binary; `open`: the open boot ROM; `auto`: an installed mask ROM, else `open` (default: auto; none for an ELF)' },
  flashSize:   { flags: '--flash-size <size>', help: 'size of the flash chip: 2MB, 4MB, 8MB, 16MB (default: from the image)' },
  flashHeader: { flags: '--flash-header <size>', help: 'write this flash size into the bootloader header, as flashing tools do (default: keep)' },
  psram:       { flags: '--psram <size>', help: 'PSRAM chip: 4MB or 8MB (default: none)' },
  elf:         { flags: '--elf <file>', help: 'application ELF: symbols and lines for reports and backtraces; repeatable', repeat: true },
  until:       { flags: '--until <regex>', help: 'end with success when the guest printed this (after every --expect)' },
  expect:      { flags: '--expect <regex>', help: 'the guest must print this; repeat for several, in order', repeat: true },
  failOn:      { flags: '--fail-on <regex>', help: 'end with failure when the guest prints this; repeatable', repeat: true },
  type:        { flags: "--type <'TEXT'@'REGEX'>", help: 'send TEXT on UART0 once REGEX was printed (\\n, \\r, \\xNN work); repeat for several, in order', repeat: true },
  maxTime:     { flags: '--max-time <time>', help: 'guest time limit: 500ms, 2s, 1500us (exit code 124)' },
  wallLimit:   { flags: '--wall-limit <time>', help: 'host time limit (exit code 124)' },
  uart0:       { flags: '--uart0 <target>', help: 'UART0 to a file, to pty, or on loopback to tcp:PORT or rfc2217:PORT (DTR and RTS as well), where the run starts when a client connects (default: stdio)' },
  record:      { flags: '--record <file>', help: 'write a log of the run that `lockstep32 replay` does again bit for bit' },
  report:      { flags: '--report <file>', help: 'write a JSON report of the run' },
  vcd:         { flags: '--vcd <file>', help: 'write the waveforms of --signal as a VCD file (GTKWave, PulseView)' },
  signal:      { flags: '--signal <glob>', help: 'wires for --vcd by name: GPIO4, GPIO*, ETS_UART0_INTR_SOURCE, PRO_CPU.INT*; repeatable (default: GPIO*)', repeat: true },
  trace:       { flags: '--trace', help: 'keep the last instructions of both cores and print them when the run fails (several times slower)' },
  traceFile:   { flags: '--trace-file <file>', help: 'write the trace to a file: every instruction, or the last --trace-depth' },
  traceDepth:  { flags: '--trace-depth <n>', help: 'instructions that a trace keeps (default: 200)' },
  semihosting: { flags: '--semihosting', help: 'carry out SIMCALL as the QEMU simulator does; files below the working folder (on for a bare ELF)' },
  timing:      { flags: '--timing <mode>', help: '`off`: one cycle for every instruction, memory never waits (default: on)' },
  sramArbiter: { flags: '--sram-arbiter <mode>', help: '`on`: cores and DMA contend for banks of internal SRAM (default: off, unmeasured)' },
  exactInterpreter: { flags: '--exact-interpreter', help: 'use the reference interpreter (the only execution mode so far)' },
} as const satisfies Record<string, OptionRow>;

const RUN_HELP = `
The guest's output is matched as bytes, over at most the last 4096 of them. A line that is not yet
complete ends, for $ in a pattern, when the guest was silent for 10 ms of its time.

On a terminal UART0 gets every key, Ctrl-C too; Ctrl-] ends the run.

Exit codes: 0 patterns met, or the guest ended with 0; 1 guest failed; 2 usage or bad input;
3 emulator fault; 124 time limit reached; 130 interrupted.`;

type Row<K extends keyof typeof RUN_OPTIONS> = (typeof RUN_OPTIONS)[K];
type ValueOf<R extends OptionRow> = R extends { repeat: true }
  ? string[]
  : R['flags'] extends `${string}<${string}`
    ? string | undefined
    : boolean | undefined;

export type RunOptions = { [K in keyof typeof RUN_OPTIONS]: ValueOf<Row<K>> };

export function addRunOptions(command: Command): void {
  for (const row of Object.values(RUN_OPTIONS) as OptionRow[]) {
    if (row.repeat === undefined) command.option(row.flags, row.help);
    else command.option(row.flags, row.help, (value, list: string[]) => [...list, value], []);
  }
  command.addHelpText('after', RUN_HELP);
}
