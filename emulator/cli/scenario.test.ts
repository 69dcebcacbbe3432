import { beforeEach, describe, expect, it } from 'vitest';
import { Scenario } from './scenario.ts';
import type { ScenarioOptions } from './scenario.ts';

let typed: string[] = [];

beforeEach(() => {
  typed = [];
});

function scenario(options: Partial<ScenarioOptions>): Scenario {
  return new Scenario({ expect: [], failOn: [], type: [], ...options }, (text) => typed.push(text));
}

/** Prints as a UART does, byte by byte. */
function print(to: Scenario, text: string): Scenario {
  for (const char of text) to.print(char);
  return to;
}

describe('expectations', () => {
  it('are met in order, then --until', () => {
    const s = scenario({ expect: [/one/, /two/], until: /end/ });
    print(s, 'end two one ');
    expect(s.verdict).toBeUndefined();
    expect(s.missing).toEqual(/two/);
    print(s, 'two ');
    expect(s.missing).toEqual(/end/);
    print(s, 'end');
    expect(s.verdict).toEqual({ met: true, why: '--until /end/ matched' });
    expect(s.missing).toBeUndefined();
  });

  it('do not use the same text twice', () => {
    const s = print(scenario({ expect: [/tick/, /tick/] }), 'tick');
    expect(s.verdict).toBeUndefined();
    expect(print(s, ' tick').verdict?.met).toBe(true);
  });

  it('without any there is nothing to wait for', () => {
    const s = print(scenario({ failOn: [/panic/] }), 'all is well');
    expect([s.isOpen, s.verdict]).toEqual([true, undefined]);
  });

  it('--fail-on wins, wherever it stands', () => {
    const s = print(scenario({ until: /end/, failOn: [/Guru/] }), 'Guru end');
    expect(s.verdict).toEqual({ met: false, why: '--fail-on /Guru/ matched "Guru"' });
  });
});

describe('a line that is not complete', () => {
  it('matches a prompt at once', () => {
    expect(print(scenario({ until: />>> / }), '>>> ').verdict?.met).toBe(true);
  });

  it('does not end for $ and \\b until its end or a silence', () => {
    for (const until of [/^count: 1$/m, /count: 1\b/]) {
      expect(print(scenario({ until }), 'count: 12\n').verdict).toBeUndefined();
      expect(print(scenario({ until }), 'count: 1\n').verdict?.met).toBe(true);
      const s = print(scenario({ until }), 'count: 1');
      expect(s.verdict).toBeUndefined();
      s.settle();
      expect(s.verdict?.met).toBe(true);
    }
  });

  it('does not fail a run by half a word', () => {
    const s = print(scenario({ failOn: [/^E$/m] }), 'Everything is fine\n');
    expect(s.verdict).toBeUndefined();
  });
});

describe('replies', () => {
  it('are typed once each, in order, each after the one before', () => {
    const prompt = />>> /;
    const s = scenario({
      type: [
        { text: 'a', after: prompt },
        { text: 'b', after: prompt },
      ],
    });
    print(s, '>>> ');
    expect(typed).toEqual(['a']);
    print(s, '42\n>>> >>> ');
    expect(typed).toEqual(['a', 'b']);
  });
});

describe('a flood', () => {
  it('costs bounded memory and time per byte, and a pattern behind it is found', () => {
    const s = scenario({ expect: [/never printed/], failOn: [/^oops [0-9]+$/m] });
    const line = 'the quick brown fox jumps over the lazy dog\n';
    for (let i = 0; i < 2000; i++) print(s, line);
    expect(s.tail.length).toBeLessThanOrEqual(8192 + 1024);
    s.print(line.repeat(10_000));
    expect(s.tail.length).toBeLessThanOrEqual(8192 + 1024);
    print(s, 'oops 7\n');
    expect(s.verdict?.met).toBe(false);
  });

  it('finds a match inside one long piece of output', () => {
    const s = scenario({ expect: [/needle/] });
    s.print('-'.repeat(20_000) + 'needle' + '-'.repeat(20_000));
    expect(s.verdict?.met).toBe(true);
  });
});
