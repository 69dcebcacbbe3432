/**
 * What busy pins cost: the same loop at 240 MHz stores to DRAM, toggles GPIO4 with 1 MHz (an edge
 * each 120 cycles), or keeps UART0 sending at 115200 baud on its pin. Ratios within one run.
 */
import { spawnSync } from 'node:child_process';
import type { Esp32 } from '../emulator/index.ts';
import { programChip, speedOf } from './machine.ts';
import { report } from './report.ts';

const SECONDS = 3;
const GPIO_OUT_W1TS = 0x3ff44008;
const UART0_FIFO = 0x3ff40000;
const DRAM = 0x3ffb0000;

/** A store after each `alu` single-cycle instructions, to `address` and `address` + 4 in turn. */
function storeLoop(address: number, value: number, alu: number, step: number): string {
  const filler = Array.from({ length: 20 }, () => 'addx2 a6, a6, a7').join('\n');
  const pass = `
        movi    a5, ${Math.max(1, Math.round(alu / 22))}
1:      ${filler}
        addi    a5, a5, -1
        bnez    a5, 1b`;
  return `
    _start:
        movi    a2, 0x4002f
        wsr.ps  a2
        rsync
        movi    a2, ${address}
        movi    a3, ${value}
        movi    a8, 0x3ff44000
        movi    a9, 0x10
        s32i    a9, a8, 0x24       # GPIO_ENABLE_W1TS
    again:
        ${pass}
        s32i    a3, a2, 0
        ${pass.replaceAll('1:', '2:').replaceAll('1b', '2b')}
        s32i    a3, a2, ${step}
        j       again`;
}

function loaded(source: string): Esp32 {
  const { chip } = programChip(source, 'pins');
  chip.peripherals.clockControl.selectSource('PLL');
  chip.peripherals.clockControl.selectPeriod(2);
  return chip;
}

/** Cycles between stores: 120 for an edge of 1 MHz, 20833 for a byte of 115200 baud. */
const TOGGLE = 100;
const BYTE = 20_800;
const VARIANTS: Readonly<Record<string, () => string>> = {
  toggleRam: () => storeLoop(DRAM, 0x10, TOGGLE, 4),
  togglePin: () => storeLoop(GPIO_OUT_W1TS, 0x10, TOGGLE, 4),
  byteRam: () => storeLoop(DRAM, 0x55, BYTE, 0),
  byteUart: () => storeLoop(UART0_FIFO, 0x55, BYTE, 0),
};

/** Each variant in processes of its own, since V8's state is part of the speed; the best of three. */
function speeds(): Record<string, number> {
  const best: Record<string, number> = {};
  for (let round = 0; round < 3; round++)
    for (const name of Object.keys(VARIANTS)) {
      const args = ['--import', 'tsx', import.meta.filename, name];
      const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      best[name] = Math.max(best[name] ?? 0, Number(stdout));
    }
  return best;
}

function compare(): void {
  const { toggleRam, togglePin, byteRam, byteUart } = speeds() as Record<string, number>;
  report('pins', [
    { name: 'store to DRAM each 120 cycles', value: toggleRam!, unit: 'M instr/s' },
    { name: 'GPIO4 toggles at 1 MHz', value: togglePin!, unit: 'M instr/s' },
    { name: 'cost of the toggling', value: (1 - togglePin! / toggleRam!) * 100, unit: '%' },
    { name: 'store to DRAM each 20833 cycles', value: byteRam!, unit: 'M instr/s' },
    { name: 'UART0 sends at 115200 baud', value: byteUart!, unit: 'M instr/s' },
    { name: 'cost of the sending', value: (1 - byteUart! / byteRam!) * 100, unit: '%' },
  ]);
}

const variant = process.argv[2];
if (variant === undefined) compare();
else process.stdout.write(String(speedOf(loaded(VARIANTS[variant]!()), SECONDS).cpu));
