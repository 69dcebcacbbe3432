/**
 * The kernel's vectors that no demo reaches: the event is made in the chip, as a debugger or a fault
 * would, and the handler must print a dump with its name, the place and a backtrace.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { createBoard, ms } from '../emulator/index.ts';
import type { Board } from '../emulator/index.ts';

const IMAGES = 'firmware/images';
/** DPORT: PRO_CPU's map register of FROM_CPU_INTR0 (source 24), and the register that raises it. */
const PRO_FROM_CPU_0_MAP = 0x3ff00104 + 4 * 24;
const CPU_INTR_FROM_CPU_0 = 0x3ff000dc;

/** Maps FROM_CPU_INTR0 to a CPU interrupt of PRO_CPU, enables that and raises it. */
function interrupt(board: Board, line: number): void {
  const { cpu } = board.chip.cores[0];
  cpu.intenable |= 1 << line;
  cpu.port.write32(PRO_FROM_CPU_0_MAP, line);
  cpu.port.write32(CPU_INTR_FROM_CPU_0, 1);
}

/** CPU interrupts by level (config of the LX6): 14 is the NMI, 30 of level 4, 31 of level 5. */
const EVENTS: Readonly<Record<string, (board: Board) => void>> = {
  NMI: (board) => interrupt(board, 14),
  Level4Interrupt: (board) => interrupt(board, 30),
  Level5Interrupt: (board) => interrupt(board, 31),
  Debug: (board) => {
    const { cpu } = board.chip.cores[0];
    cpu.ibreaka[0] = board.symbols.address('kernel_interrupt');
    cpu.ibreakenable = 1;
    cpu.debugWatch = 1;
  },
  Double: (board) => {
    const { cpu } = board.chip.cores[0];
    cpu.psExcm = 1;
    cpu.pc = 0x20000000;
  },
};

describe('vectors of the kernel', () => {
  let booted: Board;
  beforeAll(() => {
    booted = createBoard({
      firmware: ['0x1000', `${IMAGES}/bootloader.bin`, '0x10000', `${IMAGES}/sched.bin`],
      elf: `${IMAGES}/sched.elf`,
      rom: 'open',
    });
    booted.uart().expect('PASS', ms(300));
  });

  it.each(Object.keys(EVENTS))('%s prints a dump', (name) => {
    const board = booted.fork();
    EVENTS[name]!(board);
    const dump = board.uart().expect(new RegExp(`FAULT .*core 0.*${name}.* pc 0x`), ms(100));
    expect(dump.text).toContain(name);
    board.uart().expect(/^A12 [0-9a-f]{8}/m, ms(100));
    if (name !== 'Double')
      board.uart().expect(/Backtrace: 0x[0-9a-f]{8}:0x3ff[0-9a-f]{5}/, ms(100));
  });
});
