/** The registers of a core as they were, to tell what an instruction changed. */
import type { Cpu } from '../cpu/state.ts';

export interface RegisterChange {
  /** `a3` of the window after the instruction, `ar17` outside it, `f2`, `m1`, or a state's name. */
  readonly register: string;
  readonly value: number;
}

/** Single states that instructions change, by their names in the ISA manual. */
const STATES = [
  ['lbeg', 'lbeg'],
  ['lend', 'lend'],
  ['lcount', 'lcount'],
  ['sar', 'sar'],
  ['br', 'br'],
  ['acclo', 'acclo'],
  ['acchi', 'acchi'],
  ['scompare1', 'scompare1'],
  ['windowstart', 'windowStart'],
  ['ps.intlevel', 'psIntlevel'],
  ['ps.excm', 'psExcm'],
  ['ps.callinc', 'psCallinc'],
  ['exccause', 'exccause'],
  ['excvaddr', 'excvaddr'],
  ['intenable', 'intenable'],
  ['cpenable', 'cpenable'],
  ['threadptr', 'threadptr'],
  ['vecbase', 'vecbase'],
] as const;

export class RegisterShadow {
  private readonly cpu: Cpu;
  private readonly ar = new Int32Array(64);
  private readonly fr = new Int32Array(16);
  private readonly mr = new Int32Array(4);
  private readonly states = new Int32Array(STATES.length);
  private windowBase4 = 0;

  constructor(cpu: Cpu) {
    this.cpu = cpu;
    this.take();
  }

  /** Takes everything over as it is. */
  take(): void {
    const { cpu } = this;
    this.ar.set(cpu.ar);
    this.fr.set(cpu.fr);
    this.mr.set(cpu.mr);
    this.windowBase4 = cpu.windowBase4;
    STATES.forEach(([, field], i) => (this.states[i] = cpu[field]));
  }

  /** Address register of the window as they were. */
  a(register: number): number {
    return this.ar[(this.windowBase4 + register) & 63]!;
  }

  /** What has changed since the last call; takes it over. */
  changes(): RegisterChange[] {
    const { cpu } = this;
    const changes: RegisterChange[] = [];
    for (let i = 0; i < 64; i++) {
      const value = cpu.ar[i]!;
      if (value === this.ar[i]) continue;
      this.ar[i] = value;
      const inWindow = (i - cpu.windowBase4) & 63;
      changes.push({ register: inWindow < 16 ? `a${inWindow}` : `ar${i}`, value });
    }
    this.compare(cpu.fr, this.fr, 'f', changes);
    this.compare(cpu.mr, this.mr, 'm', changes);
    if (cpu.windowBase4 !== this.windowBase4) {
      this.windowBase4 = cpu.windowBase4;
      changes.push({ register: 'windowbase', value: cpu.windowBase4 >> 2 });
    }
    for (let i = 0; i < STATES.length; i++) {
      const [register, field] = STATES[i]!;
      const value = cpu[field];
      if (value === this.states[i]) continue;
      this.states[i] = value;
      changes.push({ register, value });
    }
    return changes;
  }

  private compare(now: Int32Array, before: Int32Array, file: string, into: RegisterChange[]): void {
    for (let i = 0; i < now.length; i++) {
      if (now[i] === before[i]) continue;
      before[i] = now[i]!;
      into.push({ register: `${file}${i}`, value: now[i]! });
    }
  }
}
