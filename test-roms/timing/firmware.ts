/**
 * Real firmware as a measure of time: an image is booted from reset with the genuine mask ROM; what
 * it prints about time, and how long its interrupts take, is compared with the same software on
 * silicon. Most of a boot at 115200 baud is waiting for the UART, so milliseconds agree easily; the
 * rows that do not print much are the telling ones.
 */
import type { Esp32Options } from '../../emulator/index.ts';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import { boot, MS } from '../corpus/corpus.fixtures.ts';
import type { Session } from '../corpus/corpus.fixtures.ts';

export interface FirmwareRow {
  readonly name: string;
  readonly unit: string;
  /** What silicon took, or at most may take. */
  readonly silicon: number;
  readonly atMost?: true;
  readonly tolerance: number;
  readonly source: string;
  measure(boots: Boots): number;
}

/** Booted images by folder, each booted once. */
export class Boots {
  private readonly sessions = new Map<string, Session>();

  of(image: string): Session {
    let session = this.sessions.get(image);
    if (session === undefined) {
      session = boot(image);
      session.expect(READY[image] ?? /Hello world!/, 1500);
      session.runTo(session.ms + 20);
      this.sessions.set(image, session);
    }
    return session;
  }

  /** Milliseconds that the image's own log gives for the first line with this text. */
  stamp(image: string, text: string): number {
    const match = new RegExp(`\\((\\d+)\\) ${text}`).exec(this.of(image).text);
    if (match === null) throw new Error(`${image}: no line '${text}'`);
    return Number(match[1]);
  }
}

const IDF44 = 'idf_hello_world-v4.4-asarogers';
const ARDUINO = 'arduino_hello_world-2.0.x-idf4.4.7-espressif';
const READY: Readonly<Record<string, RegExp>> = { [ARDUINO]: /Hello/i };
/** IDF 4.3 application with the same boot messages, DIO 40 MHz, 160 MHz, 115200 baud. */
const IDF43_LOG = 'boot log of an ESP-IDF 4.3 application (Azure Verified Telemetry sample)';

const stampRow = (
  name: string,
  silicon: number,
  from: string | undefined,
  to: string,
  tolerance: number,
): FirmwareRow => ({
  name: `ESP-IDF 4.4, DIO 40 MHz: ${name}`,
  unit: 'ms',
  silicon,
  tolerance,
  source: IDF43_LOG,
  measure: (boots) =>
    boots.stamp(IDF44, to) - (from === undefined ? 0 : boots.stamp(IDF44, from)),
});

/** Bytes of the mapped segment 3 of IDF44's application; the next line is printed when its SHA is done. */
const MAPPED_BYTES = 84_304;

export const FIRMWARE: readonly FirmwareRow[] = [
  stampRow('first line of the boot loader', 28, undefined, 'boot: ESP-IDF', 2),
  stampRow('first segment of the application', 102, undefined, 'esp_image: segment 0', 2),
  {
    name: 'ESP-IDF 4.4, DIO 40 MHz: SHA-256 of a mapped segment, per KiB',
    unit: 'us',
    // 75,432 bytes in 27 ms, 487,276 in 181, 643,048 in 243: 367, 380, 387 us per KiB.
    silicon: 380,
    tolerance: 20,
    source: `esp32_log.inc of ESP-IDF, espcam-app-idf, ${IDF43_LOG}`,
    measure: (boots) => {
      const ms =
        boots.stamp(IDF44, 'esp_image: segment 4') - boots.stamp(IDF44, 'esp_image: segment 3');
      return (1000 * ms * 1024) / MAPPED_BYTES;
    },
  },
  stampRow('APP_CPU started', 17, 'cpu_start: Pro cpu up', 'cpu_start: Pro cpu start user', 4),
  stampRow('user code to heap', 33, 'cpu_start: Pro cpu start user', 'heap_init: Init', 3),
  stampRow('heap to scheduler', 61, 'heap_init: Init', 'cpu_start: Starting scheduler on PRO', 3),
  {
    name: 'Arduino 2.0 (ESP-IDF 4.4), 240 MHz: tick interrupt on APP_CPU, 1 kHz',
    unit: 'cycles',
    silicon: 955,
    tolerance: 200,
    source: 'derived from cexartattoo/esp32-benchmark: 910 to 1000 cycles per ms, Arduino',
    measure: (boots) => tickCycles(boots.of(ARDUINO), 1),
  },
  {
    name: 'ESP-IDF 4.4: CCOMPARE0 to the return from the tick interrupt, PRO_CPU',
    unit: 'cycles',
    silicon: 290 + 565,
    atMost: true,
    tolerance: 0,
    source: 'idf_performance.h of ESP-IDF: limits of its CI for interrupt enter and exit',
    measure: (boots) => tickCycles(boots.of(IDF44), 0),
  },
];

const TICKS = 20;
/** A tick that takes longer has switched tasks. */
const LONGEST = 4000;

/** Cycles from the match of CCOMPARE0 to the return to the idle task: the median of some ticks. */
function tickCycles(session: Session, core: 0 | 1): number {
  const { chip } = session;
  const { cpu } = chip.cores[core];
  const taken: number[] = [];
  const cycleTicks = MASTER_HZ / chip.clocks.cpu.hz;
  for (let tries = 0; taken.length < TICKS; tries++) {
    if (tries > 4 * TICKS) throw new Error('ticks do not return to the idle task');
    while (cpu.waiting === 0) chip.runUntil(chip.now + MS / 100);
    const match = (cpu.ccompare[0]! - cpu.ccountOffset) | 0;
    const wait = (match - cpu.cycle) | 0;
    if (wait <= 0) {
      chip.runUntil(chip.now + MS / 10);
      continue;
    }
    chip.runUntil(chip.now + (wait - 2) * cycleTicks);
    if (cpu.waiting === 0) continue;
    const idle = cpu.pc;
    let entered = false;
    while (((cpu.cycle - match) | 0) < LONGEST) {
      chip.runUntil(chip.now + cycleTicks);
      if (cpu.waiting === 0 && cpu.pc !== idle) entered = true;
      if (entered && cpu.pc === idle) break;
    }
    const cycles = (cpu.cycle - match) | 0;
    if (entered && cycles < LONGEST) taken.push(cycles);
  }
  return taken.sort((a, b) => a - b)[TICKS >> 1]!;
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
  session.expect(/Starting scheduler on PRO CPU/, 1000);
  return at;
}
