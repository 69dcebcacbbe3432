/** Random accesses against a byte-wise model of the TRM's address tables, and hostile addresses. */
import { expect, it } from 'vitest';
import { ExternalMemory } from '../memory/external.ts';
import { Memory } from '../memory/memory.ts';
import { Bus } from './bus.ts';
import { DmaPort } from './dma-port.ts';

const SEED = 0x5eed1234;

/** xorshift32; a fixed seed makes every run the same. */
function generator(seed: number): (limit: number) => number {
  let x = seed;
  return (limit) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % limit;
  };
}

/** Ranges kept small, so that the aliases meet often: [base, size, kind]. */
const RANGES = [
  [0x3ffaff00, 0x200, 'data'],
  [0x3ffdff80, 0x100, 'data'],
  [0x3ffffe00, 0x200, 'data'],
  [0x400a0000, 0x200, 'reversed'],
  [0x400bfe00, 0x200, 'reversed'],
  [0x40080000, 0x100, 'instruction'],
  [0x50000000, 0x80, 'data'],
] as const;

/** Where a byte lives: SRAM1's instruction addresses are turned into data addresses. */
function home(addr: number): number {
  if (addr < 0x400a0000 || addr >= 0x400c0000) return addr;
  return 0x3ffe0000 + (0x1fffc - ((addr - 0x400a0000) & ~3)) + (addr & 3);
}

it(`agrees with the model (seed ${SEED})`, () => {
  const random = generator(SEED);
  const memory = new Memory();
  const bus = new Bus(memory, { unmodelled: () => {}, warn: () => {} });
  const dma = new DmaPort(bus);
  const model = new Map<number, number>();
  let told = 0;
  bus.onCodeWrite(() => told++);
  for (let step = 0; step < 40_000; step++) {
    const port = bus.ports[random(2)]!;
    const [base, size, kind] = RANGES[random(RANGES.length)]!;
    const bytes = [1, 2, 4][random(3)] as 1 | 2 | 4;
    const addr = base + random(size - 3);
    const word = kind !== 'data';
    const fault = !word ? -1 : (addr & (bytes - 1)) !== 0 ? 9 : bytes !== 4 ? 3 : -1;
    if (random(2) === 0) {
      const value = random(0xffffffff) | 0;
      if (bytes === 4) port.write32(addr, value);
      else if (bytes === 2) port.write16(addr, value);
      else port.write8(addr, value);
      if (fault < 0)
        for (let i = 0; i < bytes; i++) model.set(home(addr + i), (value >>> (8 * i)) & 0xff);
    } else {
      const read =
        bytes === 4 ? port.read32(addr) : bytes === 2 ? port.read16(addr) : port.read8(addr);
      let expected = 0;
      for (let i = 0; i < bytes; i++) expected |= (model.get(home(addr + i)) ?? 0) << (8 * i);
      expect(read, `step ${step}: ${bytes} bytes at ${addr.toString(16)}`).toBe(
        fault < 0 ? expected : 0,
      );
    }
    expect(port.fault, `step ${step}`).toBe(fault);
    port.fault = -1;
    if (step % 64 === 0) {
      // Watching, forgetting and DMA change nothing that a core reads.
      const offset = bus.dmaOffset(0x3ffffe00 + random(0x1f0), 1);
      bus.watchCode(offset, 3);
      if (random(3) === 0) bus.forgetCode(offset >>> 12);
      const at = 0x3ffffe00 + random(0x1f8);
      dma.write(at, Uint8Array.of(step, step >> 8));
      model.set(at, step & 0xff);
      model.set(at + 1, (step >> 8) & 0xff);
    }
  }
  expect(told).toBeGreaterThan(50);
});

it(`takes any address without throwing (seed ${SEED})`, () => {
  const random = generator(SEED);
  const memory = new Memory({ flashSize: 0x20000 });
  const bus = new Bus(memory, { unmodelled: () => {}, warn: () => {} });
  const external = new ExternalMemory({
    memory,
    now: () => 0,
    showCode: (core, base, pages) => bus.showCode(core, base, pages),
  });
  bus.attachExternal(external);
  for (let step = 0; step < 15_000; step++) {
    const core = random(2);
    const port = bus.ports[core]!;
    const addr = random(0xffffffff) >>> random(2);
    const near = (0x3f000000 + random(0x2000000)) >>> 0;
    for (const at of [addr, near]) {
      port.read32(at);
      port.read16(at);
      port.write8(at, step);
      port.write32(at, step);
      port.fetch(at);
      port.fault = -1;
    }
    port.waitCycles = 0;
    external.writeMmu(core, random(2048), random(0x10000));
    if (random(16) === 0) external.setEnabled(core, random(2) === 0);
    if (random(64) === 0) external.setBusMask(core, random(64));
    if (random(512) === 0) external.setPageModes(core, random(4), random(8));
    if (random(64) === 0)
      external.setPsramMode((['own', 'lowHigh', 'evenOdd'] as const)[random(3)]!);
  }
  expect(bus.ports[0].readPage.length).toBe(1 << 20);
});
