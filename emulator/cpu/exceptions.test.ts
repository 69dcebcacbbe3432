/** Exception Option: vectors, causes, PS rules, double exceptions, returns. */
import { describe, expect, it } from 'vitest';
import { PENALTY } from './isa/timing.ts';
import { EXCCAUSE } from './isa/exccause.ts';
import { DATA, Listing, VECBASE, WINDOW_VECTORS } from './rig.fixtures.ts';
import { readPs, writePs } from './exceptions.ts';

const VECTORS = `
    vector User
    user:   j user
    vector Kernel
    kernel: j kernel
    vector Double
    double: j double
`;

function listing(text: string): Listing {
  return new Listing(`${VECTORS}\n    .text\n    ${text}`);
}

/** One instruction that traps, at `here`. */
function trap(instruction: string, prepare: (machine: Listing) => void = () => {}): Listing {
  const machine = listing(`here: ${instruction}\n    nop`);
  prepare(machine);
  return machine.step();
}

describe('general exceptions', () => {
  it.each([
    ['ill', EXCCAUSE.IllegalInstruction],
    ['ill.n', EXCCAUSE.IllegalInstruction],
    ['syscall', EXCCAUSE.Syscall],
    ['quou a2, a3, a4', EXCCAUSE.IntegerDivideByZero],
    ['.byte 0x00, 0xc0, 0xff', EXCCAUSE.IllegalInstruction],
    ['add.s f0, f1, f2', EXCCAUSE.Coprocessor0Disabled],
    ['rfi 1', EXCCAUSE.IllegalInstruction],
    ['rfi 8', EXCCAUSE.IllegalInstruction],
    ['lddr32.p a2', EXCCAUSE.IllegalInstruction],
    ['entry a4, 16', EXCCAUSE.IllegalInstruction],
    ['retw', EXCCAUSE.IllegalInstruction],
  ])('%s', (instruction, cause) => {
    const machine = trap(instruction);
    const { cpu } = machine;
    expect([cpu.pc, cpu.exccause, cpu.epc[1]]).toEqual([
      machine.at('user'),
      cause,
      machine.at('here'),
    ]);
    expect([cpu.psExcm, cpu.psUm, cpu.psIntlevel, cpu.psWoe]).toEqual([1, 1, 0, 1]);
  });

  it('go to the kernel vector when PS.UM = 0', () => {
    const machine = trap('syscall', ({ cpu }) => (cpu.psUm = 0));
    expect(machine.cpu.pc).toBe(machine.at('kernel'));
  });

  it('go to the double vector with DEPC when PS.EXCM = 1, and keep EPC1', () => {
    const machine = trap('syscall', ({ cpu }) => {
      cpu.psExcm = 1;
      cpu.epc[1] = 1234;
    });
    const { cpu } = machine;
    expect([cpu.pc, cpu.depc, cpu.epc[1]]).toEqual([
      machine.at('double'),
      machine.at('here'),
      1234,
    ]);
    expect(cpu.exccause).toBe(EXCCAUSE.Syscall);
  });

  it('leave EXCVADDR alone unless an address is at fault', () => {
    const machine = trap('syscall', ({ cpu }) => (cpu.excvaddr = 77));
    expect(machine.cpu.excvaddr).toBe(77);
  });

  it('take the entry penalty after the issue cycle', () => {
    const machine = listing('here: syscall');
    const from = machine.cpu.cycle;
    machine.step();
    expect(machine.cpu.cycle - from).toBe(1 + PENALTY.exception.value);
  });

  it('do not write the result of the instruction', () => {
    const machine = trap('rems a2, a3, a4', ({ cpu }) => cpu.setA(2, 99));
    expect(machine.cpu.a(2)).toBe(99);
  });

  it('VECBASE moves the vectors', () => {
    const machine = trap('syscall', ({ cpu }) => (cpu.vecbase = VECBASE + 0x400));
    expect(machine.cpu.pc).toBe(VECBASE + 0x400 + 0x340);
  });

  it('turn window checks off', () => {
    const machine = trap('syscall', ({ cpu }) => {
      cpu.windowStart = 0b11;
      cpu.windowLimit = 4;
    });
    expect(machine.cpu.windowLimit).toBe(16);
  });
});

