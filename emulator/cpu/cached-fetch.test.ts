/** Instructions from flash through the cache: line fills, straddling instructions, a cache that is shut. */
import { beforeEach, expect, it } from 'vitest';
import { Bus } from '../bus/bus.ts';
import { ExternalMemory } from '../memory/external.ts';
import { CACHED_CODE } from '../memory/map.ts';
import { Memory } from '../memory/memory.ts';
import { CodeCache } from './code-cache.ts';
import { PRID } from './config.ts';
import { run } from './interpreter.ts';
import { Cpu } from './state.ts';

const IROM = 0x400d0000;
/** 100 cycles at two ticks each. */
const FILL_TICKS = 200;
const FILL = 100;

let bus: Bus;
let external: ExternalMemory;
let cpu: Cpu;
let code: CodeCache;
let illegal: string[];

function machine(program: readonly number[]): void {
  const memory = new Memory({ flashSize: 0x20000 });
  memory.loadFlash(Uint8Array.from(program));
  bus = new Bus(memory, { unmodelled: () => {}, warn: () => {} });
  external = new ExternalMemory({
    memory,
    now: () => cpu.cycle * 2,
    showCode: (core, base, pages) => bus.showCode(core, base, pages),
  });
  external.lineTicks = () => FILL_TICKS;
  external.onIllegal = (core, _window, why) => illegal.push(`${core} ${why}`);
  external.onSwitched = () => {
    cpu.fetchLine = -1;
  };
  external.onCodeMapped = (_core, base, size) => {
    for (let page = base >>> 12; page < (base + size) >>> 12; page++) code.dropPage(page);
  };
  bus.attachExternal(external);
  cpu = new Cpu('PRO_CPU', PRID.PRO_CPU, bus.ports[0]);
  code = new CodeCache(
    bus.ports[0],
    (backing, length) => bus.watchCode(backing, length),
    (pc) => pc >= CACHED_CODE.base && pc < CACHED_CODE.end,
  );
  for (let i = 0; i < 256; i++) external.writeMmu(0, i, 0x100);
  external.writeMmu(0, 77, 0);
  external.setBusMask(0, 0);
  external.setEnabled(0, true);
  cpu.reset(IROM);
}

beforeEach(() => {
  illegal = [];
});

/** NOP.N is 3D F0, NOP is F0 20 00, J +0 (to itself + 4) is 06 00 00, MOVI.N a2, 1 is 0C 12. */
const NOP_N = [0x3d, 0xf0];
const NOP = [0xf0, 0x20, 0x00];

/** Runs `n` instructions and returns the cycles of each. */
function cycles(n: number): number[] {
  return Array.from({ length: n }, () => {
    const before = cpu.cycle;
    run({ cpu, code }, cpu.cycle + 1);
    return cpu.cycle - before;
  });
}

it('each line costs one fill, at its first instruction', () => {
  machine(Array.from({ length: 32 }, () => NOP_N).flat());
  const times = cycles(32);
  expect(times[0]).toBe(FILL + 1);
  expect(times[16]).toBe(FILL + 1);
  expect(times.filter((t) => t !== 1).length).toBe(2);
});

it('an instruction across two lines fills the second, and both when it is jumped to', () => {
  // 10 x 3 bytes, then one at 30..32.
  machine(Array.from({ length: 40 }, () => NOP).flat());
  const times = cycles(12);
  expect(times[0]).toBe(FILL + 1);
  expect(times[10]).toBe(FILL + 1);
  expect(times[11]).toBe(1);
  external.flush(0);
  cpu.reset(IROM + 30);
  cpu.fetchLine = -1;
  expect(cycles(2)).toEqual([2 * FILL + 1, 1]);
});

it('a loop that has been run costs no fill', () => {
  machine(Array.from({ length: 64 }, () => NOP_N).flat());
  cycles(64);
  cpu.reset(IROM);
  cpu.fetchLine = -1;
  expect(cycles(64).every((t) => t === 1)).toBe(true);
});

it('other flash behind the same address is executed after the MMU entry changed', () => {
  const image = new Array<number>(0x10002).fill(0);
  image.splice(0, 2, 0x0c, 0x12);
  image.splice(0x10000, 2, 0x0c, 0x22);
  machine(image);
  cycles(1);
  expect(cpu.a(2)).toBe(1);
  external.writeMmu(0, 77, 1);
  cpu.reset(IROM);
  cycles(1);
  expect(cpu.a(2)).toBe(2);
});

it('with the cache shut the core executes 0xBAD00BAD, whatever it ran there before', () => {
  machine([0x0c, 0x12, ...NOP_N, ...NOP_N]);
  cpu.windowStart = 1;
  cycles(2);
  expect(cpu.a(2)).toBe(1);
  external.setEnabled(0, false);
  cpu.reset(IROM);
  cpu.setA(10, 5);
  cpu.setA(11, 77);
  // AD 0B is MOV.N a10, a11.
  run({ cpu, code }, cpu.cycle + 1);
  expect(cpu.a(10)).toBe(77);
  expect(cpu.pc).toBe(IROM + 2);
  expect(illegal.length).toBeGreaterThan(0);
  external.setEnabled(0, true);
  cpu.reset(IROM);
  cpu.setA(2, 0);
  cycles(1);
  expect(cpu.a(2)).toBe(1);
});
