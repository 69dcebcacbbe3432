/**
 * Espressif's own esptool-js against the chip with the genuine mask ROM: the ROM's download boot,
 * the stub flasher on our CPU, the flash chip, and the reset into what was written. The tool's
 * clock, `Date.now`, is guest time, so that its time-outs do not depend on the host's speed.
 */
import { createHash } from 'node:crypto';
import { ESPLoader, Transport } from 'esptool-js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Esp32, MASTER_HZ } from '../../emulator/index.ts';
import { realBytes } from '../../emulator/loader/real.fixtures.ts';
import { WebSerialPort } from '../../emulator/serial/web-serial.ts';
import { noImages, realRom } from './corpus.fixtures.ts';

const FIRMWARE = 'idf_hello_world-v3.0-gjyoung';
const PIECES = [
  ['bootloader.bin', 0x1000],
  ['partition-table.bin', 0x8000],
  ['app.bin', 0x10000],
] as const;
const FLASH_BYTES = 0x20_0000;

function word(value: number): Uint8Array {
  return new Uint8Array(new Uint32Array([value]).buffer);
}

async function readUntil(port: WebSerialPort, pattern: RegExp): Promise<string> {
  const reader = port.readable!.getReader();
  let text = '';
  while (!pattern.test(text)) {
    const { value } = await reader.read();
    text += Buffer.from(value!).toString('latin1');
    if (text.length > 20_000) throw new Error(`${pattern} not printed:\n${text}`);
  }
  reader.releaseLock();
  return text;
}

describe.skipIf(noImages)('esptool-js', { timeout: 300_000 }, () => {
  afterEach(() => void vi.restoreAllMocks());

  it('connects, runs its stub, writes, reads and erases flash, and resets into the application', async () => {
    // A used chip: nothing of this may be left where the tool writes.
    const chip = new Esp32({ rom: realRom(), flash: new Uint8Array(FLASH_BYTES).fill(0x5a) });
    const flash = chip.memory.block('FLASH');
    vi.spyOn(Date, 'now').mockImplementation(() => (chip.now / MASTER_HZ) * 1000);
    const port = new WebSerialPort(chip);
    // The declared type is the browser's SerialPort with its events, which the tool does not use.
    const transport = new Transport(port as never, false);
    transport.trace = () => {};
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const loader = new ESPLoader({
      transport,
      baudrate: 921_600,
      romBaudrate: 115_200,
      terminal: { clean: () => {}, writeLine: say, write: say },
    });

    // ROM at 115200, then the stub at 921600.
    expect(await loader.main()).toBe('ESP32-D0WDQ6-V3 (revision 3)');
    expect(said).toEqual(
      expect.arrayContaining([
        'Features: Wi-Fi, BT, Dual Core, 240MHz, Coding Scheme None',
        'Crystal is 40MHz',
        'MAC: 24:0a:c4:32:32:32',
        'Stub running...',
        'Changing baudrate to 921600',
      ]),
    );
    expect(loader.IS_STUB).toBe(true);
    const flashId = await loader.readFlashId();
    expect((flashId >>> 16) & 0xff).toBe(Math.log2(FLASH_BYTES));

    // The data sheet's 7 s are nothing but a poll of the status, and a minute of the host's.
    Object.assign(chip.peripherals.flash!.chip.timesUs, { chip: 200_000 });
    await loader.eraseFlash();
    expect(flash.every((byte) => byte === 0xff)).toBe(true);

    const md5 = (image: Uint8Array): string => createHash('md5').update(image).digest('hex');
    await loader.writeFlash({
      fileArray: PIECES.map(([file, address]) => ({
        data: realBytes('fw', FIRMWARE, file),
        address,
      })),
      flashMode: 'keep',
      flashFreq: 'keep',
      flashSize: 'keep',
      eraseAll: false,
      compress: true,
      calculateMD5Hash: md5,
    });
    expect(said.filter((line) => line === 'Hash of data verified.').length).toBe(PIECES.length);
    for (const [file, address] of PIECES) {
      const bytes = realBytes('fw', FIRMWARE, file);
      expect(flash.slice(address, address + bytes.length)).toEqual(Uint8Array.from(bytes));
    }

    const table = Uint8Array.from(realBytes('fw', FIRMWARE, 'partition-table.bin'));
    const [first, size] = [0x8000, table.length];
    expect(await loader.readFlash(first, size)).toEqual(table);
    // The stub ends a read with the MD5 of what it sent; esptool-js leaves it unread.
    expect(Buffer.from(await transport.read(3000)).toString('hex')).toBe(md5(table));
    expect(await loader.flashMd5sum(first, size)).toBe(md5(table));

    // A region that holds something: the copy that is written and erased lies behind the application.
    const spare = 0x18_0000;
    await loader.writeFlash({
      fileArray: [{ data: table, address: spare }],
      ...{ flashMode: 'keep', flashFreq: 'keep', flashSize: 'keep' },
      ...{ eraseAll: false, compress: false },
    });
    expect(flash.slice(spare, spare + size)).toEqual(table);
    const region = new Uint8Array([...word(spare), ...word(0x1000)]);
    await loader.checkCommand('erase region', loader.ESP_ERASE_REGION, region);
    expect(flash.slice(spare, spare + 0x1000).every((byte) => byte === 0xff)).toBe(true);
    expect(flash.slice(first, first + size)).toEqual(table);

    // The hard reset, by the tool's own sequence for a board's EN.
    await transport.setDTR(false);
    await transport.setRTS(true);
    await loader.after('hard_reset');
    await transport.disconnect();
    await port.open({ baudRate: 115_200 });
    const text = await readUntil(port, /Hello World\. 3/);
    expect(text).toMatch(/boot:0x13 \(SPI_FAST_FLASH_BOOT\)/);
    expect(text).toContain('Hello world!');
    await port.close();
  });
});
