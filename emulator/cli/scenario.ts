/**
 * What a run waits for: `--expect` patterns in order, `--until`, `--fail-on`, and text to type once
 * a pattern was seen. Output is text of one character per byte; a pattern is looked for as soon as
 * a byte comes, so prompts without a line end work.
 */
export interface TypeRule {
  readonly text: string;
  readonly after: RegExp;
}

export interface ScenarioOptions {
  readonly until?: RegExp | undefined;
  readonly expect: readonly RegExp[];
  readonly failOn: readonly RegExp[];
  readonly type: readonly TypeRule[];
}

export interface Verdict {
  readonly met: boolean;
  readonly why: string;
}

interface Found {
  readonly text: string;
  readonly end: number;
}

/** The longest text that a pattern can match across: keeps time and memory per byte bounded. */
const LONGEST_MATCH = 4096;
const PIECE = 1024;
/** A character that may follow the text so far: a match that it would undo is not final. */
const ANY_NEXT = 'x';

export class Scenario {
  /** The last `LONGEST_MATCH` to twice as many characters of the output. */
  tail = '';
  verdict: Verdict | undefined;
  private readonly options: ScenarioOptions;
  private readonly send: (text: string) => void;
  private expected = 0;
  private typed = 0;
  /** Where matching of the next ordered `expect` (then `until`) and `type` goes on in `tail`. */
  private expectFrom = 0;
  private typeFrom = 0;
  private settled = true;

  constructor(options: ScenarioOptions, send: (text: string) => void) {
    this.options = options;
    this.send = send;
  }

  /** True when the run ends by its limits or by the guest only. */
  get isOpen(): boolean {
    return this.missing === undefined;
  }

  /** The first pattern that was not seen, for the failure message. */
  get missing(): RegExp | undefined {
    if (this.verdict?.met === true) return undefined;
    return this.options.expect[this.expected] ?? this.options.until;
  }

  print(text: string): void {
    for (let at = 0; at < text.length; at += PIECE) {
      this.tail += text.slice(at, at + PIECE);
      if (this.tail.length > 2 * LONGEST_MATCH) this.forget(this.tail.length - LONGEST_MATCH);
      this.check(false);
    }
    this.settled = false;
  }

  /** The guest has fallen silent: what it printed last counts as the end of a line. */
  settle(): void {
    if (!this.settled) this.check(true);
    this.settled = true;
  }

  private check(ended: boolean): void {
    if (this.verdict !== undefined) return;
    this.checkFailures(ended);
    this.typeReplies(ended);
    if (this.verdict === undefined) this.checkExpected(ended);
  }

  private checkFailures(ended: boolean): void {
    for (const pattern of this.options.failOn) {
      const found = search(pattern, this.tail, 0, ended);
      if (found === undefined) continue;
      const text = JSON.stringify(found.text.slice(0, 80));
      this.verdict = { met: false, why: `--fail-on ${pattern} matched ${text}` };
    }
  }

  private typeReplies(ended: boolean): void {
    for (; this.typed < this.options.type.length; this.typed++) {
      const rule = this.options.type[this.typed]!;
      const found = search(rule.after, this.tail, this.typeFrom, ended);
      if (found === undefined) return;
      this.typeFrom = found.end;
      this.send(rule.text);
    }
  }

  private checkExpected(ended: boolean): void {
    const { expect, until } = this.options;
    for (; this.expected < expect.length; this.expected++) {
      const found = search(expect[this.expected]!, this.tail, this.expectFrom, ended);
      if (found === undefined) return;
      this.expectFrom = found.end;
    }
    if (until !== undefined) {
      const found = search(until, this.tail, this.expectFrom, ended);
      if (found !== undefined) this.verdict = { met: true, why: `--until ${until} matched` };
    } else if (expect.length > 0) {
      this.verdict = { met: true, why: 'every --expect was seen' };
    }
  }

  private forget(length: number): void {
    this.tail = this.tail.slice(length);
    this.expectFrom = Math.max(0, this.expectFrom - length);
    this.typeFrom = Math.max(0, this.typeFrom - length);
  }
}

/** The first match at or after `from`; unless `ended`, one that more output cannot undo. */
function search(pattern: RegExp, text: string, from: number, ended: boolean): Found | undefined {
  const matcher = new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`);
  matcher.lastIndex = from;
  const match = matcher.exec(text);
  if (match === null) return undefined;
  if (!ended && match.index + match[0].length === text.length) {
    matcher.lastIndex = match.index;
    if (matcher.exec(text + ANY_NEXT)?.index !== match.index) return undefined;
  }
  return { text: match[0], end: match.index + match[0].length };
}
