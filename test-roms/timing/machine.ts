/**
 * Runs a measuring program on a whole chip and returns what the guest itself measured: CCOUNT is
 * read by guest code, as it was on silicon. CPU_CLK 240 MHz, APB_CLK 80 MHz, code in IRAM, data in
 * DRAM, interrupts masked, watchdogs off; the core that does not measure is held in reset.
 */
import { assemble } from '../../emulator/cpu/assemble.ts';
import { Esp32 } from '../../emulator/esp32.ts';

export type CoreIndex = 0 | 1;

export interface RunOptions {
  readonly core?: CoreIndex;
  /** Save the chip's state every so many ticks and go on in a fresh chip that restored it. */
  readonly splitTicks?: number;
  /** Cycles of other words of the timing table, for the sensitivity report. */
  readonly limitTicks?: number;
}

const CODE = 0x40084000;
const VECTORS = 0x40082000;
const DATA = 0x3ffb0000;
const RESULT = 0x3ffbfff0;
const DONE = 0x3ffbfff4;
const STACK = 0x3ffbf000;

/** Registers written before the run, as a boot loader would: PLL at 240 MHz, watchdogs off. */
const SETUP: readonly (readonly [number, number])[] = [
  [0x3ff480a4, 0x50d83aa1],
  [0x3ff4808c, 0],
  [0x3ff5f064, 0x50d83aa1],
  [0x3ff5f048, 0],
  [0x3ff0003c, 2],
  [0x3ff48070, 1 << 27],
];

/**
 * Result register a2 of `program`: assembly that starts behind the set-up of PS (WOE, UM, interrupts
 * masked by level 15), the stack and the FPU, and ends by `j done`.
 */
export function run(program: string, options: RunOptions = {}): number {
  const core = options.core ?? 0;
  const source = `
    _start:
        movi    a2, 0x4002f
        wsr.ps  a2
        rsync
        movi    a2, 1
        wsr.cpenable a2
        rsync
        movi    a1, ${STACK}
${program}
    done:
        movi    a3, ${RESULT}
        s32i    a2, a3, 0
        movi    a2, 1
        s32i    a2, a3, 4
    stay:
        j       stay`;
  const assembled = assemble(source, {
    file: 'timing',
    origins: { '.literal': CODE - 0x400, '.text': CODE, '.data': DATA, '.vectors': VECTORS },
  });
  let chip = new Esp32();
  const port = chip.bus.ports[0];
  for (const [address, value] of SETUP) port.write32(address, value);
  port.write32(DONE, 0);
  for (const { address, bytes } of assembled.sections) {
    for (let i = 0; i < bytes.length; i += 4) {
      let word = 0;
      for (let k = 0; k < 4; k++) word |= (bytes[i + k] ?? 0) << (8 * k);
      port.write32(address + i, word);
    }
  }
  port.waitCycles = 0;
  port.drainCycles = 0;
  chip.cores[core].reset(assembled.entry);
  chip.cores[core].halt(false);
  chip.cores[core === 0 ? 1 : 0].halt(true);
  const end = chip.now + (options.limitTicks ?? 4_000_000);
  while (chip.bus.ports[0].read32(DONE) === 0) {
    if (chip.now >= end) throw new Error('the measuring program has not ended');
    chip.runUntil(Math.min(end, chip.now + (options.splitTicks ?? 20_000)));
    if (options.splitTicks !== undefined) chip = copyOf(chip);
  }
  return chip.bus.ports[0].read32(RESULT);
}

function copyOf(chip: Esp32): Esp32 {
  const copy = new Esp32();
  copy.restore(structuredClone(chip.save()));
  return copy;
}
