/**
 * What reaches into the cores from outside: their resets and stalls, the external CPU interrupts,
 * region protection and the boot remap.
 */
import type { Peripherals } from '../peripherals/index.ts';
import type { Bus } from './bus/bus.ts';
import { BOTH_CORES } from './bus/reset.ts';
import { Signal } from './bus/signal.ts';
import type { Level } from './bus/signal.ts';
import { XCHAL } from './cpu/config.ts';
import type { XtensaCore } from './cpu/core.ts';
import { setExternalInterrupt } from './cpu/interrupts.ts';
import type { Multicore } from './scheduler/multicore.ts';

const LINES = 32;

export class CoreWires {
  /** External CPU interrupts of both cores as wires, for recording; the cores hold their state. */
  readonly interrupts = (['PRO_CPU', 'APP_CPU'] as const).map((core) =>
    Array.from({ length: LINES }, (_, line) => new Signal(`${core}.INT${line}`)),
  );
  private readonly cores: readonly [XtensaCore, XtensaCore];
  private readonly multicore: Multicore;
  private readonly bus: Bus;
  private peripherals!: Peripherals;

  constructor(cores: readonly [XtensaCore, XtensaCore], multicore: Multicore, bus: Bus) {
    this.cores = cores;
    this.multicore = multicore;
    this.bus = bus;
    for (const core of BOTH_CORES)
      cores[core].cpu.onRegionAttribute = () => this.applyRegionProtection(core);
  }

  /** APP_CPU's reset and clock, and the stalls of both. */
  connect(peripherals: Peripherals): void {
    this.peripherals = peripherals;
    const { dport, rtcStall } = peripherals;
    dport.appCpuReset.connect((level) => {
      if (level === 0) this.reset(1);
      this.updateHalt(1);
    });
    dport.appCpuClock.connect(() => this.updateHalt(1));
    dport.appCpuStall.connect(() => this.updateHalt(1));
    for (const core of BOTH_CORES) rtcStall[core].connect(() => this.updateHalt(core));
    this.updateHalt(1);
  }

  reset(core: 0 | 1): void {
    this.multicore.catchUp(core);
    const fromRom = this.peripherals.rtc.bootsFromRom(core);
    this.cores[core].reset(fromRom ? XCHAL.RESET_VECTOR : XCHAL.RESET_VECTOR_RTC);
    this.applyRegionProtection(core);
    const present = this.peripherals.matrix.lines(core);
    for (let line = 0; line < LINES; line++) {
      if (((present >>> line) & 1) !== 0) setExternalInterrupt(this.cores[core].cpu, line, 1);
    }
  }

  updateHalt(core: 0 | 1): void {
    const { dport, rtcStall } = this.peripherals;
    const held =
      core === 1 &&
      (dport.appCpuReset.level === 1 ||
        dport.appCpuClock.level === 0 ||
        dport.appCpuStall.level === 1);
    const halted = held || rtcStall[core].level === 1;
    const was = this.cores[core].cpu.halted !== 0;
    if (halted === was) return;
    this.cores[core].halt(halted);
    if (!halted) this.multicore.wake(core);
  }

  setInterrupt(core: number, line: number, level: Level): void {
    setExternalInterrupt(this.core(core).cpu, line, level);
    this.interrupts[core]![line]!.set(level);
    if (level === 1) this.multicore.wake(core);
  }

  setBootRemap(core: number, on: boolean): void {
    this.bus.setBootRemap(core, on);
    this.core(core).code.clear();
  }

  /** After the cores and their surroundings were restored. */
  restored(): void {
    for (const core of BOTH_CORES) this.applyRegionProtection(core);
    this.interrupts.forEach((lines, core) => {
      const present = this.peripherals.matrix.lines(core);
      lines.forEach((signal, line) => (signal.level = ((present >>> line) & 1) === 1 ? 1 : 0));
    });
  }

  private core(index: number): XtensaCore {
    return this.cores[index === 0 ? 0 : 1];
  }

  private applyRegionProtection(core: 0 | 1): void {
    const { cpu, code } = this.cores[core];
    this.bus.applyRegionProtection(core, cpu.itlbAttribute, cpu.dtlbAttribute);
    code.clear();
    cpu.limit = cpu.cycle;
  }
}
