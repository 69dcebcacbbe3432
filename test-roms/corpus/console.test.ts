/**
 * The UART REPL image, wired by its own pin numbers: its console is UART1 on GPIO1 (out) and GPIO3
 * (in), UART0 sends on GPIO2, which is UART1's input at first, and receives on GPIO3. Over GPIO3 it
 * waits twice for something to arrive, then connects UART1's input to GPIO3.
 */
import { describe, expect, it } from 'vitest';
import { MASTER_HZ } from '../../emulator/index.ts';
import { boot, logLine, noImages } from './corpus.fixtures.ts';
import type { Session } from './corpus.fixtures.ts';

const BIT = MASTER_HZ / 115_200;
const MESSAGE = 'This is an example string, if you can read this, the example is a success!';

/** Sends text bit by bit on a pin: start bit, eight data bits, stop bit. */
function sender(session: Session, pin: number): (text: string) => void {
  const { chip } = session;
  const wire = chip.peripherals.pads[pin]!.attach('host');
  return (text) => {
    const begin = chip.now;
    let bits = 0;
    for (const char of text) {
      const frame = (char.charCodeAt(0) << 1) | (1 << 9);
      for (let i = 0; i < 10; i++) {
        wire.drive(((frame >>> i) & 1) === 1 ? 1 : 0);
        chip.runUntil(begin + Math.round(++bits * BIT));
      }
    }
    wire.drive('z');
  };
}

describe.skipIf(noImages)('UART console', { timeout: 300_000 }, () => {
  it('answers commands over the GPIO matrix', () => {
    const session = boot('periph_uart_repl-console-v5.3.1');
    const { uarts } = session.chip.peripherals;
    let answer = '';
    uarts[1]!.listen({ onByte: (byte) => (answer += String.fromCharCode(byte)) });
    const type = sender(session, 3);
    const wait = (ms: number): void => session.runTo(session.ms + ms);

    session.expect(logLine('main_task', 'Returned from app_main\\(\\)'), 1000);
    wait(100);
    expect(answer).toContain("Type 'help' to get the list of commands.");
    // UART0's own log arrives at the console as input.
    expect(answer).toMatch(/Unrecognized command\r\nrepl >/);

    type('x');
    session.expect(/consoletest\r?\n/, 1300);
    wait(100);
    expect(answer).toContain(MESSAGE);
    type('x');
    session.expect(/Result: Failure/, 1700);

    answer = '';
    type('help\n');
    wait(100);
    expect(answer).toMatch(/consoletest\s+Test console by sending a message/);
    answer = '';
    type('consoletest\n');
    wait(50);
    expect(answer).toContain(`${MESSAGE}\r\n`);
  });
});
