/**
 * Exceptions, interrupts, tasks and timers by the ROM's own vectors and tables, and functions that write registers: the
 * open ROM does what the mask ROM does.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { assemble } from '../../emulator/cpu/assemble.ts';
import { haveRealFiles } from '../../emulator/loader/real.fixtures.ts';
import { Random, RomPair } from './differential.fixtures.ts';
import { CODE, DATA, type RomCaller } from './rom-caller.fixtures.ts';

const XTOS_TABLES: readonly (readonly [number, number])[] = [
  [0x3ffe_0448, 128],
  [0x3ffe_0650, 66],
];
/** Handlers note their arguments: at DATA a count, then two words for each call. */
const PROGRAM = assemble(
  `
    .text
    .literal_position
handler:
    entry a1, 32
    movi  a4, ${DATA}
    l32i  a5, a4, 0
    addi  a6, a5, 1
    s32i  a6, a4, 0
    slli  a5, a5, 3
    add   a4, a4, a5
    s32i  a2, a4, 4
    s32i  a3, a4, 8
    retw
    .align 4
# skips the instruction, notes the cause and A2 of the frame, sets A2 to 77
skip:
    entry a1, 32
    l32i  a4, a2, 0
    addi  a4, a4, 3
    s32i  a4, a2, 0
    l32i  a5, a2, 16
    movi  a4, ${DATA}
    s32i  a3, a4, 0
    s32i  a5, a4, 4
    movi  a5, 77
    s32i  a5, a2, 16
    retw
    .align 4
# depth calls, each with values in all its registers, then an exception or interrupt at the bottom
deep:
    entry a1, 48
    beqz  a2, bottom
    addi  a10, a2, -1
    mov   a11, a3
    addi  a4, a2, 10
    addi  a5, a2, 20
    addi  a6, a2, 30
    addi  a7, a2, 40
    call8 deep
    add   a2, a10, a4
    sub   a2, a2, a5
    add   a2, a2, a6
    xor   a2, a2, a7
    retw
bottom:
    movi  a8, ${0x60020}
    wsr   a8, ps
    wsr   a3, intenable
    rsync
    movi  a4, 11
    movi  a5, 12
    movi  a6, 13
    movi  a7, 14
    movi  a8, 15
    movi  a9, 16
    movi  a10, 17
    movi  a11, 18
    movi  a12, 19
    movi  a13, 20
    movi  a14, 21
    movi  a15, 22
    bnez  a3, interrupt
    ill
    j     sum
interrupt:
    wsr   a3, intset
    rsync
    nop
    nop
sum:
    add   a2, a2, a4
    slli  a2, a2, 1
    add   a2, a2, a5
    slli  a2, a2, 1
    add   a2, a2, a6
    slli  a2, a2, 1
    add   a2, a2, a7
    slli  a2, a2, 1
    add   a2, a2, a8
    add   a2, a2, a9
    slli  a2, a2, 1
    add   a2, a2, a10
    add   a2, a2, a11
    slli  a2, a2, 1
    add   a2, a2, a12
    add   a2, a2, a13
    slli  a2, a2, 1
    add   a2, a2, a14
    add   a2, a2, a15
    retw
    .align 4
# a frame of variable size: MOVSP in a function whose caller has been spilled
alloca:
    entry a1, 32
    movi  a8, ${0x60020}
    wsr   a8, ps
    rsync
    movi  a3, 1000
    movi  a4, 2000
    movi  a10, 0
    syscall_spill:
    mov   a10, a2
    call8 inner
    add   a2, a10, a3
    add   a2, a2, a4
    retw
    .align 4
inner:
    entry a1, 32
    mov   a5, a2
    movi  a2, 0
    syscall
    mov   a6, a2
    sub   a4, a1, a5
    movsp a1, a4
    mov   a2, a6
    bnez  a3, inner_end
inner_end:
    addi  a2, a5, 5
    retw
    .align 4
# a task that notes its event
task:
    entry a1, 32
    l32i  a3, a2, 4
    l32i  a2, a2, 0
    mov   a10, a2
    mov   a11, a3
    call8 handler
    retw
    .align 4
timed:
    entry a1, 32
    mov   a10, a2
    movi  a11, 0
    call8 handler
    retw
    .align 4
# what ets_run calls when nothing is to do: back to the caller of run
idle:
    entry a1, 32
    movi  a4, ${DATA + 0x80}
    s32i  a2, a4, 0
    j .
`.replace('    syscall_spill:\n', ''),
  { origins: { '.text': CODE } },
);
const at = (name: string): number => PROGRAM.address(name);

