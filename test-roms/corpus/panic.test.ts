/**
 * The panic image stores to address 0 in app_main: the panic handler's text, the core dump over
 * UART0, and the reboot.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { boot, noImages } from './corpus.fixtures.ts';

/** Bytes before the ELF file: total length, version, chip revision. */
const HEADER = 12;
/** SHA-256 of everything before it. */
const CHECKSUM = 32;

describe.skipIf(noImages)('panic', { timeout: 300_000 }, () => {
  it('prints registers, backtrace and a core dump, and reboots', () => {
    const session = boot('idf_panic-coredump-uart-v6.1-espressif');
    session.expect(/^Hello world!\r?\n/m, 700);
    session.expect(
      /^Guru Meditation Error: Core {2}0 panic'ed \(StoreProhibited\)\. Exception was unhandled\./m,
      700,
    );
    // S32I a8, a8, 0 with a8 = 0 in app_main.
    session.expect(/^PC {6}: 0x400d5260/m, 700);
    session.expect(/A8 {6}: 0x00000000/, 700);
    session.expect(/EXCCAUSE: 0x0000001d/, 700);
    session.expect(/^EXCVADDR: 0x00000000/m, 700);
    // app_main, main_task, vPortTaskWrapper: the calls before the return addresses.
    session.expect(
      /^Backtrace: 0x400d525d:0x3ffb\w{4} 0x400d316e:0x3ffb\w{4} 0x400daa61:0x3ffb\w{4}\r?\n/m,
      700,
    );
    session.expect(/Press Enter to print core dump to UART/, 700);
    session.expect(/^=+ CORE DUMP START =+\r?\n/m, 700);
    const { match } = session.expect(/^([^]*)^=+ CORE DUMP END =+/m, 3000);
    const dump = Buffer.concat(match[1]!.split(/\r?\n/).map((line) => Buffer.from(line, 'base64')));
    expect(dump.readUInt32LE(0)).toBe(dump.length);
    expect(dump.readUInt32LE(8)).toBe(300);
    expect(dump.toString('latin1', HEADER, HEADER + 4)).toBe('\x7fELF');
    const end = dump.length - CHECKSUM;
    const checksum = createHash('sha256').update(dump.subarray(0, end)).digest('hex');
    expect(dump.toString('hex', end)).toBe(checksum);
    session.expect(/^Rebooting\.\.\./m, 3000);
    session.expect(/^rst:0xc \(SW_CPU_RESET\),boot:0x13 \(SPI_FAST_FLASH_BOOT\)/m, 3000);
    session.expect(/^Hello world!\r?\n/m, 4000);
    expect(new Set(session.chip.log.resets.map(({ cause }) => cause))).toEqual(
      new Set(['SW_CPU_RESET']),
    );
  });
});
