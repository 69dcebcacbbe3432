import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from './cpu/assemble.ts';
import { Esp32 } from './esp32.ts';
import { writeElf } from './loader/elf-writer.ts';
import { parseElf } from './loader/elf.ts';
import type { Rom } from './loader/rom.ts';
import { MASTER_HZ } from './scheduler/clock.ts';

const SEED = 0x657370;
const MS = MASTER_HZ / 1000;
const ROM_SIZE = 0x70000;
const SHARED = 0x3ffb0000;

/**
 * A mask ROM of our own: PRO_CPU starts APP_CPU by DPORT_APPCPU_CTRL_A..D and both run `body`
 * in SRAM order; a15 is 0 on PRO_CPU and 1 on APP_CPU, a14 the shared memory.
 */
function machine(body: string): { chip: Esp32; word: (index: number) => number } {
  const program = assemble(
    `
        .section .text.vectors
        j     panic
        .section .text.reset
    _start:
        movi  a14, ${SHARED}
        rsr   a15, prid
        extui a15, a15, 13, 1
        bnez  a15, both
        movi  a2, 0x3ff0002c
        movi  a3, 1
        s32i  a3, a2, 4            # APPCPU_CTRL_B: clock on
        movi  a4, 0
        s32i  a3, a2, 0            # APPCPU_CTRL_A: reset
        s32i  a4, a2, 0            # and release
    both:
        ${body}
    stop:
        waiti 15
        j     stop
    panic:
        j     panic
    `,
    {
      origins: {
        '.text.vectors': 0x40000300,
        '.literal.reset': 0x40000380,
        '.text.reset': 0x40000400,
      },
    },
  );
  const bytes = new Uint8Array(ROM_SIZE);
  for (const section of program.sections) {
    if (section.address >= 0x40000000 && section.address < 0x40000000 + ROM_SIZE)
      bytes.set(section.bytes, section.address - 0x40000000);
  }
  const data = bytes.subarray(0x60000);
  const rom: Rom = {
    file: 'test',
    revision: 3,
    bytes,
    appBytes: bytes,
    data,
    appData: data,
    symbols: undefined,
  };
  const chip = new Esp32({ rom, strapping: 0 });
  return { chip, word: (index) => chip.bus.ports[0].read32(SHARED + 4 * index) };
}

/** Both cores add 1 to word 0 a thousand times by S32C1I, then to word 1 without it. */
const COUNT = `
        movi  a5, 1000
    again:
        l32i  a2, a14, 0
        wsr   a2, scompare1
        addi  a3, a2, 1
        s32c1i a3, a14, 0
        bne   a3, a2, again
        addi  a5, a5, -1
        bnez  a5, again
        movi  a5, 1000
    plain:
        l32i  a4, a14, 4
        addi  a4, a4, 1
        s32i  a4, a14, 4
        addi  a5, a5, -1
        bnez  a5, plain`;

