/**
 * Two busy cores taking turns inside the interpreter give what the reference loop gives, which runs
 * one instruction at a time (a hook on each core asks for it): the same hash of the whole state at
 * seeded points of random programs on shared memory, with atomics, code written by the other core,
 * timers, waits, interrupts from core to core, and a core that the other one stalls.
 */
import { describe, expect, it } from 'vitest';
import { assemble } from '../emulator/cpu/assemble.ts';
import { Esp32 } from '../emulator/index.ts';
import { Random } from './diff/random.ts';

const SEED = Number(process.env['TURNS_SEED'] ?? 0x7075);
const PROGRAMS = 24;
const STOPS = 12;
/** 12 ticks are a CPU cycle at 40 MHz. */
const LONGEST_TICKS = 12 * 4000;
const CODE = 0x40084000;
const VECBASE = 0x40080000;
const INTERRUPT = 2;
/** DPORT_PRO_CPU_INTR_FROM_CPU_0_MAP and DPORT_APP_CPU_INTR_FROM_CPU_1_MAP. */
const MAPS = [0x3ff00104 + 4 * 24, 0x3ff00218 + 4 * 25] as const;

/** DPORT_APPCPU_CTRL_B, its clock; CTRL_A, its reset; CTRL_C, its stall. */
const APP_CPU_RUNS = [
  [0x3ff00030, 1],
  [0x3ff0002c, 0],
  [0x3ff00034, 0],
] as const;

const NEUTRAL = { entered() {}, waited() {}, diverted() {}, executed() {}, reset() {} };

/**
 * a2: shared words, a3: DPORT, a4: the core's own words behind the shared ones, a5: the core, a6: the
 * patched instruction's word, a7: RTC_CNTL; a8..a15 are random.
 */
const FRAME = (body: string): string => `
  .section .user, "ax"
      wsr.excsave1 a15
      rsr.interrupt a15
      bbci    a15, 6, 1f               # CCOMPARE0
      rsr.ccount a15
      addmi   a15, a15, 256
      wsr.ccompare0 a15
  1:
      bnez    a5, 2f
      movi    a15, 0
      s32i    a15, a3, 0xdc            # DPORT_CPU_INTR_FROM_CPU_0
      j       3f
  2:
      movi    a15, 0
      s32i    a15, a3, 0xe0            # DPORT_CPU_INTR_FROM_CPU_1
  3:
      l32i    a15, a4, 0
      addi    a15, a15, 1
      s32i    a15, a4, 0
      rsr.excsave1 a15
      rfe
  .section .text, "ax"
  _start:
      movi    a2, ${VECBASE}
      wsr.vecbase a2
      rsr.prid a5                      # 0xcdcd or 0xabab
      extui   a5, a5, 1, 1
      movi    a2, 0x3ffb0000
      movi    a3, 0x3ff00000
      movi    a7, 0x3ff48000
      slli    a4, a5, 4
      add     a4, a4, a2
      addmi   a4, a4, 256
      movi    a6, patched
      rsr.ccount a8
      addmi   a8, a8, 256
      wsr.ccompare0 a8
      movi    a8, ${(1 << INTERRUPT) | (1 << 6)}
      wsr.intenable a8
      movi    a8, 0x20
      wsr.ps  a8
      rsync
  again:
  ${body}
      j       again
      .align  4
  patched:
      addi    a9, a9, 1
      ret.n`;

function instruction(random: Random, label: number): string {
  const reg = () => `a${random.between(8, 14)}`;
  const word = () => 4 * random.below(8);
  const templates: (() => string)[] = [
    () => `add ${reg()}, ${reg()}, ${reg()}`,
    () => `xor ${reg()}, ${reg()}, ${reg()}`,
    () => `mull ${reg()}, ${reg()}, ${reg()}`,
    () => `addi ${reg()}, ${reg()}, ${random.between(-100, 100)}`,
    () => `l32i ${reg()}, a2, ${word()}`,
    () => `s32i ${reg()}, a2, ${word()}`,
    () => `l8ui ${reg()}, a2, ${random.below(32)}`,
    () => `s8i ${reg()}, a2, ${random.below(32)}`,
    () => `l32i a8, a2, ${word()}\n wsr.scompare1 a8\n s32c1i ${reg()}, a2, ${word()}`,
    () => `rsr.ccount a8\n s32i a8, a2, ${word()}`,
    () => `bnez ${reg()}, L${label}\n addi a10, a10, 3\n L${label}:`,
    () => `movi a8, ${random.between(1, 9)}\n loop a8, L${label}\n addx2 a9, a10, a9\n L${label}:`,
    () => `call0 patched`,
    () => `l32i a8, a6, 0\n movi a11, 0x10000\n xor a8, a8, a11\n s32i a8, a6, 0\n call0 patched`,
    () => `movi a8, 1\n s32i a8, a3, ${random.pick(['0xdc', '0xe0'])}`,
    () => `l32i ${reg()}, a7, 0x0c`,
    () => `rsil a8, 3\n addi a11, a11, 1\n wsr.ps a8`,
    () => `waiti 0`,
    // DPORT_APPCPU_CTRL_C: APP_CPU stalls itself, PRO_CPU lets it go.
    () => `s32i a5, a3, 0x34`,
    // PRO_CPU stalls APP_CPU for a while.
    () =>
      `bnez a5, L${label}\n movi a8, 1\n s32i a8, a3, 0x34\n movi a11, 5\n loop a11, M${label}\n mull a9, a9, a10\n M${label}:\n movi a8, 0\n s32i a8, a3, 0x34\n L${label}:`,
  ];
  return random.pick(templates)();
}

function machine(seed: number): Esp32 {
  const random = new Random(seed);
  const body = Array.from({ length: 60 }, (_, n) => instruction(random, n)).join('\n');
  const origins = { '.literal': CODE - 0x100, '.text': CODE, '.user': VECBASE + 0x340 };
  const { sections, entry } = assemble(FRAME(body), { file: 'turns', origins });
  const chip = new Esp32();
  const port = chip.bus.ports[0];
  for (const { address, bytes } of sections)
    bytes.forEach((byte, i) => (chip.memory.bytes[chip.bus.ramAt(address + i)] = byte));
  for (const map of MAPS) port.write32(map, INTERRUPT);
  for (const [register, value] of APP_CPU_RUNS) port.write32(register, value);
  port.waitCycles = 0;
  port.drainCycles = 0;
  for (const core of [0, 1] as const) {
    chip.cores[core].reset(entry);
    chip.cores[core].halt(false);
  }
  return chip;
}

describe(`turns of busy cores, seed ${SEED}`, () => {
  it.each(Array.from({ length: PROGRAMS }, (_, n) => SEED + n))('program %i', (seed) => {
    const random = new Random(seed);
    const turns = machine(seed);
    const reference = machine(seed);
    for (const core of reference.cores) core.runHook = NEUTRAL;
    for (let stop = 0; stop < STOPS; stop++) {
      const end = turns.now + 1 + random.below(LONGEST_TICKS);
      turns.runUntil(end);
      reference.runUntil(end);
      expect(turns.stateHash()).toBe(reference.stateHash());
    }
    for (const { cpu } of turns.cores) expect(cpu.instructions).toBeGreaterThan(500);
  });
});
