/**
 * Both mask ROMs, as ELF and as raw dump, boot the same image; files of one revision give the same
 * run to the last bit.
 */
import { describe, expect, it } from 'vitest';
import { boot, logLine, noImages, realRom, Session } from './corpus.fixtures.ts';

const IMAGE = 'idf_hello_world-v4.4-asarogers';
const END_MS = 340;

describe.skipIf(noImages)('mask ROMs', () => {
  it.each([
    [0, 'Jun  8 2016 00:22:57', 'esp32_rev0_rom.elf', 'esp32-rev0-rom.bin'],
    [3, 'Jul 29 2019 12:21:46', 'esp32_rev300_rom.elf', 'esp32-v3-rom.bin'],
  ])('of revision %i boot from ELF and from a dump alike', (revision, date, elf, raw) => {
    const [byElf, byRaw] = [elf, raw].map((file) => {
      const session = boot(IMAGE, { rom: realRom(file) });
      session.expect(new RegExp(`^ets ${date}\\r?\\n`, 'm'), 20);
      session.expect(logLine('boot', `chip revision: ${revision}`), 200);
      session.expect(logLine('cpu_start', 'App cpu up\\.'), END_MS);
      session.expect(/^Hello world!/m, END_MS);
      session.runTo(END_MS);
      return session;
    });
    expect(byRaw!.text).toBe(byElf!.text);
    expect(byRaw!.chip.stateHash()).toBe(byElf!.chip.stateHash());
  });

  it('boot a chip with PSRAM that the image does not use', () => {
    const session = boot(IMAGE, { rom: realRom('esp32_rev0_rom.elf'), psramSize: 4 << 20 });
    session.expect(/^Hello world!/m, END_MS);
    expect(session.chip.log.resets).toEqual([]);
  });

  it.each([
    ['esp32_rev0_rom.elf', /^flash read err, 1000\r?\n/m],
    ['esp32_rev300_rom.elf', /^invalid header: 0xffffffff\r?\n/m],
  ])('%s with an erased flash is reset by the watchdogs of the boot', (file, complaint) => {
    const session = new Session(new Uint8Array(4 << 20).fill(0xff), { rom: realRom(file) });
    session.expect(complaint, 100);
    session.expect(/^rst:0x7 \(TG0WDT_SYS_RESET\),boot:0x13/m, 1000);
    session.expect(complaint, 1000);
    session.expect(/^rst:0x10 \(RTCWDT_RTC_RESET\),boot:0x13/m, 1000);
  });
});
