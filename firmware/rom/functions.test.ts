/**
 * Functions of the open ROM: control flow and sorting against independent computations, register effects against the
 * mask ROM where it is there.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { assemble } from '../../emulator/cpu/assemble.ts';
import { hostFiles } from '../../emulator/loader/files.ts';
import { openRom } from '../../emulator/loader/open-rom.ts';
import { haveRealFiles, realBytes } from '../../emulator/loader/real.fixtures.ts';
import { parseRom } from '../../emulator/loader/rom.ts';
import { CODE, DATA, RomCaller } from './rom-caller.fixtures.ts';

const rom = openRom(hostFiles);

/** Fills `count` words from a fixed seed. */
function words(count: number, seed = 0x5eed): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  });
}

const bytesOf = (values: readonly number[]): Uint8Array =>
  new Uint8Array(Uint32Array.from(values).buffer);

describe('setjmp and longjmp', () => {
  const SETJMP = 0x4005_6268;
  const LONGJMP = 0x4005_62cc;
  const ENV = DATA + 0x100;
  const COUNTER = DATA;
  const FIRST = DATA + 4;
  let caller: RomCaller;
  beforeAll(() => (caller = new RomCaller(rom)));

  /** ESP-IDF's longjmp (esp_rom_longjmp.S): drops the windows itself and goes on in the ROM's. */
  const PATCHED = `
patched:
    entry a1, 16
    rsr   a5, windowbase
    movi  a4, 1
    ssl   a5
    sll   a4, a4
    wsr   a4, windowstart
    rsync
    movi  a0, 0x400562e0
    jx    a0`;

  /**
   * run(env, value): calls setjmp by CALL4, CALL8 or CALL12; the first time goes twenty calls down, where longjmp ends it;
   * the second time returns what setjmp returned + the registers that a callee must keep.
   */
  function program(size: 4 | 8 | 12, longjmp: string): ReturnType<typeof assemble> {
    const kept = Array.from({ length: size - 4 }, (_, i) => 4 + i).filter((n) => n < size);
    return assemble(
      `
    .text
    .literal_position
run:
    entry a1, 64
    ${kept.map((n) => `movi a${n}, ${n * 100}`).join('\n    ')}
    mov   a${size + 2}, a2
    movi  a${size}, ${SETJMP}
    callx${size} a${size}
    bnez  a${size + 2}, again
    mov   a${size + 2}, a2
    mov   a${size + 3}, a3
    call${size} first
    movi  a2, -1
    retw
again:
    ${kept.map((n) => `add a${size + 2}, a${size + 2}, a${n}`).join('\n    ')}
    mov   a2, a${size + 2}
    retw
    .align 4
first:
    entry a1, 32
    movi  a4, ${FIRST}
    movi  a5, 1
    s32i  a5, a4, 0
    mov   a10, a2
    mov   a11, a3
    call8 down
    .align 4
down:
    entry a1, 48
    movi  a4, ${COUNTER}
    l32i  a5, a4, 0
    addi  a5, a5, -1
    s32i  a5, a4, 0
    mov   a10, a2
    mov   a11, a3
    beqz  a5, bottom
    call8 down
bottom:
    movi  a8, ${longjmp}
    callx8 a8
    .align 4
${PATCHED}`,
      { origins: { '.text': CODE } },
    );
  }

  it.each([4, 8, 12] as const)('over CALL%i, by the ROM and by the patch of ESP-IDF', (size) => {
    const kept = Array.from({ length: size - 4 }, (_, i) => (4 + i) * 100);
    const sum = kept.reduce((a, b) => a + b, 0);
    for (const longjmp of [String(LONGJMP), 'patched'])
      for (const [value, returned] of [
        [7, 7],
        [0, 1],
      ] as const) {
        const run = caller.load(program(size, longjmp)).address('run');
        caller.write32(COUNTER, 20);
        caller.write32(FIRST, 0);
        expect(caller.call(run, ENV, value)).toBe(returned + sum);
        expect(caller.read32(FIRST)).toBe(1);
        expect(caller.read32(COUNTER)).toBe(0);
      }
  });
});

