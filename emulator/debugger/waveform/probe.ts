/** What can be recorded: a named wire with its value now and a way to hear its changes. */
import type { Pad } from '../../bus/pad.ts';
import type { Signal } from '../../bus/signal.ts';
import { InputError, printable } from '../../loader/errors.ts';

/** VCD's four values: z is a floating pin, x one that two parties drive apart. */
export type WaveValue = '0' | '1' | 'z' | 'x';

export interface Probe {
  /** Unique among the probes of a machine, e.g. `GPIO4` or `ETS_UART0_INTR_SOURCE`. */
  readonly name: string;
  /** The group it is shown in. */
  readonly scope: string;
  value(): WaveValue;
  /** `changed` is called after every change; it may be called without one. */
  connect(changed: () => void): void;
}

export function signalProbe(scope: string, signal: Signal): Probe {
  return {
    name: signal.name,
    scope,
    value: () => (signal.level === 0 ? '0' : '1'),
    connect: (changed) => signal.connect(changed),
  };
}

export function padProbe(pad: Pad): Probe {
  return {
    name: pad.name,
    scope: 'pins',
    value: () => {
      if (pad.condition === 'floating') return 'z';
      if (pad.condition === 'contention') return 'x';
      return pad.wire.level === 0 ? '0' : '1';
    },
    connect: (changed) => {
      pad.wire.connect(changed);
      pad.onCondition(changed);
    },
  };
}

/**
 * The probes whose names match any of the globs (`*` and `?`; case counts), in catalogue order.
 * Throws InputError for a glob that matches nothing.
 */
export function selectProbes(catalogue: readonly Probe[], globs: readonly string[]): Probe[] {
  const chosen = new Set<Probe>();
  for (const glob of globs) {
    const pattern = globPattern(glob);
    const matched = catalogue.filter(({ name }) => pattern.test(name));
    if (matched.length === 0)
      throw new InputError(`signal '${printable(glob)}'`, 'no signal has such a name', {
        expected: 'a name or glob such as GPIO4, GPIO*, ETS_UART0_INTR_SOURCE, PRO_CPU.INT*',
      });
    for (const probe of matched) chosen.add(probe);
  }
  return catalogue.filter((probe) => chosen.has(probe));
}

function globPattern(glob: string): RegExp {
  const source = [...glob].map((c) => {
    if (c === '*') return '.*';
    return c === '?' ? '.' : c.replace(/[\\^$.|+()[\]{}]/, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`);
}
