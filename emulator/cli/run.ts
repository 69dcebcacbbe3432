/** `lockstep32 run`: boots a chip from an ELF or flash images and watches UART0. */
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { Esp32 } from '../esp32.ts';
import { hostFiles } from '../loader/files.ts';
import { parseFlashSize } from '../loader/flash.ts';
import { readRunInput } from '../loader/inputs.ts';
import { loadRom } from './rom-option.ts';
import type { RunInput } from '../loader/inputs.ts';
import { MASTER_HZ } from '../scheduler/clock.ts';
import { semihosting } from '../semihosting.ts';
import { describeFailure } from './failure.ts';
import { EXIT } from './exit.ts';
import { HostSemihosting } from './host-semihosting.ts';
import { addRunOptions, parsePattern, parseTime, parseTypeRule } from './options.ts';
import type { RunOptions } from './options.ts';
import { ProgressLine } from './progress.ts';
import { makeReport } from './report.ts';
import { Scenario } from './scenario.ts';
import { openSerial } from './serial.ts';
import { Symbols } from './symbols.ts';
import { checkWritable } from './writable.ts';

/** Guest time between two looks at the host (limits, terminal, signals): 1 ms. */
const STEP = MASTER_HZ / 1000;

export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description(
      'boot firmware: an ELF, a flash image, OFFSET FILE pairs, or an ESP-IDF build folder',
    )
    .argument(
      '<input...>',
      'FILE, FOLDER, or 0x1000 bootloader.bin 0x8000 partition-table.bin 0x10000 app.bin',
    )
    .action(async (inputs: string[], options: RunOptions) => {
      process.exitCode = await run(inputs, options);
    });
  addRunOptions(command);
}

async function run(inputs: string[], options: RunOptions): Promise<number> {
  const limits = {
    guest: options.maxTime === undefined ? Infinity : parseTime(options.maxTime, '--max-time'),
    wallMs:
      options.wallLimit === undefined
        ? Infinity
        : parseTime(options.wallLimit, '--wall-limit') / 480_000,
  };
  const scenarioOptions = {
    until: options.until === undefined ? undefined : parsePattern(options.until, '--until'),
    expect: options.expect.map((text) => parsePattern(text, '--expect')),
    failOn: options.failOn.map((text) => parsePattern(text, '--fail-on')),
    type: options.type.map(parseTypeRule),
  };
  if (options.report !== undefined) checkWritable(options.report);
  const input = readRunInput(inputs, hostFiles, flashOptions(options));
  const symbols = new Symbols(options.elf, input);
  const chip = buildChip(input, options);
  const host = new HostSemihosting(process.cwd(), (code) => {
    guestExitCode = code;
    chip.requestStop();
  });
  let guestExitCode: number | undefined;
  if (options.semihosting === true || input.kind === 'elf') {
    for (const core of chip.cores) core.cpu.simcall = semihosting(host);
  }
  const serial = await openSerial(options.uart0, chip);
  const scenario = new Scenario(scenarioOptions, (text) =>
    chip.uart0.send(Buffer.from(text, 'latin1')),
  );
  const progress = new ProgressLine(process.stderr);
  chip.log.onWarning = (message) => progress.say(`warning: ${message}`);
  chip.uart0.onByte((byte) => {
    serial.print(byte);
    scenario.print(String.fromCharCode(byte));
    if (scenario.verdict !== undefined) chip.requestStop();
  });

  const started = Date.now();
  let code: number | undefined;
  let why = '';
  while (code === undefined) {
    chip.runUntil(Math.min(chip.now + STEP, limits.guest));
    if (guestExitCode !== undefined) code = guestExitCode === 0 ? EXIT.met : EXIT.guestFailed;
    else if (scenario.verdict !== undefined) {
      code = scenario.verdict.met ? EXIT.met : EXIT.guestFailed;
      why = scenario.verdict.why;
    } else if (serial.quit) code = EXIT.met;
    else if (chip.now >= limits.guest) {
      code = EXIT.limit;
      why = `guest time limit ${options.maxTime} reached`;
    } else if (Date.now() - started > limits.wallMs) {
      code = EXIT.limit;
      why = `host time limit ${options.wallLimit} reached`;
    }
    progress.show(chip.now, Date.now() - started);
    await serial.turn();
  }
  progress.clear();
  serial.close();
  if (serial.midLine) console.error();
  host.close();
  if (code !== EXIT.met)
    console.error(describeFailure(chip, scenario, symbols, why, guestExitCode));
  if (options.report !== undefined) {
    const report = makeReport(chip, symbols, { exitCode: code, why, guestExitCode });
    writeFileSync(options.report, `${JSON.stringify(report, null, 2)}\n`);
  }
  return code;
}

function buildChip(input: RunInput, options: RunOptions): Esp32 {
  const psramSize = options.psram === undefined ? 0 : parseFlashSize(options.psram, '--psram');
  if (input.kind === 'elf') {
    const chip = new Esp32({ psramSize });
    chip.loadElf(input.elf);
    return chip;
  }
  const rom = loadRom(options.rom);
  for (const warning of input.flash.warnings) console.error(`lockstep32: warning: ${warning}`);
  return new Esp32({ rom, flash: input.flash.bytes, psramSize });
}

function flashOptions(options: RunOptions): { sizeBytes?: number } {
  return options.flashSize === undefined ? {} : { sizeBytes: parseFlashSize(options.flashSize) };
}
