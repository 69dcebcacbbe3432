import { describe, expect, it } from 'vitest';
import { missingOracles } from '../tools/qemu.ts';
import { runDiff } from './diff.ts';

/** DIFF_COUNT=100000 DIFF_SEED=7 npm run test:diff: more programs, or others. */
const COUNT = Number(process.env['DIFF_COUNT'] ?? 20_000);
const SEED = Number(process.env['DIFF_SEED'] ?? 20_260_101);
/** A quarter of the programs use the FPU and the booleans. */
const FLOAT_COUNT = Math.ceil(COUNT / 4);
/** Programs on which QEMU contradicts itself must stay rare, or they would hide faults. */
const MOST_DISPUTED = Math.ceil(COUNT / 1000);

const missing = missingOracles(['qemu-xtensa', 'qemu-system-xtensa']);

describe.skipIf(missing.length > 0)(`generated programs against QEMU, seed ${SEED}`, () => {
  for (const [name, float, count] of [
    ['integer programs on dc233c', false, COUNT - FLOAT_COUNT],
    ['FPU programs on de233_fpu', true, FLOAT_COUNT],
  ] as const) {
    it(`${count} ${name}`, () => {
      const result = runDiff({ count, seed: SEED, float });
      expect(result.failure ?? 'no difference').toBe('no difference');
      expect(result.programs).toBe(count);
      expect(
        result.disputed.length,
        `disputed seeds ${result.disputed.join(' ')}`,
      ).toBeLessThanOrEqual(MOST_DISPUTED);
    }, 600_000);
  }
});
