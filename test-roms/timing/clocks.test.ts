/**
 * CPU_CLK and APB_CLK as guest code switches them: times on a pin, in master ticks, against CCOUNT.
 * 480 MHz over the frequency gives the ticks of a cycle, whatever the emulator says.
 */
import { describe, expect, it } from 'vitest';
import { assemble } from '../../emulator/cpu/assemble.ts';
import { Esp32 } from '../../emulator/esp32.ts';

const CODE = 0x40084000;
const RESULT = 0x3ffb0000;
const PIN = 2;
/** DPORT_CPU_PER_CONF, RTC_CNTL_CLK_CONF, GPIO_OUT_W1TS. */
const REGISTERS = `
        movi    a4, 0x3ff0003c
        movi    a5, 0x3ff48070
        movi    a6, 0x3ff44008
        movi    a7, 1 << ${PIN}
        movi    a12, ${RESULT}`;
/** To each clock: XTAL selects SOC_CLK 0 of RTC_CNTL, the PLL is SOC_CLK 1 and CPUPERIOD_SEL. */
const CLOCKS = [
  { hz: 40_000_000, apbHz: 40_000_000, select: 0, period: 0 },
  { hz: 80_000_000, apbHz: 80_000_000, select: 1, period: 0 },
  { hz: 160_000_000, apbHz: 80_000_000, select: 1, period: 1 },
  { hz: 240_000_000, apbHz: 80_000_000, select: 1, period: 2 },
] as const;
type Choice = (typeof CLOCKS)[number];

/** Both registers are written, then every store is waited for. */
const switchTo = ({ select, period }: Choice): string => `
        movi    a8, ${period}
        s32i    a8, a4, 0
        movi    a8, ${select} << 27
        s32i    a8, a5, 0
        memw
${'        nop\n'.repeat(40)}`;

function runProgram(body: string): { chip: Esp32; edges: number[]; word: (n: number) => number } {
  const chip = new Esp32();
  const program = assemble(
    `
    _start:
        movi    a2, 0x4002f
        wsr.ps  a2
        rsync
${REGISTERS}
        movi    a8, 0x3ff44020         # GPIO_ENABLE, plain output
        s32i    a7, a8, 0
        movi    a8, 0x3ff44530 + 4 * ${PIN}
        movi    a9, 0x100
        s32i    a9, a8, 0
        movi    a8, 0x3ff49040         # IO_MUX of GPIO2: function 2 is GPIO
        movi    a9, 2 << 12
        s32i    a9, a8, 0
        memw
${body}
        movi    a2, 1
        s32i    a2, a12, 60
    stay:
        j       stay
        .section .vectors, "ax"
    vectors:
        .space  0x1c0
        rsr.ccount a2
        movi    a3, 0
        wsr.intenable a3
        rfi     3`,
    { origins: { '.literal': CODE - 0x400, '.text': CODE, '.vectors': 0x40082000 } },
  );
  for (const { address, bytes } of program.sections)
    bytes.forEach((byte, i) => (chip.memory.bytes[chip.bus.ramAt(address + i)] = byte));
  const port = chip.bus.ports[0];
  for (const [address, value] of [
    [0x3ff480a4, 0x50d83aa1],
    [0x3ff4808c, 0],
    [0x3ff5f064, 0x50d83aa1],
    [0x3ff5f048, 0],
    [0x3ff48070, 0],
    [0x3ff0003c, 0],
    [RESULT + 60, 0],
  ] as const)
    port.write32(address, value);
  port.waitCycles = 0;
  port.drainCycles = 0;
  const edges: number[] = [];
  chip.peripherals.pads[PIN]!.wire.connect(() => edges.push(chip.scheduler.now));
  chip.cores[0].reset(program.entry);
  const word = (n: number): number => chip.bus.ports[0].read32(RESULT + 4 * n);
  for (let i = 0; word(15) === 0; i++) {
    if (i > 1000) throw new Error('the program has not ended');
    chip.runUntil(chip.now + 4800);
  }
  return { chip, edges, word };
}

