/**
 * Real firmware as a measure of time: an image is booted from reset with the genuine mask ROM, and
 * what it prints about time is compared with logs of the same software on silicon.
 */
import type { Esp32Options } from '../../emulator/index.ts';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import { boot } from '../corpus/corpus.fixtures.ts';
import type { Session } from '../corpus/corpus.fixtures.ts';

export const IDF44 = 'idf_hello_world-v4.4-asarogers';
export const IDF51 = 'idf_hello_world-v5.1.2-erisdar';

/** Guest microseconds from reset until the text is out. */
function microsecondsTo(session: Session, text: RegExp): number {
  session.expect(text, 1000);
  return Math.round((session.chip.now / MASTER_HZ) * 1e6);
}

/** For the sensitivity report: microseconds from reset to points of a boot, to the byte. */
export function bootTimes(options: Omit<Esp32Options, 'flash'>): Record<string, number> {
  const session = boot(IDF44, options);
  let text = '';
  const at: Record<string, number> = {};
  const marks: readonly (readonly [string, string])[] = [
    ['ESP-IDF 4.4 from reset to the end of its boot loader, us', 'Disabling RNG'],
    ['ESP-IDF 4.4 from reset to its scheduler, us', 'Starting scheduler on PRO CPU'],
  ];
  session.chip.uart0.onByte((byte) => {
    text += String.fromCharCode(byte);
    for (const [name, mark] of marks) {
      if (text.endsWith(mark)) at[name] = Math.round((session.chip.now / MASTER_HZ) * 1e6);
    }
  });
  microsecondsTo(session, /Starting scheduler on PRO CPU/);
  return at;
}
