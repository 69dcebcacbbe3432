/** Every register that a boot can touch, by name, as a debugger would read them at one instruction. */
import type { Esp32 } from '../emulator/index.ts';
import { CodeHooks } from '../emulator/testing/code-hooks.ts';
import { DPORT_REGISTERS } from '../peripherals/dport/dport.regs.ts';
import { GPIO_REGISTERS } from '../peripherals/gpio/gpio.regs.ts';
import { IO_MUX_REGISTERS } from '../peripherals/iomux/iomux.regs.ts';
import { REGI2C_REGISTERS } from '../peripherals/regi2c/regi2c.regs.ts';
import { RTC_CNTL_REGISTERS } from '../peripherals/rtc_cntl/rtc_cntl.regs.ts';
import { SPI_REGISTERS } from '../peripherals/spi/spi.regs.ts';
import { SYSCON_REGISTERS } from '../peripherals/syscon/syscon.regs.ts';
import { TIMG_REGISTERS } from '../peripherals/timg/timg.regs.ts';
import { UART_REGISTERS } from '../peripherals/uart/uart.regs.ts';

export type Registers = Readonly<Record<string, number>>;

interface Row {
  readonly name: string;
  readonly offset: number;
}

/** What counts or receives, in all blocks: no setting. */
const VOLATILE =
  /^(SPI1\.(SLAVE|CMD)|UART0\.(STATUS|MEM_\w+_STATUS|FIFO|INT_\w+)|RTC_CNTL\.(TIME\d|TIME_UPDATE)|TIMG\d\.(LACT\w+|T\dLO|T\dHI|RTCCALICFG1))$/;
/** Reading it takes a byte away. */
const NEVER_READ = new Set(['UART0.FIFO']);

// prettier-ignore
const BLOCKS: readonly (readonly [block: string, base: number, rows: readonly Row[]])[] = [
  ['SPI0', 0x3ff43000, SPI_REGISTERS],
  ['SPI1', 0x3ff42000, SPI_REGISTERS],
  ['IO_MUX', 0x3ff49000, IO_MUX_REGISTERS],
  ['GPIO', 0x3ff44000, GPIO_REGISTERS.filter(({ name }) => /^ENABLE$|^FUNC\d+_(IN|OUT)_SEL/.test(name))],
  ['REGI2C', 0x3ff4e000, REGI2C_REGISTERS],
  ['DPORT', 0x3ff00000, DPORT_REGISTERS],
  ['RTC_CNTL', 0x3ff48000, RTC_CNTL_REGISTERS],
  ['SYSCON', 0x3ff66000, SYSCON_REGISTERS],
  ['TIMG0', 0x3ff5f000, TIMG_REGISTERS],
  ['TIMG1', 0x3ff60000, TIMG_REGISTERS],
  ['UART0', 0x3ff40000, UART_REGISTERS],
];

/** By name, without what is volatile; the MMU tables as runs of entries. */
export function readRegisters(chip: Esp32): Registers {
  const found: Record<string, number> = {};
  for (const [block, base, rows] of BLOCKS)
    for (const { name, offset } of rows) {
      const key = `${block}.${name}`;
      if (NEVER_READ.has(key) || VOLATILE.test(key)) continue;
      const at = base + offset;
      const row = chip.peripherals.rows.find((one) => at >= one.base && at < one.base + one.size)!;
      found[key] = row.device.read(at - row.base + (row.offset ?? 0), 4) >>> 0;
    }
  return found;
}

/** Valid entries of a core's MMU table that PID 0 and 1 see: entry to flash page. */
export function validPages(chip: Esp32, core: 0 | 1): Readonly<Record<number, number>> {
  const pages: Record<number, number> = {};
  for (let entry = 0; entry < 256; entry++) {
    const page = chip.external.readMmu(core, entry);
    if (page < 0x100) pages[entry] = page;
  }
  return pages;
}

/** Runs until PRO_CPU is about to execute `end`; what `look` saw when it came to `at` last. */
export function lastLook<T>(
  chip: Esp32,
  at: number,
  end: number,
  look: (chip: Esp32) => T,
  limitMs = 1000,
): T {
  const hooks = new CodeHooks(chip);
  let seen: { value: T } | undefined;
  let isOver = false;
  hooks.add(at, ({ core }) => {
    if (core === 0 && !isOver) seen = { value: look(chip) };
  });
  hooks.add(end, ({ core }) => {
    if (core !== 0) return;
    isOver = true;
    chip.requestStop();
  });
  for (let ms = 0; ms < limitMs && !isOver; ms++) chip.runUntil(chip.now + 480_000);
  if (!isOver || seen === undefined) throw new Error(`0x${end.toString(16)} is not reached`);
  return seen.value;
}
