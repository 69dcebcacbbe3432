/** The exit code of a check: a failure outweighs a limit. */
import { EXIT } from '../exit.ts';
import { countOf } from './result.ts';
import type { ScenarioResult } from './result.ts';

export function exitCodeOf(scenarios: readonly ScenarioResult[]): number {
  if (countOf(scenarios, 'failed') > 0) return EXIT.guestFailed;
  return countOf(scenarios, 'limit') > 0 ? EXIT.limit : EXIT.met;
}
