/** Debug Option: BREAK, IBREAK, DBREAK and ICOUNT, in guest programs. */
import { describe, expect, it } from 'vitest';
import { DATA, Listing } from './rig.fixtures.ts';

const VECTORS = `
    vector Debug
    debug: j   debug
    vector User
    user: j    user
`;

function listing(text: string): Listing {
  const machine = new Listing(`${VECTORS}\n    .text\n    ${text}`);
  machine.cpu.ar.fill(0);
  return machine;
}

function expectDebug({ cpu }: Listing, at: number, cause: number): void {
  expect([cpu.epc[6], cpu.debugcause]).toEqual([at, cause]);
  expect([cpu.psIntlevel, cpu.psExcm]).toEqual([6, 1]);
}

describe('break', () => {
  it.each([
    ['break 1, 15', 8],
    ['break.n 3', 16],
  ])('%s sets DEBUGCAUSE to %i', (instruction, cause) => {
    const machine = listing(`here: ${instruction}\n nop`);
    machine.runTo('debug');
    expectDebug(machine, machine.at('here'), cause);
    expect(machine.cpu.eps[6]! & 0x1f).toBe(0);
  });

  it.each([6, 7, 15])('does nothing at level %i', (level) => {
    const machine = listing('break 0, 0\n end: j end');
    machine.cpu.psIntlevel = level;
    machine.runTo('end');
    expect(machine.cpu.debugcause).toBe(0);
  });
});

describe('IBREAK', () => {
  const TEXT = `
        movi  a2, here
        wsr.ibreaka1 a2
        movi  a3, 2
        wsr.ibreakenable a3
        nop
    here: addi a4, a4, 1
    end: j    end`;

  it('stops before the instruction', () => {
    const machine = listing(TEXT);
    machine.runTo('debug');
    expectDebug(machine, machine.at('here'), 2);
    expect(machine.cpu.a(4)).toBe(0);
  });

  it('is ignored at the debug level', () => {
    const machine = listing(TEXT);
    machine.cpu.psIntlevel = 6;
    machine.runTo('end');
    expect(machine.cpu.a(4)).toBe(1);
  });

  it('stops nothing when its enable bit is 0', () => {
    const machine = listing(TEXT.replace('movi  a3, 2', 'movi  a3, 1'));
    machine.runTo('end');
    expect(machine.cpu.a(4)).toBe(1);
  });
});

describe('DBREAK', () => {
  const run = (control: number, watched: number, instruction: string): Listing => {
    const machine = listing(`
        wsr.dbreaka0 a2
        wsr.dbreakc0 a3
    here: ${instruction}
    end: j    end`);
    const { cpu } = machine;
    cpu.setA(2, watched);
    cpu.setA(3, control);
    cpu.setA(4, DATA);
    cpu.setA(5, 77);
    for (let i = 0; i < 6; i++) machine.step();
    return machine;
  };
  const LOAD = 0x40000000;
  const STORE = 0x80000000;
  const WORD = 0x3c;

  it.each([
    ['l32i a6, a4, 8', LOAD | WORD, 8, true],
    ['l32i a6, a4, 8', LOAD | WORD, 12, false],
    ['l32i a6, a4, 8', STORE | WORD, 8, false],
    ['s32i a5, a4, 8', STORE | WORD, 8, true],
    ['s32i a5, a4, 8', LOAD | WORD, 8, false],
    ['s8i a5, a4, 11', STORE | WORD, 8, true],
    ['s8i a5, a4, 12', STORE | WORD, 8, false],
    ['l8ui a6, a4, 9', LOAD | 0x3f, 9, true],
    ['l8ui a6, a4, 8', LOAD | 0x3f, 9, false],
    ['l16ui a6, a4, 8', LOAD | 0x3f, 9, true],
    ['l32i a6, a4, 60', LOAD | 0x00, 0, true],
    ['l32i a6, a4, 64', LOAD | 0x00, 0, false],
    ['s32c1i a5, a4, 8', LOAD | WORD, 8, true],
    ['s32c1i a5, a4, 8', STORE | WORD, 8, true],
    ['ldinc m0, a4', LOAD | WORD, 4, true],
    ['lddec m0, a4', LOAD | WORD, -4, true],
    ['l32e a6, a4, -8', LOAD | WORD, -8, true],
    ['s32i.n a5, a4, 8', STORE | WORD, 8, true],
  ] as [string, number, number, boolean][])(
    '%s with DBREAKC %i at offset %i',
    (text, control, offset, hit) => {
      const machine = run(control, DATA + offset, text);
      const { cpu } = machine;
      if (!hit) {
        expect([cpu.debugcause, cpu.pc]).toEqual([0, machine.at('end')]);
        return;
      }
      expectDebug(machine, machine.at('here'), 4);
      expect([cpu.a(6), cpu.port.read32(DATA + 8)]).toEqual([0, 0]);
    },
  );

  it('DBNUM tells the second one', () => {
    const machine = listing(`
        wsr.dbreaka1 a2
        wsr.dbreakc1 a3
    here: l32i a6, a2, 0`);
    machine.cpu.setA(2, DATA);
    machine.cpu.setA(3, LOAD | WORD);
    machine.runTo('debug');
    expectDebug(machine, machine.at('here'), 4 | (1 << 8));
  });

  it('a window overflow comes first', () => {
    const machine = listing(`
        wsr.dbreaka0 a2
        wsr.dbreakc0 a3
    here: l32i a6, a2, 0`);
    const { cpu } = machine;
    cpu.setA(2, DATA);
    cpu.setA(3, LOAD | WORD);
    cpu.windowStart = 3;
    cpu.windowLimit = 4;
    machine.step().step().step();
    expect([cpu.debugcause, cpu.psOwb, cpu.epc[1]]).toEqual([0, 0, machine.at('here')]);
  });
});

describe('ICOUNT', () => {
  it('steps one instruction: the debugger writes -2 and returns by RFI', () => {
    const machine = listing(`
    first: addi a4, a4, 1
    second: addi a4, a4, 1
    third: addi a4, a4, 1
    end: j    end`);
    const { cpu } = machine;
    const resume = (): void => {
      cpu.icount = -2;
      cpu.icountlevel = 6;
      cpu.debugWatch = 1;
      machine.runTo('debug');
    };
    resume();
    expectDebug(machine, machine.at('second'), 1);
    expect([cpu.a(4), cpu.icount]).toEqual([1, -1]);
    cpu.psIntlevel = 0;
    cpu.psExcm = 0;
    cpu.pc = machine.at('second');
    cpu.nextPc = cpu.pc;
    resume();
    expectDebug(machine, machine.at('third'), 1);
    expect(cpu.a(4)).toBe(2);
  });

  it('counts completed instructions below ICOUNTLEVEL only', () => {
    const machine = listing(`
        movi  a2, 2
        movi  a3, 100
        wsr.icount a3
        wsr.icountlevel a2
        nop
        nop
        rsr.icount a5
        rsil  a6, 2
        nop
        nop
        rsil  a6, 0
        rsr.icount a7
    end: j    end`);
    machine.runTo('end');
    // Two NOPs before the first read. Then RSR, RSIL 2 count; NOP, NOP and RSIL 0 run at level 2.
    expect([machine.cpu.a(5), machine.cpu.a(7)]).toEqual([102, 104]);
  });

  it('does not count an instruction that traps', () => {
    const machine = listing(`
        movi  a2, 6
        movi  a3, 100
        wsr.icount a3
        wsr.icountlevel a2
        nop
        syscall`);
    machine.runTo('user');
    expect(machine.cpu.icount).toBe(101);
  });
});
