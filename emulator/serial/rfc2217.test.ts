/** Octets of RFC 854 and RFC 2217, and pyserial's client as an independent oracle. */
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Esp32 } from '../esp32.ts';
import { HostLine } from './line.ts';
import { Rfc2217 } from './rfc2217.ts';

function server() {
  const chip = new Esp32();
  const line = new HostLine(chip, { uart: 0, onByte: () => {} });
  const sent: number[] = [];
  const protocol = new Rfc2217(line, (bytes) => void sent.push(...bytes));
  const say = (...bytes: number[]): number[] => {
    sent.length = 0;
    protocol.receive(Uint8Array.from(bytes));
    return [...sent];
  };
  const option = (...bytes: number[]): number[] => say(255, 250, 44, ...bytes, 255, 240);
  return { line, protocol, say, option };
}

describe('RFC 2217', () => {
  it('agrees to what it supports, refuses the rest, and answers changes only', () => {
    const { say } = server();
    expect(say(255, 251, 44, 255, 253, 44)).toEqual([255, 253, 44, 255, 251, 44]);
    expect(say(255, 251, 44)).toEqual([]);
    expect(say(255, 251, 24, 255, 253, 31)).toEqual([255, 254, 24, 255, 252, 31]);
    expect(say(255, 252, 44)).toEqual([255, 254, 44]);
  });

  it('sets and tells rate and format', () => {
    const { option, line } = server();
    expect(option(1, 0, 0x0e, 0x10, 0)).toEqual([255, 250, 44, 101, 0, 0x0e, 0x10, 0, 255, 240]);
    expect(option(2, 7)).toEqual([255, 250, 44, 102, 7, 255, 240]);
    expect(option(3, 3)).toEqual([255, 250, 44, 103, 3, 255, 240]);
    expect(option(4, 2)).toEqual([255, 250, 44, 104, 2, 255, 240]);
    expect(line.settings).toEqual({ baudRate: 921_600, dataBits: 7, parity: 'even', stopBits: 2 });
    // Zero asks; what no UART can do is answered by what holds.
    expect(option(1, 0, 0, 0, 0)).toEqual([255, 250, 44, 101, 0, 0x0e, 0x10, 0, 255, 240]);
    expect(option(1, 255, 255, 255, 255, 255, 255, 255, 255)).toEqual(option(1, 0, 0, 0, 0));
    expect(option(3, 9)).toEqual([255, 250, 44, 103, 3, 255, 240]);
  });

  it('drives DTR and RTS, and doubles 255 both ways', () => {
    const { option, say, line, protocol } = server();
    expect(option(5, 8)).toEqual([255, 250, 44, 105, 8, 255, 240]);
    expect([line.dtr, line.rts]).toEqual([true, false]);
    expect(option(5, 11)).toEqual([255, 250, 44, 105, 11, 255, 240]);
    expect([line.dtr, line.rts]).toEqual([true, true]);
    expect(option(5, 7)).toEqual([255, 250, 44, 105, 8, 255, 240]);
    say(1, 255, 255, 2);
    expect(line.unsent).toBe(3);
    option(12, 2);
    expect(line.unsent).toBe(0);
    expect([...protocol.encode(Uint8Array.from([1, 255]))]).toEqual([1, 255, 255]);
  });

  it('takes any bytes without failing', () => {
    const { say, line } = server();
    let random = 22172217;
    for (let i = 0; i < 2000; i++) {
      const bytes = Array.from({ length: 20 }, () => {
        random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff;
        const byte = random >>> 16;
        return byte % 3 === 0 ? [255, 250, 240, 44, 253, 251][byte % 6]! : byte & 0xff;
      });
      say(...bytes);
      line.purge();
    }
    line.dispose();
  });
});

const python = ['/usr/bin/python3', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import serial.rfc2217']).status === 0,
);
if (python === undefined && process.env['CI'] === 'true')
  throw new Error('the oracle pyserial is missing: install python3-serial');

const CLIENT = `
import serial, sys
p = serial.serial_for_url('rfc2217://localhost:' + sys.argv[1], baudrate=921600, timeout=5)
p.dtr = False
p.rts = True
p.write(bytes(range(250, 256)) * 2)
print(p.read(12).hex(), p.cts, p.dsr)
p.baudrate = 74880
p.parity = 'E'
p.close()
`;

it.skipIf(python === undefined)('pyserial connects, sets its line and gets its bytes', async () => {
  const line = new HostLine(new Esp32(), { uart: 1, onByte: () => {} });
  const tcp = createServer((socket) => {
    const protocol: Rfc2217 = new Rfc2217(line, (bytes) => void socket.write(bytes));
    // The line's other end sends back what it is sent.
    line.send = (bytes) => void (bytes.length > 0 && socket.write(protocol.encode(bytes)));
    socket.on('data', (data) => {
      protocol.receive(data);
      protocol.poll();
    });
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const { port } = tcp.address() as AddressInfo;
  const client = spawn(python!, ['-c', CLIENT, String(port)]);
  let output = '';
  for (const stream of [client.stdout, client.stderr])
    stream.on('data', (data: Buffer) => (output += data.toString()));
  await new Promise((resolve) => client.on('close', resolve));
  tcp.close();
  expect(output.trim()).toBe('fafbfcfdfefffafbfcfdfeff True True');
  expect([line.dtr, line.rts]).toEqual([false, true]);
  expect(line.settings).toEqual({ baudRate: 74_880, dataBits: 8, parity: 'even', stopBits: 1 });
});