describe('library', () => {
  let caller: RomCaller;
  beforeAll(() => (caller = new RomCaller(rom)));

  it('qsort sorts words and pairs, also equal and sorted ones', () => {
    const compare = caller
      .load(
        assemble(
          '.text\ncompare:\n entry a1, 32\n l32i a2, a2, 0\n l32i a3, a3, 0\n sub a2, a2, a3\n retw\n',
          { origins: { '.text': CODE } },
        ),
      )
      .address('compare');
    for (const count of [0, 1, 2, 3, 64, 101]) {
      for (const values of [
        words(count),
        words(count).sort((a, b) => a - b),
        words(count).fill(5),
      ]) {
        caller.write(DATA, bytesOf(values));
        caller.call('qsort', DATA, count, 4, compare);
        const sorted = values.map((_, i) => caller.read32(DATA + i * 4));
        expect(sorted).toEqual([...values].sort((a, b) => a - b));
      }
    }
    const keys = words(40, 1);
    caller.write(DATA, bytesOf(keys.flatMap((key) => [key, ~key])));
    caller.call('qsort', DATA, 40, 8, compare);
    const pairs = keys.map((_, i) => [
      caller.read32(DATA + i * 8),
      caller.read32(DATA + i * 8 + 4),
    ]);
    expect(pairs).toEqual([...keys].sort((a, b) => a - b).map((key) => [key, ~key >>> 0]));
  });

  it('div and ldiv return quotient and remainder in two registers', () => {
    for (const name of ['div', 'ldiv'])
      for (const [n, d] of [
        [80, 40],
        [7, 2],
        [-7, 2],
        [7, -2],
        [0, 5],
      ] as const) {
        expect([caller.call(name, n, d) | 0, caller.high | 0]).toEqual([
          Math.trunc(n / d) | 0,
          (n % d) | 0,
        ]);
      }
  });

  it('delays count by the frequency that firmware gives', () => {
    const cycles = (us: number): number => {
      const before = caller.chip.cycles(0);
      caller.call('ets_delay_us', us);
      return caller.chip.cycles(0) - before;
    };
    caller.call('ets_update_cpu_frequency', 40);
    expect(caller.call('ets_get_cpu_frequency')).toBe(40);
    const difference = cycles(5000) - cycles(1000);
    // The caller looks every millisecond tenth.
    expect(Math.abs(difference - 4000 * 40)).toBeLessThan(2 * 4000);
  });
});

describe('flash mapping', () => {
  const PAGE = 0x1_0000;

  it('shows the pages that were asked for', () => {
    const flash = new Uint8Array(4 << 20).fill(0xff);
    flash.set([1, 2, 3, 4], 3 * PAGE);
    flash.set([5, 6, 7, 8], 4 * PAGE + 0x20);
    const caller = new RomCaller(rom, flash);
    caller.call('esp_rom_spiflash_attach', 0, 0);
    caller.call('Cache_Read_Disable', 0);
    caller.call('Cache_Flush', 0);
    caller.call('mmu_init', 0);
    expect(caller.call('cache_flash_mmu_set', 0, 0, 0x3f41_0000, 3 * PAGE, 64, 2)).toBe(0);
    // DROM0 is unmasked by the caller: bit 4 of PRO_CACHE_CTRL1.
    caller.write32(0x3ff0_0044, caller.read32(0x3ff0_0044) & ~0x10);
    caller.call('Cache_Read_Enable', 0);
    expect(caller.read32(0x3f41_0000)).toBe(0x04030201);
    expect(caller.read32(0x3f42_0020)).toBe(0x08070605);
    expect(caller.read32(0x3f40_0000)).toBe(0xffffffff);
    expect(caller.read32(0x3ff1_0004)).toBe(3);
    expect(caller.read32(0x3ff1_0008)).toBe(4);
  });
});

