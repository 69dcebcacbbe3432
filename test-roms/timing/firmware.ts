/**
 * Real firmware as a measure of time: an image is booted from reset with the genuine mask ROM; what
 * it prints about time, and how long its interrupts take, is compared with the same software on
 * silicon. Most of a boot at 115200 baud is waiting for the UART, so milliseconds agree easily; the
 * rows that do not print much are the telling ones.
 */
import type { Esp32Options } from '../../emulator/index.ts';
import { assemble } from '../../emulator/cpu/assemble.ts';
import type { Cpu } from '../../emulator/cpu/state.ts';
import { parseElf, readSymbols } from '../../emulator/loader/elf.ts';
import { realBytes, realPath } from '../../emulator/loader/real.fixtures.ts';
import { EXCCAUSE } from '../../emulator/cpu/isa/exccause.ts';
import { MASTER_HZ } from '../../emulator/scheduler/clock.ts';
import { boot, MS } from '../corpus/corpus.fixtures.ts';
import type { Session } from '../corpus/corpus.fixtures.ts';

export interface FirmwareRow {
  readonly name: string;
  readonly unit: string;
  /** What silicon took, or at most may take. */
  readonly silicon: number;
  readonly atMost?: true;
  /** Why ours differs: the row is expected to fail. */
  readonly known?: string;
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
  measure: (boots) => boots.stamp(IDF44, to) - (from === undefined ? 0 : boots.stamp(IDF44, from)),
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
    name: 'Arduino 2.0 (ESP-IDF 4.4), 240 MHz: what the tick takes from a busy loop in loopTask, per ms',
    unit: 'cycles',
    // 35 M times 11 or 13 cycles, in 4981, 5887 ms at 80 MHz and 2447, 2892 ms at 160 MHz.
    silicon: 2690,
    tolerance: 30,
    // Every tick of APP_CPU ends in vTaskSwitchContext: 671 cycles before, 980 in it, 157 behind it.
    known:
      'which Arduino the published program was built with is not stated; another result, ' +
      'cexartattoo/esp32-benchmark, is 920, perhaps of a tick that does not switch tasks, as this one always does',
    source: 'derived from MVene/TheLinuxEra-SdC (PlatformIO Arduino): 2665 to 2711 cycles per ms',
    measure: () => stolenCycles(ARDUINO),
  },
  {
    name: 'ESP-IDF 4.4: CCOMPARE0 to the handler that the dispatcher calls',
    unit: 'cycles',
    silicon: 290,
    atMost: true,
    tolerance: 0,
    known:
      'the published program is interrupted in a task, by software, and how this image was compiled is not known',
    source:
      'idf_performance.h of ESP-IDF: the limit of its CI from a software interrupt to its handler',
    measure: (boots) => entryCycles(boots.of(IDF44)),
  },
];

const TICKS = 20;
/** Cycles: an interrupt is entered within so many of the match, and a tick that takes longer has switched tasks. */
const ENTERED_WITHIN = 400;
const LONGEST = 4000;

/** FreeRTOS 10.4 of ESP-IDF: the name in a task's control block, and the start of its stack. */
const TCB_NAME = 0x34;
const TCB_STACK = 0x30;
const STACK_BYTES = 8192;
const LOOP_TASK = Buffer.from('loopTask\0');
const DRAM = [0x3ffb0000, 0x3fffff00] as const;
/** At the end of SRAM0, where the image has nothing. */
const BUSY_LOOP = 0x4009ff00;
const BUSY_CYCLES = 5;
const BUSY_MS = 100;

/**
 * Cycles per millisecond that APP_CPU does not spend in a loop that counts, put in place of loopTask:
 * as published programs found it, by timing a loop. In an image of its own, since that task is gone.
 */
