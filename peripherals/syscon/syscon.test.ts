import { expect, it } from 'vitest';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { SYSCON_REGISTERS } from './syscon.regs.ts';
import { Syscon, type SysconClocks } from './syscon.ts';

testRegisters('SYSCON', () => new Syscon({ log: new RecordingLog() }), SYSCON_REGISTERS);

it('tells the clock tree the divisors, one more than the fields', () => {
  const told: SysconClocks[] = [];
  const syscon = new Syscon({ log: new RecordingLog(), onClocks: (clocks) => told.push(clocks) });
  // Reset values: REF_TICK is 1 MHz from a 40 MHz crystal and from an 80 MHz APB_CLK.
  expect(syscon.clocks).toEqual({
    cpuDivisor: 1,
    xtalTick: 40,
    pllTick: 80,
    rcFastTick: 12,
    apllTick: 100,
  });
  syscon.write(0x00, 0x2013, 4);
  syscon.write(0x04, 25, 1);
  expect(told.map((clocks) => [clocks.cpuDivisor, clocks.xtalTick])).toEqual([
    [20, 40],
    [20, 26],
  ]);
  syscon.reset('core');
  expect(told.at(-1)).toEqual(new Syscon({ log: new RecordingLog() }).clocks);
});
