/** The real command on real firmware with the genuine mask ROM, in the forms a user gives it. */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { file, folder, lockstep32 } from './command.fixtures.ts';

const REAL = resolve('../shared/real');
const HELLO = join(REAL, 'fw/idf_hello_world-v5.1.2-erisdar');
const PANIC = join(REAL, 'fw/idf_panic-coredump-uart-v6.1-espressif');
const ROM = ['--rom', join(REAL, 'rom/esp32_rev300_rom.elf')];
const hasReal = existsSync(HELLO);
const pairs = (app: string): string[] => [
  ...['0x1000', join(HELLO, 'bootloader.bin'), '0x8000', join(HELLO, 'partition-table.bin')],
  ...['0x10000', app],
];

it.runIf(process.env['CI'] === 'true')('CI has the real firmware', () => {
  expect(hasReal).toBe(true);
});

describe.skipIf(!hasReal)('real firmware', () => {
  it('a build folder boots and its report counts watchdog feeds and unmodelled registers', async () => {
    const build = join(folder, 'build');
    mkdirSync(build);
    const files = { '0x1000': 'bootloader', '0x8000': 'partition-table', '0x10000': 'app' };
    for (const name of Object.values(files))
      copyFileSync(join(HELLO, `${name}.bin`), join(build, `${name}.bin`));
    const names = Object.entries(files).map(([offset, name]) => [offset, `${name}.bin`]);
    file('build/flasher_args.json', JSON.stringify({ flash_files: Object.fromEntries(names) }));
    const report = join(folder, 'boot.json');
    const { code, stderr } = await lockstep32('run', build, ...ROM, '--elf',
      join(HELLO, 'app.elf'), '--until', 'Calling app_main', '--report', report); // prettier-ignore
    expect([code, stderr]).toEqual([0, '']);
    const read = JSON.parse(readFileSync(report, 'utf8'));
    expect(read.watchdogFeedsBy.RTC_CNTL).toBeGreaterThan(0);
    for (const entry of read.unmodelled) {
      expect(entry.pc).toMatch(/^0x[0-9a-f]{8}/);
      expect(entry.count).toBeGreaterThan(0);
    }
  });

  it('an ELF linked to flash boots from the image beside it', async () => {
    const until = ['--until', 'ESP-IDF v5', '--max-time', '1s'];
    const { code, stderr } = await lockstep32('run', join(HELLO, 'app.elf'), ...ROM, ...until);
    expect([code, stderr]).toEqual([0, '']);
    const alone = join(folder, 'alone.elf');
    copyFileSync(join(HELLO, 'app.elf'), alone);
    const refused = await lockstep32('run', alone, ...ROM);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /^lockstep32: \S*alone\.elf: this ELF is linked to run from flash;[^\n]*\n$/,
    );
  });

  it('a panic shows the backtrace with symbols', async () => {
    const { code, stdout, stderr } = await lockstep32('run', join(PANIC, 'app.bin'), ...ROM, '--expect', 'Backtrace:', '--until', 'ELF file SHA256'); // prettier-ignore
    expect(code).toBe(0);
    expect(stdout).toContain("panic'ed (StoreProhibited)");
    expect(stderr).toMatch(
      /^lockstep32: backtrace:\n {2}0x400d525d app_main\+0x9 \(.*hello_world_main\.c:17\)\n {2}0x400d316e main_task\+0x92 /m,
    );
  });

  it('an image for another chip is refused', async () => {
    const bytes = new Uint8Array(readFileSync(join(HELLO, 'app.bin')));
    bytes[12] = 9;
    const { code, stderr } = await lockstep32('run', ...pairs(file('s3.bin', bytes)), ...ROM);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /s3\.bin at offset 0xc: image for ESP32-S3; expected chip id 0 \(ESP32\)\n$/,
    );
  });
});
