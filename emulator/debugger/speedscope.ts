/**
 * A profile as a speedscope file (https://www.speedscope.app/file-format-schema.json): one sampled
 * profile per core, with one sample per calling context and its own cycles as the weight. Contexts
 * stand in the order of the call tree, not of time.
 */
import type { ProfiledFunction } from './call-tree.ts';
import type { CoreReport, ProfileSymbols } from './profile.ts';

export interface SpeedscopeFrame {
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
}

export interface SpeedscopeProfile {
  readonly type: 'sampled';
  readonly name: string;
  /** Cycles: the format has no unit of that name. */
  readonly unit: 'none';
  readonly startValue: number;
  readonly endValue: number;
  /** Indices of frames from the outermost inwards. */
  readonly samples: readonly (readonly number[])[];
  readonly weights: readonly number[];
}

export interface SpeedscopeFile {
  readonly $schema: string;
  readonly name: string;
  readonly exporter: string;
  readonly activeProfileIndex: number;
  readonly shared: { readonly frames: readonly SpeedscopeFrame[] };
  readonly profiles: readonly SpeedscopeProfile[];
}

export function speedscope(
  name: string,
  cores: readonly CoreReport[],
  symbols: ProfileSymbols,
): SpeedscopeFile {
  const frames: SpeedscopeFrame[] = [];
  const indexOf = new Map<ProfiledFunction, number>();
  const frame = (fn: ProfiledFunction): number => {
    let index = indexOf.get(fn);
    if (index === undefined) {
      index = frames.push(frameOf(fn, symbols)) - 1;
      indexOf.set(fn, index);
    }
    return index;
  };
  const profiles = cores.map((core): SpeedscopeProfile => {
    const contexts = [...core.tree.stacks()];
    return {
      type: 'sampled',
      name: `${core.name} (cycles)`,
      unit: 'none',
      startValue: 0,
      endValue: contexts.reduce((sum, { self }) => sum + self, 0),
      samples: contexts.map(({ stack }) => stack.map(frame)),
      weights: contexts.map(({ self }) => self),
    };
  });
  return {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    name,
    exporter: 'lockstep32',
    activeProfileIndex: 0,
    shared: { frames },
    profiles,
  };
}

function frameOf(fn: ProfiledFunction, symbols: ProfileSymbols): SpeedscopeFrame {
  const line = fn.address < 0 ? undefined : symbols.lineAt(fn.address);
  if (line === undefined) return { name: fn.name };
  // The format counts lines from 1: 0 stands for no line.
  return line.line === 0
    ? { name: fn.name, file: line.file }
    : { name: fn.name, file: line.file, line: line.line };
}
