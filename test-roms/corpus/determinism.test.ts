/**
 * The same image gives the same state twice, and a snapshot taken somewhere in the boot, restored
 * into a new chip, runs on to the same state.
 */
import { describe, expect, it } from 'vitest';
import { Esp32 } from '../../emulator/index.ts';
import { flashOf, MS, noImages, realRom } from './corpus.fixtures.ts';

const END_MS = 400;
/** Tick of the snapshot by image: in the ROM, the bootloader, the start of APP_CPU, the application. */
const SNAPSHOT_MS: Readonly<Record<string, number>> = {
  'idf_hello_world-v3.0-gjyoung': 3.77,
  'idf_hello_world-v4.4-asarogers': 23.1501,
  'idf_hello_world-v5.1.2-erisdar': 103.3,
  'idf_blink-v5.1.2-erisdar': 155.01,
  'idf_freertos-tarefas-v5.4.2': 170.7,
  'smp_real_time_stats-v5.1.2': 360.123,
  'smp_semaphore-v5.0': 198.9,
  'idf_unity-app-v6.1-espressif': 240.5,
  'idf_panic-coredump-uart-v6.1-espressif': 345.25,
  'periph_uart_repl-console-v5.3.1': 333.333,
  'periph_i2c-master-mcp23017-v4.3': 281.9,
  'periph_spi-master-mcp23s17-v4.3': 318.8,
};

function runTo(chip: Esp32, ms: number): Esp32 {
  chip.runUntil(Math.round(ms * MS));
  return chip;
}

describe.skipIf(noImages)('the same run again', { timeout: 300_000 }, () => {
  it.each(Object.entries(SNAPSHOT_MS))('%s, snapshot at %d ms', (name, snapshotMs) => {
    const flash = flashOf(name);
    const make = (): Esp32 => new Esp32({ rom: realRom(), flash: flash.slice() });
    const expected = runTo(make(), END_MS).stateHash();
    const chip = runTo(make(), snapshotMs);
    const snapshot = chip.save();
    expect(runTo(chip, END_MS).stateHash()).toBe(expected);
    const resumed = make();
    resumed.restore(snapshot);
    expect(runTo(resumed, END_MS).stateHash()).toBe(expected);
  });
});
