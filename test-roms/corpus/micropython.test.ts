/**
 * MicroPython at its prompt: interpreter, file system in flash, timers, soft and hard reset. The
 * first start formats the file system, so flash erase and program times pass.
 */
import { describe, expect, it } from 'vitest';
import { composeFlash } from '../../emulator/loader/flash.ts';
import { realBytes } from '../../emulator/loader/real.fixtures.ts';
import { noImages, Session } from './corpus.fixtures.ts';

/** One file at 0x1000: bootloader, partition table and application. */
function bootMicroPython(file: string): Session {
  const bytes = realBytes('fw', 'micropython', file);
  return new Session(composeFlash([{ offset: 0x1000, bytes, file }]).bytes);
}

/** Types a line and returns what it printed before the next prompt. */
function ask(session: Session, line: string, limitMs = 500): string {
  session.type(`${line}\r`);
  const { match } = session.expect(/\r\n([^]*?)>>> /, session.ms + limitMs);
  return match[1]!.trim();
}

describe.skipIf(noImages)('MicroPython', () => {
  it.each([
    ['1.20.0', 'v1.20.0-idf4.2.4.bin'],
    ['1.23.0', 'v1.23.0-idf5.0.4.bin'],
  ])('%s calculates, keeps files over resets and runs timers', (version, file) => {
    const session = bootMicroPython(file);
    session.expect(/^Performing initial setup/m, 1000);
    const banner = new RegExp(`^MicroPython v${version} on [^]*?>>> `, 'm');
    session.expect(banner, 2000);
    expect(ask(session, 'print(6*7)')).toBe('42');
    expect(ask(session, 'import machine; machine.freq()')).toBe('160000000');
    expect(ask(session, 'f = open("a.txt", "w"); f.write("kept" * 3); f.close()')).toBe('12');

    session.type('\x04');
    session.expect(/^MPY: soft reboot/m, session.ms + 500);
    session.expect(banner, session.ms + 500);
    expect(ask(session, 'open("a.txt").read()')).toBe("'keptkeptkept'");

    ask(session, 'import machine, time; n = []; t = machine.Timer(0)');
    ask(session, 't.init(period=20, callback=lambda t: n.append(time.ticks_ms()))');
    ask(session, 'time.sleep_ms(110); t.deinit()');
    const gaps = 'len(n), set(n[i + 1] - n[i] for i in range(len(n) - 1))';
    expect(ask(session, gaps)).toMatch(/^\([56], \{20\}\)$/);

    session.type('machine.reset()\r');
    session.expect(
      /^rst:0xc \(SW_CPU_RESET\),boot:0x13 \(SPI_FAST_FLASH_BOOT\)/m,
      session.ms + 500,
    );
    session.expect(banner, session.ms + 1500);
    expect(session.text.match(/^rst:/gm)).toHaveLength(2);
    expect(session.text.match(/^Performing initial setup/gm)).toHaveLength(1);
    expect(ask(session, 'open("a.txt").read()')).toBe("'keptkeptkept'");
  });
});
