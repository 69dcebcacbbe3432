/** The chip's UARTs as SerialPortStream sees them: a guest program that echoes, the mask ROM's download boot. */
import { SerialPortStream } from '@serialport/stream';
import { describe, expect, it } from 'vitest';
import { Esp32 } from '../esp32.ts';
import { haveRealFiles, realBytes } from '../loader/real.fixtures.ts';
import { parseRom } from '../loader/rom.ts';
import { SerialBinding } from './binding.ts';

type Port = SerialPortStream<SerialBinding>;

function open(binding: SerialBinding, baudRate: number, path = 'uart0'): Promise<Port> {
  return new Promise((resolve, reject) => {
    const port: Port = new SerialPortStream({ binding, path, baudRate }, (error) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

function done(act: (callback: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => act((error) => (error ? reject(error) : resolve())));
}

async function readUntil(port: Port, wanted: string): Promise<string> {
  let text = '';
  for await (const chunk of port.iterator({ destroyOnReturn: false })) {
    text += (chunk as Buffer).toString('latin1');
    if (text.includes(wanted)) return text;
  }
  throw new Error(`the port ended before ${wanted}: ${text}`);
}

describe('SerialBinding', () => {
  it('lists its ports, opens each once, and says what is wrong', async () => {
    const binding = new SerialBinding(new Esp32());
    expect((await binding.list()).map(({ path }) => path)).toEqual(['uart0', 'uart1', 'uart2']);
    await expect(open(binding, 115_200, 'COM1')).rejects.toThrow(
      "no serial port 'COM1'; expected one of uart0, uart1, uart2",
    );
    await expect(open(binding, 6_000_000)).rejects.toThrow('baud rate 6000000');
    const port = await open(binding, 115_200);
    await expect(open(binding, 115_200)).rejects.toThrow("'uart0' is already open");
    await done((callback) => port.update({ baudRate: 9600 }, callback));
    expect(await port.port!.getBaudRate()).toEqual({ baudRate: 9600 });
    expect(await port.port!.get()).toEqual({ cts: true, dsr: true, dcd: false });
    await done((callback) => port.close(callback));
    const again = await open(binding, 115_200);
    await done((callback) => again.close(callback));
  });

  it('a read that waits ends with `canceled` when the port is closed', async () => {
    const port = await new SerialBinding(new Esp32()).open({ path: 'uart0', baudRate: 115_200 });
    const read = port.read(Buffer.alloc(1), 0, 1);
    const failed = expect(read).rejects.toMatchObject({ canceled: true });
    await port.close();
    await failed;
  });

  it('drain waits for the wire at the rate that was set; flush forgets what is not sent', async () => {
    const chip = new Esp32();
    const port = await new SerialBinding(chip).open({ path: 'uart1', baudRate: 9600 });
    const from = chip.now;
    await port.write(Buffer.alloc(10, 0x55));
    await port.drain();
    // 10 frames of 10 bits at 9600 baud, seen at the end of a millisecond.
    expect((chip.now - from) / 480_000).toBeGreaterThanOrEqual(10.4);
    expect((chip.now - from) / 480_000).toBeLessThanOrEqual(14);
    void port.write(Buffer.alloc(3000)).catch(() => {});
    await port.flush();
    const flushed = chip.now;
    await port.drain();
    expect((chip.now - flushed) / 480_000).toBeLessThan(10);
    await port.close();
  });

  it.skipIf(!haveRealFiles())(
    'resets into download boot by DTR and RTS; another rate garbles what the ROM prints',
    async () => {
      const rom = parseRom(realBytes('rom', 'esp32_rev300_rom.elf'), 'rom');
      const chip = new Esp32({ rom, flash: new Uint8Array(0x20_0000).fill(0xff) });
      const binding = new SerialBinding(chip);
      const port = await open(binding, 115_200);
      const download = async (): Promise<void> => {
        await done((callback) => port.set({ dtr: false, rts: true }, callback));
        await done((callback) => port.set({ dtr: true, rts: false }, callback));
        await done((callback) => port.set({ dtr: false, rts: false }, callback));
      };
      await download();
      const text = await readUntil(port, 'waiting for download\r\n');
      expect(text).toContain('rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT');
      await done((callback) => port.update({ baudRate: 57_600 }, callback));
      const bytes: number[] = [];
      port.on('data', (data: Buffer) => bytes.push(...data));
      await download();
      expect(bytes.length).toBeGreaterThan(100);
      expect(Buffer.from(bytes).toString('latin1')).not.toContain('rst:');
      await done((callback) => port.close(callback));
    },
  );
});
