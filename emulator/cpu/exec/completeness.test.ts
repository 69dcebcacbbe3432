import { describe, expect, it } from 'vitest';
import { INSTRUCTIONS } from '../isa/table.ts';
import * as atomic from './atomic.ts';
import * as base from './base.ts';
import * as boolean from './boolean.ts';
import * as debug from './debug.ts';
import * as density from './density.ts';
import * as div from './div.ts';
import * as exception from './exception.ts';
import * as float from './float.ts';
import * as interrupt from './interrupt.ts';
import * as loop from './loop.ts';
import * as mac16 from './mac16.ts';
import * as misc from './misc.ts';
import * as mul from './mul.ts';
import * as windowed from './windowed.ts';

const MODULES: Record<string, object> = {
  atomic,
  base,
  boolean,
  debug,
  density,
  div,
  exception,
  float,
  interrupt,
  loop,
  mac16,
  misc,
  mul,
  windowed,
};

describe('exec functions', () => {
  const rows = INSTRUCTIONS;

  it.each(rows.map((row) => [row.mnemonic, row.option]))(
    '%s is in exec/%s.ts',
    (mnemonic, option) => {
      const name = mnemonic === 'break' ? 'break_' : mnemonic.replaceAll('.', '_');
      const exec = (MODULES[option] as Record<string, unknown>)[name];
      expect(exec).toBeTypeOf('function');
    },
  );

  it('have no other exports than instructions', () => {
    const names = new Set(rows.map((row) => row.mnemonic.replaceAll('.', '_')));
    const extra = Object.values(MODULES).flatMap((module) => Object.keys(module));
    expect(extra.filter((name) => !names.has(name.replace(/_$/, '') as never))).toEqual([]);
  });
});
