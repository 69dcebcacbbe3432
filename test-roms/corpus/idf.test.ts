/**
 * Unmodified ESP-IDF images from the reset vector to their application: what they print is what
 * their sources say.
 */
import { describe, expect, it } from 'vitest';
import { boot, logLine, MS, noImages, ROM_BANNER } from './corpus.fixtures.ts';
import type { Session } from './corpus.fixtures.ts';

/** The second-stage bootloader's and the start-up code's steps, on PRO_CPU and APP_CPU. */
function expectBoot(session: Session): void {
  session.expect(ROM_BANNER, 10);
  session.expect(/^rst:0x1 \(POWERON_RESET\),boot:0x13 \(SPI_FAST_FLASH_BOOT\)/m, 20);
  session.expect(/^entry 0x400\w+/m, 60);
  session.expect(logLine('boot', 'Loaded app from partition at offset 0x10000'), 400);
}

describe.skipIf(noImages)('ESP-IDF images', { timeout: 300_000 }, () => {
  it('boot log stamps are those of silicon', () => {
    const session = boot('idf_hello_world-v5.1.2-erisdar');
    const stamp = (tag: string, text: string): number =>
      Number(session.expect(logLine(tag, text), 700).match[1]);
    // Published logs of chips with 40 MHz DIO flash: 28..30, 168..171, 184, 235, 291 ms. The ROM's
    // banner at 115200 baud is most of the first.
    const within = (ms: number, published: number): void =>
      expect(Math.abs(ms - published)).toBeLessThan(5 + 0.1 * published);
    within(stamp('boot', 'ESP-IDF v5\\.1\\.2'), 29);
    within(stamp('boot', 'Loaded app from partition'), 170);
    within(stamp('cpu_start', 'Multicore app'), 184);
    within(stamp('heap_init', 'Initializing'), 235);
    within(stamp('app_start', 'Starting scheduler on CPU0'), 291);
  });

  it('hello_world 3.0 counts', () => {
    const session = boot('idf_hello_world-v3.0-gjyoung');
    expectBoot(session);
    session.expect(logLine('cpu_start', 'App cpu up\\.'), 700);
    session.expect(logLine('cpu_start', 'Starting scheduler on PRO CPU\\.'), 700);
    session.expect(logLine('cpu_start', 'Starting scheduler on APP CPU\\.'), 700);
    const first = session.expect(/^Hello World\. (\d+)/m, 1000);
    for (let n = 1; n <= 3; n++)
      expect(session.expect(/Hello World\. (\d+)/, 3000).match[1]).toBe(
        String(Number(first.match[1]) + n),
      );
  });

  it('hello_world 4.4 prints five times', () => {
    const session = boot('idf_hello_world-v4.4-asarogers');
    expectBoot(session);
    session.expect(logLine('cpu_start', 'App cpu up\\.'), 700);
    session.expect(logLine('cpu_start', 'cpu freq: 160000000'), 700);
    session.expect(/^(Hello world!\r?\n){5}/m, 1000);
    session.runTo(session.ms + 200);
    expect(session.rest).toBe('');
  });

  it('hello_world 5.1.2 describes the chip and restarts by software', () => {
    const session = boot('idf_hello_world-v5.1.2-erisdar');
    expectBoot(session);
    session.expect(logLine('cpu_start', 'App cpu up\\.'), 700);
    session.expect(logLine('app_start', 'Starting scheduler on CPU1'), 700);
    session.expect(/^Hello world!\r?\n/m, 700);
    session.expect(
      /^This is esp32 chip with 2 CPU core\(s\), WiFi\/BTBLE, silicon revision v3\.0, 2MB external flash/m,
      700,
    );
    session.expect(/^Minimum free heap size: \d+ bytes/m, 700);
    let last = session.expect(/^Restarting in 10 seconds\.\.\./m, 700).ms;
    for (let left = 9; left >= 0; left--) {
      const { ms } = session.expect(new RegExp(`^Restarting in ${left} seconds`, 'm'), 11_000);
      // The first delay of 100 ticks begins inside a tick of 10 ms.
      expect(Math.abs(ms - last - 1000)).toBeLessThanOrEqual(left === 9 ? 10 : 1);
      last = ms;
    }
    session.expect(/^Restarting now\./m, 12_000);
    session.expect(/^rst:0xc \(SW_CPU_RESET\),boot:0x13 \(SPI_FAST_FLASH_BOOT\)/m, 12_000);
    session.expect(/^Hello world!\r?\n/m, 13_000);
    expect(new Set(session.chip.log.resets.map(({ cause }) => cause))).toEqual(
      new Set(['SW_CPU_RESET']),
    );
  });

  it('blink 5.1.2 toggles its LED once a second', () => {
    const session = boot('idf_blink-v5.1.2-erisdar');
    expectBoot(session);
    session.expect(logLine('example', 'Example configured to blink GPIO LED!'), 700);
    const led = session.chip.peripherals.pads[12]!.wire;
    const edges: [ms: number, level: number][] = [];
    led.connect((level) => edges.push([session.chip.now / MS, level]));
    for (const [index, state] of ['OFF', 'ON', 'OFF'].entries())
      session.expect(logLine('example', `Turning the LED ${state}!`), 700 + 1000 * index);
    session.runTo(session.ms + 1);
    expect(edges.map(([, level]) => level)).toEqual([1, 0]);
    expect(edges[1]![0] - edges[0]![0]).toBeCloseTo(1000, 0);
  });

  it('FreeRTOS tasks 5.4.2 run by turns', () => {
    const session = boot('idf_freertos-tarefas-v5.4.2');
    expectBoot(session);
    session.expect(/^Iniciando\.\.\./m, 700);
    const times = [1, 2, 3, 1].map(
      (task) => session.expect(new RegExp(`^Tarefa ${task} executou`, 'm'), 3700).ms,
    );
    // A task hands its semaphore on after a delay of 100 ticks of 10 ms.
    for (let i = 1; i < times.length; i++)
      expect(Math.abs(times[i]! - times[i - 1]! - 1000)).toBeLessThan(10);
  });
});