describe('two cores', () => {
  it('APP_CPU is held until DPORT releases it, and each core knows itself by PRID', () => {
    const { chip, word } = machine(`
        addx4 a2, a15, a14
        rsr   a3, prid
        s32i  a3, a2, 0`);
    expect(chip.cores[1].cpu.halted).toBe(1);
    chip.runUntil(MS);
    expect([word(0), word(1)]).toEqual([0xcdcd, 0xabab]);
    expect(chip.cores.map(({ cpu }) => cpu.waiting)).toEqual([1, 1]);
  });

  it('S32C1I counts exactly, a plain read-modify-write loses some, and always the same ones', () => {
    const runs = [0, 1].map(() => {
      const { chip, word } = machine(COUNT);
      chip.runUntil(20 * MS);
      return { exact: word(0), racy: word(1), hash: chip.stateHash() };
    });
    expect(runs[0]!.exact).toBe(2000);
    expect(runs[0]!.racy).toBeGreaterThan(1000);
    expect(runs[0]!.racy).toBeLessThan(2000);
    expect(runs[1]).toEqual(runs[0]);
  });

  it(`a run split by save and restore into a new machine ends in the same hash (seed ${SEED})`, () => {
    const end = 2 * MS;
    const { chip: whole } = machine(COUNT);
    whole.runUntil(end);
    const expected = whole.stateHash();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: end - 1 }), (split) => {
        const { chip: first } = machine(COUNT);
        first.runUntil(split);
        const { chip: second } = machine(COUNT);
        second.restore(first.save());
        second.runUntil(end);
        expect(second.stateHash()).toBe(expected);
      }),
      { seed: SEED, numRuns: 12 },
    );
  });

  it('a stop in the middle leaves the same state, however the run was sliced', () => {
    const hashes = [2 * MS, 7001].map((slice) => {
      const { chip } = machine(COUNT);
      const { port } = chip.cores[0].cpu;
      const write32 = port.write32.bind(port);
      let count = 0;
      port.write32 = (addr, value) => {
        write32(addr, value);
        if (addr >>> 0 === SHARED + 4 && ++count === 500) chip.requestStop();
      };
      while (count < 500) chip.runUntil(chip.now + slice);
      return [chip.now, chip.stateHash()];
    });
    expect(hashes[1]).toEqual(hashes[0]);
  });

  it('a message in shared memory is seen by the other core; the answer comes back', () => {
    const { chip, word } = machine(`
        bnez  a15, answer
        movi  a2, 77
        s32i  a2, a14, 0
    wait:
        l32i  a3, a14, 4
        beqz  a3, wait
        s32i  a3, a14, 8
        j     stop
    answer:
        l32i  a2, a14, 0
        beqz  a2, answer
        addi  a2, a2, 1
        s32i  a2, a14, 4`);
    chip.runUntil(MS);
    expect([word(0), word(1), word(2)]).toEqual([77, 78, 78]);
  });
});

describe('Esp32', () => {
  it('without flash no boot watchdog guards a program: nothing resets it', () => {
    const chip = new Esp32();
    chip.bus.ports[0].write32(0x40080400, 0xffff06);
    chip.cores[0].reset(0x40080400);
    chip.runUntil(MASTER_HZ);
    expect(chip.log.resets).toEqual([]);
    expect(chip.cores[0].cpu.pc >>> 0).toBe(0x40080400);
  });

  it('a software reset of the chip starts PRO_CPU again with its cause, and holds APP_CPU', () => {
    const { chip, word } = machine(
      `
        l32i  a2, a14, 0
        addi  a2, a2, 1
        s32i  a2, a14, 0
        movi  a3, 0x3ff48034       # RTC_CNTL_RESET_STATE
        l32i  a3, a3, 0
        s32i  a3, a14, 4
        bgei  a2, 3, stop
        movi  a3, 0x3ff48000       # RTC_CNTL_OPTIONS0
        movi  a4, 0x80000000       # SW_SYS_RST
        s32i  a4, a3, 0
    here:
        j     here`.replaceAll('bnez  a15, both', ''),
    );
    chip.runUntil(5 * MS);
    expect(word(0)).toBeGreaterThanOrEqual(3);
    expect(word(1) & 0x3f).toBe(3);
    expect(chip.log.resets[0]).toMatchObject({ cause: 'SW_RESET', source: 'RTC_CNTL' });
  });
});

describe('an ELF loaded directly', () => {
  const withSegment = (address: number) => {
    const flags = { alloc: true, write: true, execute: true, nobits: false };
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const sections = [{ name: '.text', address, bytes, alignment: 1, flags }];
    return parseElf(writeElf({ entry: address, sections, symbols: [] }), 'a.elf');
  };

  it.each([0x3ffb0000, 0x40080000, 0x50000100, 0x3ff80010, 0x400c0000])(
    'may have a segment at %i',
    (address) => {
      const chip = new Esp32();
      chip.loadElf(withSegment(address));
      expect(chip.bus.ports[0].read32(address)).toBe(0x04030201);
    },
  );

  it.each([0x400d0000, 0x40000000, 0x3ff00000, 0x3fffffff])('is refused at %i', (address) => {
    expect(() => new Esp32().loadElf(withSegment(address))).toThrow(
      /^a\.elf at offset .* is outside memory/,
    );
  });
});
