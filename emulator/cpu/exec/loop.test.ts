/** Loop Option, with the interpreter's loop-back. */
import { describe, expect, it } from 'vitest';
import { Listing } from '../rig.fixtures.ts';

function listing(text: string): Listing {
  return new Listing(`
    vector User
    user:   j user
    .text
    ${text}`);
}

describe('zero-overhead loops', () => {
  const LOOP = `
        movi  a2, 5
        movi  a3, 0
        loop  a2, over
        addi  a3, a3, 1
    last: nop
    over:
    end: j    end`;

  it('run LCOUNT + 1 times', () => {
    const machine = listing(LOOP);
    machine.runTo('end');
    expect([machine.cpu.a(3), machine.cpu.lcount]).toEqual([5, 0]);
  });

  it('do not loop back while PS.EXCM = 1', () => {
    const machine = listing(LOOP);
    machine.cpu.psExcm = 1;
    machine.runTo('end');
    expect([machine.cpu.a(3), machine.cpu.lcount]).toEqual([1, 4]);
  });

  it.each([
    ['loopnez', 0, 0],
    ['loopnez', 3, 3],
    ['loopnez', -1, -1],
    ['loopgtz', 0, 0],
    ['loopgtz', -5, 0],
    ['loopgtz', 4, 4],
  ])('%s with %i', (name, count, times) => {
    const machine = listing(`
        ${name} a2, over
        addi  a3, a3, 1
        nop
    over:
    end: j    end`);
    const { cpu } = machine;
    cpu.setA(2, count);
    cpu.setA(3, 0);
    if (times < 0) {
      machine.runFor(200);
      expect(cpu.a(3)).toBeGreaterThan(50);
      return;
    }
    machine.runTo('end');
    expect(cpu.a(3)).toBe(times);
    expect(cpu.lcount).toBe(times === 0 ? count - 1 : 0);
    expect(cpu.lend).toBe(machine.at('over'));
  });

  it('loop with 0 runs 2^32 times: LCOUNT wraps', () => {
    const machine = listing(LOOP.replace('movi  a2, 5', 'movi  a2, 0'));
    machine.runFor(100);
    expect(machine.cpu.a(3)).toBeGreaterThan(20);
  });

  it.each([
    ['bnone a4, a5, over', 8],
    ['bany  a4, a5, over', 1],
    ['bbsi  a4, 31, over', 8],
    ['beqi  a3, 4, over', 4],
    ['j     over', 1],
    ['jx    a6', 1],
    ['callx0 a6', 1],
    ['call0 over', 1],
    ['ret', 1],
  ])(
    '%s as the last instruction leaves the loop when taken, though LEND is next',
    (last, times) => {
      const machine = listing(`
        loop  a2, over
        addi  a3, a3, 1
        slli  a4, a3, 28
        movi  a6, over
        mov   a0, a6
        nop.n                 # CALL0 goes to words
        ${last}
    over:
    end: j    end`);
      const { cpu } = machine;
      cpu.setA(2, 20);
      cpu.setA(3, 0);
      cpu.setA(5, 0x70000000);
      machine.runTo('end');
      expect([cpu.a(3), cpu.lcount]).toEqual([times, 20 - times]);
    },
  );

  it('a branch out of the loop and a trap at its last instruction leave LCOUNT', () => {
    const machine = listing(`
        movi  a2, 5
        loop  a2, over
        nop
    last: syscall
    over:
    end: j    end`);
    machine.runTo('user');
    expect([machine.cpu.lcount, machine.cpu.epc[1]]).toEqual([4, machine.at('last')]);
  });
});