/** Pin up and down, with CCOUNT read just before each, and `between` in between. */
const span = (n: number, between: string): string => `
        memw
        rsr.ccount a9
        s32i    a7, a6, 0
${between}
        memw
        rsr.ccount a10
        s32i    a7, a6, 4
        sub     a9, a10, a9
        s32i    a9, a12, ${4 * n}`;

describe('CPU_CLK', () => {
  it.each(CLOCKS)('$hz Hz: a CCOUNT cycle is 480 MHz / f ticks', (choice) => {
    const { chip, edges, word } = runProgram(
      switchTo(choice) + span(0, '        nop\n'.repeat(500)),
    );
    expect([chip.clocks.cpu.hz, chip.clocks.apb.hz]).toEqual([choice.hz, choice.apbHz]);
    expect(word(0)).toBeGreaterThan(500);
    expect(edges[1]! - edges[0]!).toBe(word(0) * (480_000_000 / choice.hz));
  });

  const pairs = CLOCKS.flatMap((from) =>
    CLOCKS.filter((to) => to !== from).map((to) => ({ from, to, name: `${from.hz} to ${to.hz}` })),
  );

  it.each(pairs)('$name: CCOUNT goes on without a jump', ({ from, to }) => {
    const other = runProgram(switchTo(from) + span(0, switchTo(to)));
    const same = runProgram(switchTo(from) + span(0, switchTo(from)));
    // The same instructions: what differs is what the stores wait at MEMW, at most 4 APB clocks.
    expect(Math.abs(other.word(0) - same.word(0))).toBeLessThan(24);
    const [ticksFrom, ticksTo] = [480_000_000 / from.hz, 480_000_000 / to.hz];
    const ticks = other.edges[1]! - other.edges[0]!;
    expect(ticks).toBeGreaterThanOrEqual(other.word(0) * Math.min(ticksFrom, ticksTo));
    expect(ticks).toBeLessThanOrEqual(other.word(0) * Math.max(ticksFrom, ticksTo));
  });

  it.each(CLOCKS)(
    '$hz Hz: MEMW and a store to GPIO take 4 APB clocks',
    ({ hz, apbHz, ...rest }) => {
      const store = '        memw\n        s32i a7, a6, 0\n';
      const program = (n: number): string =>
        switchTo({ hz, apbHz, ...rest } as Choice) + span(0, store.repeat(n));
      const cycles = (runProgram(program(60)).word(0) - runProgram(program(20)).word(0)) / 40;
      expect(cycles).toBe((4 * hz) / apbHz);
    },
  );
});

describe('CCOMPARE', () => {
  /** The clock is changed while a timer runs; the interrupt comes in the cycle of the match. */
  it.each(
    CLOCKS.flatMap((from) => CLOCKS.map((to) => ({ from, to, name: `${from.hz} to ${to.hz}` }))),
  )('$name: matches in its cycle', ({ from, to }) => {
    const { word } = runProgram(`${switchTo(from)}
        movi    a3, vectors
        wsr.vecbase a3
        rsr.ccount a11
        addi    a11, a11, 120
        addi    a11, a11, 120
        wsr.ccompare1 a11
        movi    a3, 1 << 15
        wsr.intenable a3
        movi    a3, 0x40020
        wsr.ps  a3
        rsync
${switchTo(to)}
        waiti   0
        sub     a2, a2, a11
        s32i    a2, a12, 0`);
    // Entry of the interrupt and nothing else: the same at every clock.
    expect(word(0)).toBe(ENTRY_CYCLES);
  });
});

const ENTRY_CYCLES = ((): number => {
  const { word } = runProgram(`
        movi    a3, vectors
        wsr.vecbase a3
        rsr.ccount a11
        addi    a11, a11, 100
        wsr.ccompare1 a11
        movi    a3, 1 << 15
        wsr.intenable a3
        movi    a3, 0x40020
        wsr.ps  a3
        rsync
        waiti   0
        sub     a2, a2, a11
        s32i    a2, a12, 0`);
  return word(0);
})();
