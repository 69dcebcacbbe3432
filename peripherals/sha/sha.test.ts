import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Clock } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { SHA_REGISTERS } from './sha.regs.ts';
import { Sha } from './sha.ts';

const TYPES = [
  { name: 'sha1', base: 0x80, blockBytes: 64, digestWords: 5, cycles: 80, loadCycles: 8 },
  { name: 'sha256', base: 0x90, blockBytes: 64, digestWords: 8, cycles: 64, loadCycles: 8 },
  { name: 'sha384', base: 0xa0, blockBytes: 128, digestWords: 12, cycles: 80, loadCycles: 12 },
  { name: 'sha512', base: 0xb0, blockBytes: 128, digestWords: 16, cycles: 80, loadCycles: 16 },
];
type Type = (typeof TYPES)[number];
const START = 0;
const CONTINUE = 4;
const LOAD = 8;
const BUSY = 12;

function bench() {
  const scheduler = new Scheduler();
  const clocks = { apb: new Clock('APB_CLK', 80_000_000) };
  const sha = new Sha({ clocks, scheduler, log: new RecordingLog() });
  return { scheduler, sha };
}

testRegisters('SHA', () => bench().sha, SHA_REGISTERS);

function padded(message: Buffer, blockBytes: number): Buffer {
  const lengthBytes = blockBytes / 8;
  const total = Math.ceil((message.length + 1 + lengthBytes) / blockBytes) * blockBytes;
  const out = Buffer.alloc(total);
  message.copy(out);
  out[message.length] = 0x80;
  out.writeUInt32BE(message.length * 8, total - 4);
  return out;
}

class Hasher {
  private first = true;
  private readonly rig: ReturnType<typeof bench>;
  private readonly type: Type;

  constructor(rig: ReturnType<typeof bench>, type: Type) {
    this.rig = rig;
    this.type = type;
  }

  wait(): void {
    const { scheduler, sha } = this.rig;
    while (sha.read(this.type.base + BUSY, 4) === 1) scheduler.runUntil(scheduler.now + 6);
  }

  block(bytes: Buffer): void {
    for (let i = 0; i < bytes.length; i += 4) this.rig.sha.write(i, bytes.readInt32BE(i), 4);
    this.rig.sha.write(this.type.base + (this.first ? START : CONTINUE), 1, 4);
    this.first = false;
    this.wait();
  }

  digest(): string {
    this.rig.sha.write(this.type.base + LOAD, 1, 4);
    this.wait();
    const out = Buffer.alloc(4 * this.type.digestWords);
    for (let i = 0; i < out.length; i += 4) out.writeInt32BE(this.rig.sha.read(i, 4), i);
    return out.toString('hex');
  }
}

describe('SHA', () => {
  it.each(TYPES)('$name agrees with node:crypto for lengths around the block size', (type) => {
    const sizes = [0, 1, 3, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 300];
    for (const size of sizes) {
      const message = Buffer.from(Array.from({ length: size }, (_, i) => (i * 7 + size) & 0xff));
      const hasher = new Hasher(bench(), type);
      const data = padded(message, type.blockBytes);
      for (let at = 0; at < data.length; at += type.blockBytes)
        hasher.block(data.subarray(at, at + type.blockBytes));
      expect(hasher.digest(), `${size} bytes`).toBe(
        createHash(type.name).update(message).digest('hex'),
      );
    }
  });

  it('interleaves SHA-1, SHA-256 and SHA-512', () => {
    const rig = bench();
    const types = [TYPES[0]!, TYPES[1]!, TYPES[3]!];
    const message = Buffer.alloc(200, 0x61);
    const work = types.map((type) => ({
      type,
      hasher: new Hasher(rig, type),
      data: padded(message, type.blockBytes),
    }));
    for (let round = 0; round < 4; round++)
      for (const { type, hasher, data } of work) {
        const at = round * type.blockBytes;
        if (at < data.length) hasher.block(data.subarray(at, at + type.blockBytes));
      }
    for (const { type, hasher } of work)
      expect(hasher.digest()).toBe(createHash(type.name).update(message).digest('hex'));
  });

  it.each(TYPES)('$name is busy for $cycles cycles, LOAD for $loadCycles', (type) => {
    const { scheduler, sha } = bench();
    sha.write(type.base + START, 1, 4);
    scheduler.runUntil(type.cycles * 6 - 1);
    expect(sha.read(type.base + BUSY, 4)).toBe(1);
    scheduler.runUntil(type.cycles * 6);
    expect(sha.read(type.base + BUSY, 4)).toBe(0);
    sha.write(type.base + LOAD, 1, 4);
    const end = (type.cycles + type.loadCycles) * 6;
    scheduler.runUntil(end - 1);
    expect(sha.read(0, 4)).toBe(0);
    scheduler.runUntil(end);
    expect(sha.read(0, 4)).not.toBe(0);
  });
});
