/**
 * What the sources admit: the "Not modelled" and "Unverified on silicon" statements of comments, and
 * the clock that a block's header names. The form of these statements is in CONTRIBUTING.md.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Statements {
  /** Path from the project's root, with `/`. */
  readonly file: string;
  /** First sentence of the header. */
  readonly what: string;
  /** The clock domain, or '' when the header names none. */
  readonly clock: string;
  readonly notModelled: readonly string[];
  readonly unverified: readonly string[];
}

const NOT_MODELLED = '**Not modelled:**';
const UNVERIFIED = 'Unverified on silicon';

/** The sources below `folder`, without tests and fixtures, in alphabetical order. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !/\.(test|fixtures)\.ts$|-test\.ts$/.test(file))
    .sort();
}

export function statementsOf(file: string): Statements {
  const paragraphs = commentParagraphs(readFileSync(file, 'utf8'));
  const [first = ''] = sentences(paragraphs[0] ?? '');
  const clock = paragraphs.map(
    (text) =>
      /\bClock(?: domain)?: (.+?)(?=[.;]? [A-Z]\w+ (?:source|is|takes|the)|; |\. |\.$)/.exec(
        text,
      )?.[1],
  );
  return {
    file,
    what: first.replace(/\.$/, ''),
    clock: clock.find((text) => text !== undefined) ?? '',
    notModelled: paragraphs.flatMap(notModelled),
    unverified: paragraphs.flatMap(unverified),
  };
}

/** The paragraphs of all comments, one line each. */
function commentParagraphs(source: string): string[] {
  const comments = source.match(/\/\*\*[\s\S]*?\*\/|(?:^ *\/\/ .*\n)+/gm) ?? [];
  return comments.flatMap((comment) =>
    comment
      .replace(/^\/\*\*|\*\/$/g, '')
      .split('\n')
      .map((line) => line.replace(/^ *(?:\*|\/\/) ?/, ''))
      .join('\n')
      .split(/\n\s*\n/)
      .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
      .filter((paragraph) => paragraph !== ''),
  );
}

/** The statements of some files as a Markdown list; `link` names a file. */
export function statementList(
  files: readonly Statements[],
  link: (file: Statements) => string,
): string[] {
  return files.flatMap((f) => [
    ...f.notModelled.map((text) => `- Not modelled (${link(f)}): ${text}`),
    ...f.unverified.map((text) => `- Unverified on silicon (${link(f)}): ${text}`),
  ]);
}

/** The list runs to the end of its paragraph, or to an "Unverified" statement. */
function notModelled(paragraph: string): string[] {
  const at = paragraph.indexOf(NOT_MODELLED);
  if (at < 0) return [];
  const list = paragraph.slice(at + NOT_MODELLED.length);
  return [list.split(UNVERIFIED)[0]!.trim()];
}

/** `Unverified on silicon: X.` says X; without a colon it speaks of the sentence before it. */
function unverified(paragraph: string): string[] {
  const all = sentences(paragraph);
  return all.flatMap((sentence, i) => {
    const at = sentence.indexOf(UNVERIFIED);
    if (at < 0) return [];
    const after = sentence.slice(at + UNVERIFIED.length);
    if (at > 0) return [sentence];
    if (after.startsWith(':')) return [after.slice(1).trim()];
    return [all[i - 1] ?? sentence];
  });
}

function sentences(paragraph: string): string[] {
  return paragraph.split(/(?<=\.)\s+(?=[A-Z(*])/);
}