/** Calls whose effects on registers both ROMs must share. */
const CALLS: readonly (readonly [name: string, ...args: number[]])[] = [
  ['gpio_matrix_in', 4, 100, 0],
  ['gpio_matrix_in', 0x30, 7, 1],
  ['gpio_matrix_out', 5, 18, 0, 0],
  ['gpio_matrix_out', 33, 256, 1, 1],
  ['gpio_pad_select_gpio', 12],
  ['gpio_pad_select_gpio', 27],
  ['gpio_pad_set_drv', 18, 3],
  ['gpio_output_set', 0x24, 0x10, 0x34, 0x1000],
  ['gpio_output_set_high', 2, 1, 3, 0],
  ['intr_matrix_set', 0, 26, 9],
  ['intr_matrix_set', 1, 68, 31],
  ['esp_rom_spiflash_config_clk', 2, 0],
  ['esp_rom_spiflash_config_clk', 4, 1],
  ['esp_rom_spiflash_config_clk', 3, 1],
  ...[0, 1, 2, 3, 4, 5].map((mode) => ['esp_rom_spiflash_config_readmode', mode] as const),
  ['mmu_init', 0],
  ['cache_flash_mmu_set', 0, 0, 0x3f40_0000, 0x10000, 64, 3],
  ['cache_flash_mmu_set', 0, 0, 0x400d_0000, 0x20000, 64, 2],
  ['cache_flash_mmu_set', 1, 0, 0x4080_0000, 0x40000, 64, 1],
  ['cache_flash_mmu_set', 0, 0, 0x3f40_8000, 0, 64, 1],
  ['cache_flash_mmu_set', 0, 0, 0x3f40_0000, 0x8000, 64, 1],
  ['cache_flash_mmu_set', 0, 0, 0x3f40_0000, 0, 48, 1],
  ['cache_sram_mmu_set', 0, 0, 0x3f80_0000, 0, 32, 128],
  ['cache_sram_mmu_set', 0, 0, 0x3f80_0000, 0x4000, 32, 1],
  ['cache_sram_mmu_set', 0, 0, 0x3f80_1000, 0, 32, 1],
  ['uart_div_modify', 0, 0x1234],
  ['ets_sha_enable'],
  ['ets_sha_disable'],
  ...Array.from({ length: 40 }, (_, gpio) => gpio).flatMap((gpio) => [
    ['gpio_pad_pulldown', gpio] as const,
    ['gpio_pad_pullup', gpio] as const,
    ['gpio_pad_set_drv', gpio, 3] as const,
    ['gpio_pad_set_drv', gpio, gpio & 3] as const,
    ['gpio_pad_hold', gpio] as const,
    ['gpio_pad_unhold', gpio] as const,
    ['gpio_pad_select_gpio', gpio] as const,
  ]),
  ['uart_buff_switch', 1],
  ['uart_buff_switch', 0],
  ['uart_tx_switch', 1],
  ['uart_tx_switch', 0],
  ['GetUartDevice'],
  // Upper bits of 8-bit arguments do not count.
  ['gpio_pad_set_drv', 0x112, 0x103],
  ['gpio_matrix_out', 5, 18, 0x100, 0x200],
  ['gpio_pad_select_gpio', 0xab0d],
  ['rtc_select_apb_bridge', 0x100],
  ['gpio_pin_intr_state_set', 7, 5],
  ['gpio_register_set', 9, 0x280],
  ['gpio_register_set', 33, 0x180],
  ['gpio_register_get', 9],
  ['gpio_pin_wakeup_enable', 12, 4],
  ['gpio_pin_wakeup_enable', 39, 5],
  ['gpio_pin_wakeup_disable'],
  ['gpio_intr_ack', 0x280],
  ['gpio_intr_ack_high', 2],
  ['gpio_intr_pending'],
  ['gpio_intr_pending_high'],
  ['gpio_intr_handler_register', 0x4000_1234, 0x55],
  ['gpio_init'],
  ['gpio_matrix_in', 0x34, 9, 0],
  ['gpio_matrix_in', 0x38, 9, 1],
  ['gpio_input_get'],
  ['gpio_input_get_high'],
  ['rtc_select_apb_bridge', 1],
  ['rtc_select_apb_bridge', 0],
  ['calc_rtc_memory_crc', 0, 0x7ff],
  ['set_rtc_memory_crc'],
  ['rtc_get_reset_reason', 0],
  ['rtc_get_reset_reason', 1],
  ['rtc_get_wakeup_cause'],
  ['esp_rom_spiflash_write_encrypted_enable'],
  ['esp_rom_spiflash_write_encrypted_disable'],
  ['esp_rom_spiflash_prepare_encrypted_data', 0x44, DATA],
];
/** Of these the result counts too. */
const RESULTS = /^GetUart|mmu_set$|_get$|_get_|_pending|calc_|prepare_/;
const COMPARED: readonly (readonly [what: string, base: number, size: number])[] = [
  ['DPORT', 0x3ff0_0000, 0x5c0],
  // Up to SLAVE, which counts transfers.
  ['SPI1', 0x3ff4_2000, 0x38],
  ['SPI0', 0x3ff4_3000, 0x58],
  ['GPIO', 0x3ff4_4000, 0x38],
  ['GPIO_FUNC', 0x3ff4_4130, 0x4a0],
  ['IO_MUX', 0x3ff4_9000, 0x94],
  ['GPIO_PIN', 0x3ff4_4088, 0xa0],
  ['RTC_CNTL_CLK', 0x3ff4_8018, 4],
  ['RTC_CNTL', 0x3ff4_80b0, 0x58],
  ['RTC_IO', 0x3ff4_8400, 0xcc],
  ['ENCRYPTION', 0x3ff5_b000, 0x2c],
  ['UartDev', 0x3ffe_019c, 0x30],
  ['statics of GPIO', 0x3ffe_0010, 0x38],
  ['MMU of PRO_CPU', 0x3ff1_0000, 0x1400],
  ['MMU of APP_CPU', 0x3ff1_2000, 0x1400],
];

function registers(caller: RomCaller): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [what, base, size] of COMPARED)
    for (let offset = 0; offset < size; offset += 4)
      found[`${what}+0x${offset.toString(16)}`] = caller.read32(base + offset);
  return found;
}

describe.skipIf(!haveRealFiles())('registers after calls are those of the mask ROM', () => {
  let callers: readonly [RomCaller, RomCaller];
  beforeAll(() => {
    const mask = parseRom(realBytes('rom', 'esp32_rev300_rom.elf'), 'mask');
    callers = [new RomCaller(rom), new RomCaller(mask)];
    for (const caller of callers) caller.call('esp_rom_spiflash_attach', 0, 0);
  });

  it.each(CALLS.map((call) => [call.join(' '), call] as const))('%s', (_, [name, ...args]) => {
    const [open, mask] = callers.map((caller) => {
      const before = registers(caller);
      const result = caller.call(name, ...args);
      const after = registers(caller);
      const changed = Object.entries(after).filter(([key, value]) => value !== before[key]);
      return { result, changed };
    });
    expect(open!.changed).toEqual(mask!.changed);
    if (RESULTS.test(name)) expect(open!.result).toBe(mask!.result);
  });
});
