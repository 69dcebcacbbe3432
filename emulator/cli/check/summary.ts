/** What a person at the terminal or reading a CI log sees: progress, then what failed and why. */
import type { WriteStream } from 'node:tty';
import pc from 'picocolors';
import { MASTER_HZ } from '../../scheduler/clock.ts';
import type { Board } from '../../testing/board.ts';
import { timeText } from '../../testing/units.ts';
import { placeText } from './problems.ts';
import { countOf } from './result.ts';
import type { CheckResult, ScenarioResult, Status } from './result.ts';

type Stream = Pick<WriteStream, 'write' | 'isTTY'>;
type Colours = ReturnType<typeof pc.createColors>;

const ERASE_LINE = '\r\x1b[K';
const REFRESH_MS = 250;
const SIGNS: Readonly<Record<Status, string>> = {
  passed: '✓',
  failed: '✗',
  limit: '✗',
  skipped: '-',
};
const PLAIN: Readonly<Record<Status, string>> = { passed: 'ok', failed: 'FAIL', limit: 'LIMIT', skipped: 'skip' }; // prettier-ignore

export class Summary {
  private readonly stdout: Stream;
  private readonly stderr: Stream;
  private readonly colours: Colours;
  private readonly isFancy: boolean;
  private running = '';
  private shownAt = -Infinity;
  private hasProgress = false;

  constructor(stdout: Stream, stderr: Stream, environment: NodeJS.ProcessEnv) {
    const { NO_COLOR, TERM, FORCE_COLOR } = environment;
    const isForced = (FORCE_COLOR ?? '') !== '' && FORCE_COLOR !== '0';
    const isPlain = (NO_COLOR ?? '') !== '' || TERM === 'dumb';
    this.stdout = stdout;
    this.stderr = stderr;
    this.isFancy = isForced || (stdout.isTTY === true && !isPlain);
    this.colours = pc.createColors(this.isFancy);
  }

  started(scenario: string): void {
    this.running = scenario;
  }

  progress(board: Board, step: number, wallMs: number): void {
    if (this.stderr.isTTY !== true || wallMs - this.shownAt < REFRESH_MS) return;
    this.shownAt = wallMs;
    const guest = (board.now / MASTER_HZ).toFixed(3);
    this.stderr.write(`${ERASE_LINE}${this.running}: step ${step + 1}, guest ${guest} s`);
    this.hasProgress = true;
  }

  ended(file: string, result: ScenarioResult): void {
    this.clearProgress();
    const { name, status, start, end, failure, from } = result;
    const { bold, dim, red } = this.colours;
    const span = status === 'skipped' ? '' : dim(` ${timeText(end - start)}`);
    const base = from === undefined ? '' : dim(` from ${from}`);
    this.say(`${this.sign(status)} ${bold(name)}${base}${span}`);
    if (failure === undefined) return;
    this.say(`    ${red(`${placeText(file, failure.at)}: ${failure.message}`)}`);
    for (const line of failure.detail) this.say(`    ${dim(line)}`);
    for (const limit of result.limits)
      if (!limit.isKept && !failure.message.startsWith(limit.name))
        this.say(`    ${red(`${limit.name}: ${limit.measured}; expected ${limit.limit}`)}`);
  }

  concluded({ scenarios }: CheckResult): void {
    const { green, red, yellow } = this.colours;
    const parts = [
      [countOf(scenarios, 'passed'), 'passed', green],
      [countOf(scenarios, 'failed'), 'failed', red],
      [countOf(scenarios, 'limit'), 'over the limit', red],
      [countOf(scenarios, 'skipped'), 'skipped', yellow],
    ] as const;
    const shown = parts.filter(([count]) => count > 0).map(([count, what, colour]) => colour(`${count} ${what}`)); // prettier-ignore
    this.say(
      `${scenarios.length} scenario${scenarios.length === 1 ? '' : 's'}: ${shown.join(', ')}`,
    );
  }

  note(text: string): void {
    this.clearProgress();
    this.stderr.write(`lockstep32: ${text}\n`);
  }

  private sign(status: Status): string {
    const { green, red, yellow } = this.colours;
    const colour = status === 'passed' ? green : status === 'skipped' ? yellow : red;
    return colour(this.isFancy ? SIGNS[status] : PLAIN[status]);
  }

  private say(text: string): void {
    this.stdout.write(`${text}\n`);
  }

  private clearProgress(): void {
    if (this.hasProgress) this.stderr.write(ERASE_LINE);
    this.hasProgress = false;
  }
}
