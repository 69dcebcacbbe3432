/**
 * Durations that a program of firmware/ takes with CCOUNT, seen from outside: how long each took and what lay in
 * between. A duration runs from one read of CCOUNT by a function of the program on PRO_CPU to its next one at a higher
 * address. Looking takes no guest time.
 */
import type { Board } from '../emulator/index.ts';
import { readSymbols } from '../emulator/loader/elf.ts';

export interface Sample {
  readonly cycles: number;
  /** What made it slow; empty when nothing did. */
  readonly causes: readonly string[];
  /** Contexts that were taken up in between. */
  readonly switches: number;
  /** Where it begins in the program. */
  readonly site: number;
}

/** Symbols of the interrupt handlers, by what the table calls them. */
const HANDLERS = [
  [/kernel4time7on_tick$/, 'tick'],
  [/4uart12on_interrupt$/, 'UART interrupt'],
  [/9interrupt10cross_core$/, 'cross-core interrupt'],
] as const;
/** Mapped flash, where the programs are and the kernel is not. */
const FLASH_CODE = 0x400d0000;
/** ENTRY, which stands before the read. */
const ENTRY_SIZE = 3;

export class SampleWatch {
  readonly samples: Sample[] = [];
  private readonly board: Board;
  private readonly causes = new Set<string>();
  private switches = 0;
  private misses = 0;
  private begun = { cycle: 0, site: 0 };

  constructor(board: Board) {
    this.board = board;
    for (const { name, address } of board.symbols.elfs.flatMap(readSymbols)) {
      const handler = HANDLERS.find(([pattern]) => pattern.test(name))?.[1];
      if (handler !== undefined) board.onReach(address, () => this.causes.add(handler));
    }
    board.onReach('switch_in', () => this.switches++);
    board.onReach('restore_frame', ({ core }) => {
      if (core === 0) this.causes.add('frame of an interrupt');
    });
    board.onReach(board.symbols.address('arch_ccount') + ENTRY_SIZE, ({ core, cpu, cycle }) => {
      const site = (cpu.a(0) & 0x3fffffff) | 0x40000000;
      if (core === 0 && site >= FLASH_CODE) this.read(site, cycle);
    });
  }

  private read(site: number, cycle: number): void {
    const misses = this.countMisses();
    if (misses > this.misses) this.causes.add('flash cache');
    const { begun, switches } = this;
    if (site > begun.site && this.functionOf(site) === this.functionOf(begun.site)) {
      const causes = [...this.causes].sort();
      this.samples.push({ cycles: cycle - begun.cycle, causes, switches, site: begun.site });
    }
    this.begun = { cycle, site };
    this.causes.clear();
    this.switches = 0;
    this.misses = misses;
  }

  private functionOf(site: number): number | undefined {
    return this.board.symbols.functionAt(site)?.address;
  }

  private countMisses(): number {
    const { use } = this.board.chip.external;
    return use.reduce((sum, { fetchMisses, dataMisses }) => sum + fetchMisses + dataMisses, 0);
  }
}

export interface Distribution {
  readonly count: number;
  readonly least: number;
  readonly median: number;
  readonly p99: number;
  readonly most: number;
}

export function distribution(cycles: readonly number[]): Distribution {
  const sorted = [...cycles].sort((a, b) => a - b);
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  const [least, median, p99, most] = [at(0), at(0.5), at(0.99), at(1)] as const;
  return { count: sorted.length, least, median, p99, most };
}

/** The samples by cause, those without one first. The first rounds' cause is that they are the first. */
export function byCause(
  samples: readonly Sample[],
  firstRounds: number,
): [cause: string, Distribution][] {
  const groups = new Map<string, number[]>([['', []]]);
  samples.forEach(({ causes, cycles }, round) => {
    const cause = [...(round < firstRounds ? ['first rounds'] : causes)].join(', ');
    groups.set(cause, [...(groups.get(cause) ?? []), cycles]);
  });
  return [...groups].map(([cause, cycles]) => [cause, distribution(cycles)]);
}