function stolenCycles(image: string): number {
  const session = boot(image);
  session.expect(READY[image]!, 1500);
  const { chip } = session;
  const { cpu } = chip.cores[1];
  const { bytes } = chip.memory;
  const [from, to] = DRAM;
  let stack = 0;
  for (let at = from; at < to && stack === 0; at += 4) {
    const offset = chip.bus.ramAt(at);
    if (!LOOP_TASK.every((byte, i) => bytes[offset + i] === byte)) continue;
    const start = chip.bus.ports[0].read32(at - TCB_NAME + TCB_STACK) >>> 0;
    if (start > from && start < to) stack = start;
  }
  const inLoopTask = (): boolean => {
    const pointer = cpu.a(1) >>> 0;
    return pointer >= stack && pointer < stack + STACK_BYTES && interruptible(cpu);
  };
  for (let tries = 0; !inLoopTask(); tries++) {
    if (tries > 100_000) throw new Error(`${image}: loopTask does not run`);
    chip.runUntil(chip.now + MS / 200);
  }
  const program = assemble('_start:\nagain:\n addi a8, a8, 1\n j again\n', {
    file: 'busy',
    origins: { '.text': BUSY_LOOP },
  });
  for (const { address, bytes: code } of program.sections) {
    bytes.set(code, chip.bus.ramAt(address));
  }
  cpu.pc = BUSY_LOOP;
  cpu.nextPc = BUSY_LOOP;
  const counted = (): { passes: number; cycle: number } => {
    while (cpu.psExcm !== 0 || cpu.pc >>> 0 !== BUSY_LOOP) chip.runUntil(chip.now + 2);
    return { passes: cpu.a(8), cycle: cpu.cycle };
  };
  chip.runUntil(chip.now + 3 * MS);
  const before = counted();
  chip.runUntil(chip.now + BUSY_MS * MS);
  const after = counted();
  const cycles = (after.cycle - before.cycle) | 0;
  const stolen = cycles - BUSY_CYCLES * ((after.passes - before.passes) | 0);
  return (stolen * chip.clocks.cpu.hz) / 1000 / cycles;
}

const interruptible = (cpu: Cpu): boolean => cpu.psExcm === 0 && cpu.psIntlevel === 0;

/** Cycles from the match of CCOMPARE0 to `_frxt_timer_int`, which the level-1 dispatcher calls. */
function entryCycles(session: Session): number {
  const file = realPath('fw', IDF44, 'app.elf');
  const symbols = readSymbols(parseElf(realBytes('fw', IDF44, 'app.elf'), file));
  const handler = symbols.find(({ name }) => name === '_frxt_timer_int');
  if (handler === undefined) throw new Error(`${file}: no symbol _frxt_timer_int`);
  return afterMatches(session, ({ pc }) => pc >>> 0 === handler.address);
}

/** Cycles from a match of CCOMPARE0, that interrupts, to the end that `ended` sees: the median. */
function afterMatches(session: Session, ended: (cpu: Cpu) => boolean): number {
  const { chip } = session;
  const { cpu } = chip.cores[0];
  const step = MASTER_HZ / chip.clocks.cpu.hz;
  const taken: number[] = [];
  for (let tries = 0; taken.length < TICKS; tries++) {
    if (tries > 10_000) throw new Error('the ticks of the firmware cannot be followed');
    const match = (cpu.ccompare[0]! - cpu.ccountOffset) | 0;
    const since = (): number => (cpu.cycle - match) | 0;
    if (since() > -10) {
      chip.runUntil(chip.now + MS / 10);
      continue;
    }
    chip.runUntil(chip.now + (-since() - 2) * step);
    const entered = (): boolean =>
      cpu.psExcm !== 0 && cpu.exccause === EXCCAUSE.Level1Interrupt && since() > 0;
    while (!entered() && since() < ENTERED_WITHIN) chip.runUntil(chip.now + step);
    if (!entered()) continue;
    while (!ended(cpu) && since() < LONGEST) chip.runUntil(chip.now + step);
    if (ended(cpu)) taken.push(since());
  }
  return taken.sort((x, y) => x - y)[TICKS >> 1]!;
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
