/** `lockstep32 replay`: does a recorded run again and checks that it is the same, bit for bit. */
import type { Command } from 'commander';
import { InputError } from '../loader/errors.ts';
import { hostFiles, readInput } from '../loader/files.ts';
import { connectSemihosting } from '../semihosting.ts';
import { readMachine } from '../testing/machine.ts';
import type { MachineOptions } from '../testing/machine.ts';
import { replayedHost } from '../testing/recorded-host.ts';
import { decodeRunLog, replayOn } from '../testing/run-log.ts';
import type { RunLog } from '../testing/run-log.ts';
import { EXIT } from './exit.ts';

interface ReplayOptions {
  readonly rom?: string;
  readonly quiet?: boolean;
}

export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('do a run again that `run --record` recorded, and compare it bit for bit')
    .argument('<log>', 'the file that --record wrote')
    .argument('[input...]', 'the images, when they lie elsewhere now')
    .option('--rom <file>', 'the mask ROM, when it lies elsewhere now')
    .option('--quiet', 'do not print what the guest prints')
    .addHelpText(
      'after',
      '\nExit codes: 0 the same; 1 it differs; 2 another machine, or a damaged log.',
    )
    .action((file: string, inputs: string[], options: ReplayOptions) => {
      process.exitCode = replay(file, inputs, options);
    });
}

function replay(file: string, inputs: readonly string[], options: ReplayOptions): number {
  const log = decodeRunLog(readInput(hostFiles, file), file);
  const machine = readMachine(machineOptions(log, file, inputs, options));
  const chip = machine.make();
  const print = (bytes: Uint8Array): void => {
    if (options.quiet !== true) process.stdout.write(bytes);
  };
  chip.uart0.onByte((byte) => print(Uint8Array.of(byte)));
  if (log.semihosting) connectSemihosting(chip, replayedHost(log.answers, print));
  const { isSame, why } = replayOn(chip, machine, log, file);
  process.stderr.write(`lockstep32: ${why}\n`);
  return isSame ? EXIT.met : EXIT.guestFailed;
}

function machineOptions(
  log: RunLog,
  file: string,
  inputs: readonly string[],
  options: ReplayOptions,
): MachineOptions {
  const recorded = log.options as Partial<MachineOptions>;
  const firmware = inputs.length > 0 ? inputs : recorded.firmware;
  if (firmware === undefined)
    throw new InputError(file, 'it does not say which images it ran', {
      expected: 'the images behind the log',
    });
  return { ...recorded, firmware, ...(options.rom === undefined ? {} : { rom: options.rom }) };
}