describe.skipIf(!haveRealFiles())('XTOS', () => {
  let pair: RomPair;
  beforeAll(() => {
    pair = new RomPair();
    for (const caller of pair.both) {
      caller.load(PROGRAM);
      caller.call('_xtos_ints_off', -1);
      // UART0 and SDIO in the mask ROM's wait for a download, which the open ROM does not have.
      for (const interrupt of [1, 5]) caller.call('_xtos_set_interrupt_handler', interrupt, 0);
    }
  });
  const clear = (): void => {
    for (const caller of pair.both) for (let i = 0; i < 64; i++) caller.write32(DATA + i * 4, 0);
  };
  const both = (act: (caller: RomCaller) => unknown): void => {
    clear();
    const [open, mask] = pair.both.map((caller) => ({
      result: act(caller),
      noted: caller.words(DATA, 16),
    }));
    expect(open).toEqual(mask);
  };
  const tables = (caller: RomCaller): number[] => {
    caller.call('_xtos_ints_off', -1);
    return XTOS_TABLES.flatMap(([address, count]) => caller.words(address, count));
  };

  it('tables of handlers hold the same addresses', () => {
    const [open, mask] = pair.both.map(tables);
    expect(open).toEqual(mask);
  });

  it('handlers are set, replaced and taken away', () => {
    const random = new Random(3);
    for (let i = 0; i < 120; i++) {
      // Causes 1, 4 and 5 have handlers in assembly, which C handlers would replace.
      const number = random.pick([0, 2, 3, random.between(6, 70)]);
      const handler = random.pick([0, at('handler'), at('skip'), 0x4000_bfd4, 0x4000_c01c]);
      const name = random.pick([
        '_xtos_set_exception_handler',
        '_xtos_set_interrupt_handler',
        '_xtos_set_interrupt_handler_arg',
      ]);
      const args = name.endsWith('_arg') ? [number % 40, handler, random.u32()] : [number, handler];
      const [open, mask] = pair.both.map((caller) => caller.call(name, ...args));
      expect([i, name, ...args, open]).toEqual([i, name, ...args, mask]);
    }
    const [open, mask] = pair.both.map(tables);
    expect(open).toEqual(mask);
    for (const i of [0, 2, 3, ...Array.from({ length: 58 }, (_, j) => j + 6)])
      for (const caller of pair.both) caller.call('_xtos_set_exception_handler', i, 0);
    for (let i = 0; i < 32; i++)
      for (const caller of pair.both) caller.call('_xtos_set_interrupt_handler', i, 0);
  });

  it('interrupts on and off, virtual priority, levels', () => {
    const random = new Random(4);
    for (let i = 0; i < 100; i++) {
      const name = random.pick([
        '_xtos_ints_on',
        '_xtos_ints_off',
        '_xtos_set_vpri',
        'ets_isr_mask',
        'ets_isr_unmask',
      ]);
      // No interrupt that may be pending: timers, and the matrix's.
      const mask = random.word() & 0x2000_0080;
      both((caller) => {
        const before = caller.call(name, mask);
        return [
          name.startsWith('ets') ? 0 : before,
          caller.chip.cores[0].cpu.intenable,
          caller.read32(0x3ffe0650),
          caller.read32(0x3ffe0654),
        ];
      });
    }
    both((caller) => caller.call('_xtos_set_vpri', -1) && caller.call('_xtos_ints_off', -1));
    for (const name of ['_xtos_set_intlevel', '_xtos_set_min_intlevel'])
      for (const level of [0, 3, 15, 0x25])
        both((caller) => [caller.call(name, level) & 15, caller.chip.cores[0].cpu.psIntlevel]);
    both((caller) => {
      caller.call('_xtos_restore_intlevel', 0x40025);
      return caller.chip.cores[0].cpu.psIntlevel;
    });
  });

  it.each([0, 1, 2, 5, 9, 16, 30])(
    'a C handler of an exception %i calls down keeps every register',
    (depth) => {
      for (const caller of pair.both) caller.call('_xtos_set_exception_handler', 0, at('skip'));
      both((caller) => caller.call(at('deep'), depth, 0));
      expect(pair.open.read32(DATA + 4)).toBe(0);
      for (const caller of pair.both) caller.call('_xtos_set_exception_handler', 0, 0);
    },
  );

  it.each([
    [7, 0],
    [7, 3],
    [7, 20],
    [29, 0],
    [29, 20],
  ])('software interrupt %i reaches its handler %i calls down', (interrupt, depth) => {
    for (const caller of pair.both) {
      caller.call('_xtos_set_interrupt_handler_arg', interrupt, at('handler'), 0xabc);
      caller.call('_xtos_ints_on', 1 << interrupt);
    }
    both((caller) => {
      const result = caller.call(at('deep'), depth, 1 << interrupt);
      return [result, caller.read32(DATA), caller.read32(DATA + 4)];
    });
    expect(pair.open.words(DATA, 2)).toEqual([1, 0xabc]);
    for (const caller of pair.both) caller.call('_xtos_ints_off', -1);
  });

  it.each([16, 64, 512])('SYSCALL 0 spills, MOVSP by %i bytes reads back', (bytes) => {
    both((caller) => caller.call(at('alloca'), bytes));
    expect(pair.open.call(at('alloca'), bytes)).toBe(bytes + 5 + 3000);
  });

  it('locks count, tasks queue by priority and run until idle', () => {
    const QUEUE = DATA + 0x1000;
    both((caller) => {
      caller.call('ets_intr_lock');
      caller.call('ets_intr_lock');
      caller.call('ets_intr_unlock');
      const count = caller.read32(0x3ffe03fc);
      caller.call('ets_intr_unlock');
      return [count, caller.read32(0x3ffe03fc)];
    });
    both((caller) => {
      caller.call('ets_task', at('task'), 3, QUEUE, 4);
      caller.call('ets_task', at('task'), 9, QUEUE + 64, 2);
      const results = [
        [3, 1, 2],
        [9, 3, 4],
        [3, 5, 6],
        [9, 7, 8],
        [9, 9, 9],
        [3, 10, 11],
      ].map((event) => caller.call('ets_post', ...event));
      caller.call('ets_set_idle_cb', at('idle'), 0x1dea);
      // Does not return: the idle function stays.
      expect(() => caller.call('ets_run')).toThrow('did not return');
      return [results, caller.words(0x3ffe01f0, 40), caller.read32(DATA + 0x80)];
    });
    expect(pair.open.words(DATA, 11)).toEqual([5, 3, 4, 7, 8, 1, 2, 5, 6, 10, 11]);
  });

  it('timers are listed in order and run when they expire', () => {
    const TIMERS = DATA + 0x200;
    both((caller) => {
      caller.call('ets_timer_init');
      for (let i = 0; i < 4; i++)
        caller.call('ets_timer_setfn', TIMERS + i * 20, at('timed'), 0x100 + i);
      caller.call('ets_timer_arm', TIMERS, 3, 0);
      caller.call('ets_timer_arm_us', TIMERS + 20, 1500, 1);
      caller.call('ets_timer_arm', TIMERS + 40, 40, 0);
      caller.call('ets_timer_arm_us', TIMERS + 60, 2000, 0);
      caller.call('ets_timer_disarm', TIMERS + 60);
      const list: number[] = [];
      for (let timer = caller.read32(0x3ffe0408); timer !== 0; timer = caller.read32(timer))
        list.push(timer);
      caller.chip.runUntil(caller.chip.now + 480_000 * 4);
      caller.call('ets_timer_handler_isr');
      const after: number[] = [];
      for (let timer = caller.read32(0x3ffe0408); timer !== 0; timer = caller.read32(timer))
        after.push(timer);
      for (let i = 0; i < 3; i++) caller.call('ets_timer_disarm', TIMERS + i * 20);
      caller.call('ets_timer_done', TIMERS);
      return [
        list,
        after,
        caller.words(TIMERS, 5),
        caller.read32(0x3ff47028),
        caller.words(DATA, 10),
      ];
    });
    expect(pair.open.words(DATA, 2)).toEqual([1, 0x101]);
  });
});