describe('instruction fetch', () => {
  it('reports the address that cannot be fetched', () => {
    const machine = listing('here: jx a2');
    machine.cpu.setA(2, 0x20000000);
    machine.step().step();
    const { cpu } = machine;
    expect(cpu.pc).toBe(machine.at('user'));
    expect([cpu.epc[1], cpu.excvaddr]).toEqual([0x20000000, 0x20000000]);
    expect([
      EXCCAUSE.InstructionFetchError,
      EXCCAUSE.InstrPIFAddrError,
      EXCCAUSE.InstFetchProhibited,
    ]).toContain(cpu.exccause);
  });

  it('an attribute without execute right prohibits it', () => {
    const machine = listing(`
        movi  a2, 0x40000000
        movi  a3, 15
        witlb a3, a2
    next: nop`);
    machine.step().step().step().step();
    expect(machine.cpu.exccause).toBe(EXCCAUSE.InstFetchProhibited);
  });
});

describe('returns', () => {
  it('rfe clears PS.EXCM, restores window checks and goes to EPC1 in 4 cycles', () => {
    const machine = listing('here: rfe\n after: nop');
    const { cpu } = machine;
    cpu.psExcm = 1;
    cpu.windowStart = 0b101;
    cpu.windowLimit = 16;
    cpu.epc[1] = machine.at('after');
    const from = cpu.cycle;
    machine.step();
    expect([cpu.pc, cpu.psExcm, cpu.windowLimit]).toEqual([machine.at('after'), 0, 8]);
    expect(cpu.cycle - from).toBe(4);
  });

  it('rfde goes to DEPC and keeps PS.EXCM', () => {
    const machine = listing('here: rfde\n after: nop');
    machine.cpu.psExcm = 1;
    machine.cpu.depc = machine.at('after');
    machine.step();
    expect([machine.cpu.pc, machine.cpu.psExcm]).toEqual([machine.at('after'), 1]);
  });

  it.each([2, 3, 4, 5, 6, 7])('rfi %i restores PS from EPS and goes to EPC', (level) => {
    const machine = listing(`here: rfi ${level}\n after: nop`);
    const { cpu } = machine;
    cpu.psIntlevel = level;
    cpu.psExcm = 1;
    cpu.epc[level] = machine.at('after');
    cpu.eps[level] = 0x00060521;
    machine.step();
    expect([cpu.pc, readPs(cpu)]).toEqual([machine.at('after'), 0x00060521]);
  });

  it('a syscall handler returns behind the syscall', () => {
    const machine = new Listing(`
        vector User
        rsr.epc1 a4
        addi     a4, a4, 3
        wsr.epc1 a4
        addi     a5, a5, 1
        rfe
        .text
        syscall
        syscall
    end: j end`);
    machine.runTo('end');
    expect([machine.cpu.a(5), machine.cpu.psExcm]).toEqual([2, 0]);
  });
});

describe('double exceptions', () => {
  it('a fault in a window overflow handler leaves the handler address in DEPC', () => {
    const machine = new Listing(`
        ${WINDOW_VECTORS}
        vector Double
    double: j double
        .text
    here: mov a4, a3`);
    const { cpu } = machine;
    cpu.windowStart = 0b111;
    cpu.windowLimit = 4;
    // The handler stores below a5 of the spilled frame's successor: 0 is a closed region.
    cpu.dtlbAttribute[0] = 15;
    cpu.onRegionAttribute!(cpu);
    machine.step();
    expect([cpu.windowBase4, cpu.psOwb]).toEqual([4, 0]);
    cpu.ar[4 + 5] = 0x100;
    machine.step();
    expect([cpu.pc, cpu.exccause]).toEqual([machine.at('double'), EXCCAUSE.StoreProhibited]);
    expect([cpu.excvaddr, cpu.epc[1]]).toEqual([0x100 - 16, machine.at('here')]);
    expect(cpu.depc).toBe(VECBASE);
  });
});

describe('PS', () => {
  it('packs and unpacks every field', () => {
    const { cpu } = listing('nop');
    for (let bit = 0; bit < 32; bit++) {
      writePs(cpu, 1 << bit);
      const exists = (0x00070f3f >>> bit) & 1;
      expect(readPs(cpu)).toBe(exists << bit);
    }
  });
});

describe('memory', () => {
  it('a load that faults after a long wait still reports its own PC', () => {
    const machine = listing(`
        movi  a2, 0
        l32i  a3, a2, 0
        nop`);
    const { cpu } = machine;
    cpu.dtlbAttribute[0] = 15;
    cpu.onRegionAttribute!(cpu);
    machine.step().step();
    expect([cpu.exccause, cpu.excvaddr]).toEqual([EXCCAUSE.LoadProhibited, 0]);
    expect(cpu.port.read32(DATA)).toBe(0);
  });
});
