import { describe, expect, it } from 'vitest';
import { Clock } from '../../emulator/scheduler/clock.ts';
import { Scheduler } from '../../emulator/scheduler/scheduler.ts';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { REGI2C_REGISTERS } from './regi2c.regs.ts';
import { Regi2c } from './regi2c.ts';

const BUSY = 1 << 25;
const HOSTS = Array.from({ length: 16 }, (_, n) => `HOST${n}`);

function bench() {
  const scheduler = new Scheduler();
  const clocks = { apb: new Clock('APB_CLK', 40_000_000) };
  const regi2c = new Regi2c({ clocks, scheduler, log: new RecordingLog() });
  /** As the ROM does it: write the word, poll BUSY, take bits 16 to 23. */
  const finish = (offset: number): number => {
    let polls = 0;
    while ((regi2c.read(offset, 4) & BUSY) !== 0) {
      if (polls++ > 1000) throw new Error('BUSY does not fall');
      scheduler.runUntil(scheduler.now + 12);
    }
    return (regi2c.read(offset, 4) >>> 16) & 0xff;
  };
  const readReg = (slave: number, host: number, register: number): number => {
    regi2c.write(4 * host, (register << 8) | slave, 4);
    return finish(4 * host);
  };
  const writeReg = (slave: number, host: number, register: number, data: number): void => {
    regi2c.write(4 * host, (1 << 24) | (data << 16) | (register << 8) | slave, 4);
    finish(4 * host);
  };
  return { scheduler, regi2c, readReg, writeReg };
}

testRegisters('REGI2C', () => bench().regi2c, REGI2C_REGISTERS, { active: HOSTS });

describe('REGI2C', () => {
  it('keeps slave registers apart by host, slave and register', () => {
    const { readReg, writeReg } = bench();
    writeReg(0x66, 4, 3, 28);
    writeReg(0x66, 4, 2, 0x80);
    writeReg(0x6d, 3, 3, 0x11);
    expect(readReg(0x66, 4, 3)).toBe(28);
    expect(readReg(0x66, 4, 2)).toBe(0x80);
    expect(readReg(0x66, 3, 3)).toBe(0);
    // APLL register 3 also has OR_CAL_END.
    expect(readReg(0x6d, 3, 3)).toBe(0x91);
  });

  it('is busy for 40 APB cycles', () => {
    const { scheduler, regi2c } = bench();
    regi2c.write(0x10, 0x0366, 4);
    scheduler.runUntil(40 * 12 - 1);
    expect(regi2c.read(0x10, 4) & BUSY).toBe(BUSY);
    scheduler.runUntil(40 * 12);
    expect(regi2c.read(0x10, 4) & BUSY).toBe(0);
  });

  it('has finished its calibrations', () => {
    const { readReg } = bench();
    expect(readReg(0x62, 1, 7) & 0x80).toBe(0x80);
    expect(readReg(0x66, 4, 7) & 0x40).toBe(0x40);
  });

  it('reports the BBPLL frequency by ENDIV5', () => {
    const { regi2c, writeReg } = bench();
    writeReg(0x66, 4, 11, 0x43);
    expect(regi2c.bbpllHz).toBe(320_000_000);
    writeReg(0x66, 4, 11, 0xc3);
    expect(regi2c.bbpllHz).toBe(480_000_000);
  });

  it('keeps the analog slaves over a core reset and in a snapshot', () => {
    const { regi2c, readReg, writeReg } = bench();
    writeReg(0x66, 4, 3, 28);
    regi2c.reset('core');
    expect(readReg(0x66, 4, 3)).toBe(28);
    const other = bench();
    other.regi2c.restore(structuredClone(regi2c.save()));
    expect(other.readReg(0x66, 4, 3)).toBe(28);
    regi2c.reset('power');
    expect(readReg(0x66, 4, 3)).toBe(0);
  });
});
