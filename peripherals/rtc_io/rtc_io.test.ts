import { describe, expect, it } from 'vitest';
import { createPads } from '../../emulator/bus/pad.ts';
import { RecordingLog, testRegisters } from '../register-test.ts';
import { RTC_IO_REGISTERS } from './rtc_io.regs.ts';
import { RtcIo } from './rtc_io.ts';

const OUT_W1TS = 0x04;
const ENABLE_W1TS = 0x10;
const IN = 0x24;
const DIG_PAD_HOLD = 0x74;
const TOUCH_PAD0 = 0x94;
const TOUCH_PAD1 = 0x98;
const FUN_IE = 1 << 13;
const MUX_SEL = 1 << 19;
const RUE = 1 << 27;
const HOLD = 1 << 31;

function bench() {
  const log = new RecordingLog();
  const pads = createPads(log);
  const rtcIo = new RtcIo({ pads, log, digitalSource: () => 'matrix' });
  return { rtcIo, pad: (n: number) => pads[n]! };
}

testRegisters('RTC_IO', () => bench().rtcIo, RTC_IO_REGISTERS);

describe('RTC_IO', () => {
  it('has the strapping pulls at reset: up GPIO0 and MTDO, down GPIO2, GPIO4 and MTDI', () => {
    const { pad } = bench();
    expect([0, 15, 2, 4, 12].map((n) => pad(n).wire.level)).toEqual([1, 1, 0, 0, 0]);
    expect([0, 15, 2, 4, 12].map((n) => pad(n).condition)).toEqual(Array(5).fill('pulled'));
  });

  it('drives and reads a pad that MUX_SEL takes: RTC_GPIO10 is GPIO4', () => {
    const { rtcIo, pad } = bench();
    pad(4).drive('matrix', 0);
    rtcIo.write(TOUCH_PAD0, MUX_SEL | FUN_IE, 4);
    expect(pad(4).condition).toBe('floating');
    rtcIo.write(OUT_W1TS, 1 << 24, 4);
    rtcIo.write(ENABLE_W1TS, 1 << 24, 4);
    expect(pad(4).wire.level).toBe(1);
    expect(rtcIo.read(IN, 4)).toBe(1 << 24);
    rtcIo.write(TOUCH_PAD0, FUN_IE, 4);
    expect([pad(4).wire.level, rtcIo.read(IN, 4)]).toEqual([0, 0]);
  });

  it('holds a pad, and digital pads by DIG_PAD_HOLD', () => {
    const { rtcIo, pad } = bench();
    pad(0).drive('matrix', 1);
    rtcIo.write(TOUCH_PAD1, HOLD | RUE | 0, 4);
    pad(0).drive('matrix', 0);
    expect(pad(0).wire.level).toBe(1);
    rtcIo.write(TOUCH_PAD1, 0, 4);
    expect(pad(0).wire.level).toBe(0);
    pad(5).drive('matrix', 1);
    rtcIo.write(DIG_PAD_HOLD, 1 << 8, 4);
    pad(5).drive('matrix', 0);
    expect(pad(5).wire.level).toBe(1);
  });

  it('stays as it is over a core reset', () => {
    const { rtcIo } = bench();
    rtcIo.write(TOUCH_PAD1, MUX_SEL, 4);
    rtcIo.reset('core');
    expect(rtcIo.read(TOUCH_PAD1, 4)).toBe(MUX_SEL);
  });
});
