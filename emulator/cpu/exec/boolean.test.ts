/** Boolean Option: every combination of source bits, the other booleans being kept. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Cpu } from '../state.ts';
import { CODE, execute, makeCpu } from '../rig.fixtures.ts';
import type { Exec } from '../rig.fixtures.ts';
import * as boolean from './boolean.ts';

let cpu: Cpu;

beforeEach(() => {
  cpu = makeCpu();
});

describe('two booleans to one', () => {
  const cases: [string, Exec, (x: boolean, y: boolean) => boolean][] = [
    ['andb', boolean.andb, (x, y) => x && y],
    ['andbc', boolean.andbc, (x, y) => x && !y],
    ['orb', boolean.orb, (x, y) => x || y],
    ['orbc', boolean.orbc, (x, y) => x || !y],
    ['xorb', boolean.xorb, (x, y) => x !== y],
  ];
  it.each(cases)('%s', (_, exec, reference) => {
    for (const others of [0, 0xffff]) {
      for (const [x, y] of [
        [false, false],
        [false, true],
        [true, false],
        [true, true],
      ] as const) {
        cpu.br = (others & ~0x30) | (x ? 0x10 : 0) | (y ? 0x20 : 0);
        const kept = cpu.br & ~0x8000;
        execute(cpu, exec, { r: 15, s: 4, t: 5 });
        expect(cpu.br).toBe(kept | (reference(x, y) ? 0x8000 : 0));
      }
    }
  });
});

describe('groups', () => {
  it.each([
    ['any4', boolean.any4, 4, false],
    ['all4', boolean.all4, 4, true],
    ['any8', boolean.any8, 8, false],
    ['all8', boolean.all8, 8, true],
  ] as [string, Exec, number, boolean][])('%s', (_, exec, size, all) => {
    for (let s = 0; s < 16; s++) {
      const first = s - (s % size);
      for (const bits of [0, 1, 1 << (size - 1), (1 << size) - 2, (1 << size) - 1]) {
        const outside = 0xffff & ~(((1 << size) - 1) << first);
        cpu.br = all ? bits << first : (bits << first) | outside;
        const target = (first + size) % 16;
        execute(cpu, exec, { s, t: target });
        const expected = all ? bits === (1 << size) - 1 : bits !== 0;
        expect((cpu.br >> target) & 1).toBe(expected ? 1 : 0);
      }
    }
  });
});

it('bf, bt, movf, movt look at one boolean', () => {
  for (const value of [0, 1]) {
    cpu.br = value === 1 ? 0x0040 : 0xffbf;
    execute(cpu, boolean.bt, { s: 6, imm: CODE + 40 });
    expect(cpu.nextPc).toBe(value === 1 ? CODE + 40 : CODE + 3);
    execute(cpu, boolean.bf, { s: 6, imm: CODE + 40 });
    expect(cpu.nextPc).toBe(value === 0 ? CODE + 40 : CODE + 3);
    cpu.setA(3, 1);
    cpu.setA(4, 2);
    execute(cpu, boolean.movt, { r: 3, s: 4, t: 6 });
    expect(cpu.a(3)).toBe(value === 1 ? 2 : 1);
    cpu.setA(3, 1);
    execute(cpu, boolean.movf, { r: 3, s: 4, t: 6 });
    expect(cpu.a(3)).toBe(value === 0 ? 2 : 1);
  }
});
