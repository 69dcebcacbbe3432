/**
 * What a run waits for on UART0: `--expect` patterns in order, `--until`, `--fail-on`, and text
 * to type once a pattern was seen. Patterns are matched against everything printed so far.
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

/** Characters kept for matching: a guest that prints for ever cannot grow the host. */
const KEPT = 1 << 20;

export class Scenario {
  /** What UART0 printed, at least the last mebibyte of it. */
  text = '';
  verdict: Verdict | undefined;
  private readonly options: ScenarioOptions;
  private readonly send: (text: string) => void;
  private expected = 0;
  private typed = 0;
  /** Where matching of the next ordered `expect` (then `until`) and `type` goes on in `text`. */
  private expectFrom = 0;
  private typeFrom = 0;

  constructor(options: ScenarioOptions, send: (text: string) => void) {
    this.options = options;
    this.send = send;
  }

  /** True when nothing is waited for: the run ends by its limits only. */
  get isOpen(): boolean {
    return this.options.until === undefined && this.options.expect.length === 0;
  }

  /** The first pattern that was not seen, for the failure message. */
  get missing(): RegExp | undefined {
    return this.options.expect[this.expected] ?? this.options.until;
  }

  /** Takes printed text and decides at once, so that prompts without a line end work too. */
  print(text: string): void {
    this.text += text;
    if (this.text.length > 2 * KEPT) this.forget(this.text.length - KEPT);
    if (this.verdict !== undefined) return;
    this.checkFailures();
    this.typeReplies();
    if (this.verdict === undefined) this.checkExpected();
  }

  private checkFailures(): void {
    for (const pattern of this.options.failOn) {
      const found = search(pattern, this.text, 0);
      if (found === undefined) continue;
      this.verdict = { met: false, why: `--fail-on ${pattern} matched "${found.text}"` };
    }
  }

  private typeReplies(): void {
    for (; this.typed < this.options.type.length; this.typed++) {
      const rule = this.options.type[this.typed]!;
      const found = search(rule.after, this.text, this.typeFrom);
      if (found === undefined) return;
      this.typeFrom = found.end;
      this.send(rule.text);
    }
  }

  private checkExpected(): void {
    const { expect, until } = this.options;
    for (; this.expected < expect.length; this.expected++) {
      const found = search(expect[this.expected]!, this.text, this.expectFrom);
      if (found === undefined) return;
      this.expectFrom = found.end;
    }
    if (until !== undefined) {
      const found = search(until, this.text, this.expectFrom);
      if (found !== undefined) this.verdict = { met: true, why: `--until ${until} matched` };
    } else if (expect.length > 0) {
      this.verdict = { met: true, why: 'every --expect was seen' };
    }
  }

  private forget(length: number): void {
    this.text = this.text.slice(length);
    this.expectFrom = Math.max(0, this.expectFrom - length);
    this.typeFrom = Math.max(0, this.typeFrom - length);
  }
}

function search(pattern: RegExp, text: string, from: number): Found | undefined {
  const flags = pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`;
  const matcher = new RegExp(pattern.source, flags);
  matcher.lastIndex = from;
  const match = matcher.exec(text);
  return match === null ? undefined : { text: match[0], end: match.index + match[0].length };
}
