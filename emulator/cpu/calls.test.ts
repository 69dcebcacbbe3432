/** Call trees deeper than the register file, through the real window vectors. */
import { describe, expect, it } from 'vitest';
import { DATA, Listing, WINDOW_VECTORS } from './rig.fixtures.ts';

/** A stack with the base save area of a frame that was never called. */
const STACK_TOP = DATA + 0x8000;

function listing(text: string): Listing {
  const machine = new Listing(`${WINDOW_VECTORS}\n    .text\n${text}`);
  const { cpu } = machine;
  cpu.setA(1, STACK_TOP);
  for (let i = 1; i <= 12; i++) cpu.port.write32(STACK_TOP - 4 * i, STACK_TOP + 0x100);
  cpu.port.waitCycles = 0;
  return machine;
}

/** The manual's invariant when a call tree has returned: one frame is live, the first one. */
function expectHome({ cpu }: Listing): void {
  expect([cpu.windowBase4, cpu.windowStart, cpu.psExcm, cpu.a(1)]).toEqual([0, 1, 0, STACK_TOP]);
}

describe('recursion', () => {
  it.each([
    ['call4', 6],
    ['call8', 10],
    ['call12', 14],
  ])('%s: sum of 1..60, the partial sums being kept in registers', (call, argument) => {
    const machine = listing(`
        movi    a${argument}, 60
        ${call} sum
    end: j      end
    .align 4
    sum:
        entry   a1, 64
        mov     a3, a2              # must survive the inner call
        beqz    a2, done
        addi    a${argument}, a2, -1
        ${call} sum
        add     a2, a3, a${argument}
    done:
        retw`);
    machine.runTo('end');
    expect(machine.cpu.a(argument)).toBe((60 * 61) / 2);
    expectHome(machine);
  });

  it('call4, call8 and call12 in turn keep every live register of every frame', () => {
    // Each frame fills the registers that its call leaves to it, calls on, and checks them after.
    const frame = (name: string, next: string, quads: number): string => {
      const own = Array.from({ length: quads * 4 - 3 }, (_, i) => i + 3);
      return `
    .align 4
    ${name}:
        entry   a1, 80
        beqz    a2, ${name}_leaf
${own.map((n) => `        addi    a${n}, a2, ${n}`).join('\n')}
        addi    a${quads * 4 + 2}, a2, -1
        call${quads * 4} ${next}
        # a2 := what the callee returned + 1 when every register is as it was, else -1000.
        addi    a${quads * 4 + 3}, a2, 0
${own
  .map(
    (n) => `        addi    a${n}, a${n}, -${n}
        bne     a${n}, a2, bad_${name}`,
  )
  .join('\n')}
        addi    a2, a${quads * 4 + 2}, 1
        retw
    bad_${name}:
        movi    a2, -1000
        retw
    ${name}_leaf:
        retw`;
    };
    const machine = listing(`
        movi    a10, 90
        call8   four
    end: j      end
    ${frame('four', 'eight', 1)}
    ${frame('eight', 'twelve', 2)}
    ${frame('twelve', 'four', 3)}`);
    machine.runTo('end');
    expect(machine.cpu.a(10)).toBe(90);
    expectHome(machine);
  });

  it('callx8 through a register and retw.n', () => {
    const machine = listing(`
        movi    a3, sum
        movi    a10, 30
        callx8  a3
    end: j      end
    .align 4
    sum:
        entry   a1, 48
        mov.n   a4, a2
        beqz.n  a2, done
        movi    a3, sum
        addi.n  a10, a2, -1
        callx8  a3
        add.n   a2, a4, a10
    done:
        retw.n`);
    machine.runTo('end');
    expect(machine.cpu.a(10)).toBe(465);
    expectHome(machine);
  });
});

describe('movsp', () => {
  it('enters the Alloca exception only after the caller was spilled', () => {
    const machine = listing(`
        call8   outer
    end: j      end
    .align 4
    outer:
        entry   a1, 48
        addi    a3, a1, -64
        movsp   a1, a3              # the caller's frame is still in registers
    moved:
        retw
        vector User
    user: j     user`);
    machine.runTo('moved');
    expect(machine.cpu.exccause).toBe(0);
    machine.cpu.windowStart = 1 << (machine.cpu.windowBase4 / 4);
    machine.cpu.pc = machine.at('moved') - 3;
    machine.cpu.nextPc = machine.cpu.pc;
    machine.runTo('user');
    expect([machine.cpu.exccause, machine.cpu.epc[1]]).toEqual([5, machine.at('moved') - 3]);
  });
});
