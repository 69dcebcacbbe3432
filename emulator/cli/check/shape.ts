/**
 * Shapes of values in a gate file. A shape reads a node of the YAML document, says with its place
 * what is wrong, and describes itself as JSON Schema: one table serves the reader and the editor.
 */
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Document, Node, YAMLMap } from 'yaml';
import { nearestNames } from '../../loader/symbols.ts';
import type { Position, Problems } from './problems.ts';
import { quoted } from './problems.ts';

export type JsonSchema = { readonly [key: string]: unknown };

/** A document being read. */
export interface Reading {
  readonly document: Document;
  readonly problems: Problems;
}

export interface Shape<T> {
  /** Completes the sentence "expected ...". */
  readonly expected: string;
  readonly schema: JsonSchema;
  /** The value, or undefined when a problem was noted. */
  read(node: unknown, offset: number, reading: Reading): T | undefined;
}

export type ValueOf<S> = S extends Shape<infer T> ? T : never;

export interface FieldRow<T> {
  readonly shape: Shape<T>;
  readonly help: string;
  readonly required?: true;
}

export type Fields = Readonly<Record<string, FieldRow<unknown>>>;

type FieldValue<R> = R extends { readonly shape: Shape<infer T> } ? T : never;
type RequiredKeys<F> = {
  [K in keyof F]: F[K] extends { readonly required: true } ? K : never;
}[keyof F];

export type ObjectOf<F> = { readonly [K in RequiredKeys<F>]: FieldValue<F[K]> } & {
  readonly [K in Exclude<keyof F, RequiredKeys<F>>]?: FieldValue<F[K]>;
};

export interface ObjectRules {
  /** What a message calls it: `a step`. */
  readonly name: string;
  /** Of these keys, or groups of keys, exactly one must be there. */
  readonly exactlyOne?: readonly (string | readonly string[])[];
}

/** A shape of its own making for scalars: `parse` gives undefined for what does not fit. */
export function scalar<T>(
  expected: string,
  schema: JsonSchema,
  parse: (value: unknown) => T | undefined,
): Shape<T> {
  return {
    expected,
    schema,
    read(node, offset, reading) {
      const found = resolve(node, reading);
      const value = isScalar(found) ? parse(found.value) : undefined;
      if (value === undefined) misfit(found, offset, expected, reading);
      return value;
    },
  };
}

export function list<T>(of: Shape<T>, least = 0): Shape<readonly T[]> {
  const expected = `a list of ${of.expected}`;
  return {
    expected,
    schema: { type: 'array', items: of.schema, ...(least > 0 ? { minItems: least } : {}) },
    read(node, offset, reading) {
      const found = resolve(node, reading);
      if (!isSeq(found) || found.items.length < least)
        return misfit(found, offset, least > 0 ? `${expected}, at least ${least}` : expected, reading); // prettier-ignore
      const values = found.items.map((item) => of.read(item, offsetOf(item, offset), reading));
      return values.includes(undefined) ? undefined : (values as T[]);
    },
  };
}

export interface Named<T> {
  readonly name: string;
  readonly at: Position;
  /** Offset in the file, for problems that show later. */
  readonly offset: number;
  readonly value: T;
}

/** A map whose keys are names of the user's own, in the file's order; `least` is for the schema. */
export function named<T>(of: Shape<T>, expected: string, least = 0): Shape<readonly Named<T>[]> {
  return {
    expected,
    schema: {
      type: 'object',
      additionalProperties: of.schema,
      ...(least > 0 ? { minProperties: least } : {}),
    },
    read(node, offset, reading) {
      const found = resolve(node, reading);
      if (!isMap(found)) return misfit(found, offset, expected, reading);
      let complete = true;
      const values: Named<T>[] = [];
      for (const { key, value } of found.items) {
        const at = offsetOf(key, offset);
        const one = of.read(value, at, reading);
        if (one === undefined) complete = false;
        else
          values.push({ name: keyText(key), at: reading.problems.at(at), offset: at, value: one });
      }
      return complete ? values : undefined;
    },
  };
}

export interface Located<T> {
  readonly value: T;
  readonly offset: number;
}

/** Keeps the place of a value, for problems that show later. */
export function located<T>(shape: Shape<T>): Shape<Located<T>> {
  return {
    expected: shape.expected,
    schema: shape.schema,
    read(node, offset, reading) {
      const value = shape.read(node, offset, reading);
      return value === undefined ? undefined : { value, offset };
    },
  };
}

/** The first shape that fits; the message names `expected`. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  const expected = `${first.expected}, or ${second.expected}`;
  return {
    expected,
    schema: { anyOf: [first.schema, second.schema] },
    read(node, offset, reading) {
      for (const shape of [first, second] as readonly Shape<A | B>[]) {
        const found: string[] = [];
        const value = shape.read(node, offset, trial(reading, found));
        if (value !== undefined && found.length === 0) return value;
      }
      return misfit(resolve(node, reading), offset, expected, reading);
    },
  };
}

export function object<F extends Fields>(fields: F, rules: ObjectRules): Shape<ObjectOf<F>> {
  return {
    expected: rules.name,
    schema: objectSchema(fields, rules),
    read(node, offset, reading) {
      const found = resolve(node, reading);
      if (!isMap(found))
        return misfit(found, offset, `${rules.name} (${keysText(fields)})`, reading);
      return readFields(found, offset, reading, fields, rules);
    },
  };
}

/** An object whose kind is told by the value of one key: `type: button`. */
export function tagged<R extends Readonly<Record<string, Fields>>>(
  tag: string,
  rows: R,
  name: string,
): Shape<{ [K in keyof R]: { readonly type: K; readonly options: ObjectOf<R[K]> } }[keyof R]> {
  type Result = { [K in keyof R]: { readonly type: K; readonly options: ObjectOf<R[K]> } }[keyof R];
  const kinds = Object.keys(rows);
  const withTag = (kind: string): Fields => ({
    [tag]: { shape: constant(kind), help: `kind of ${name}`, required: true },
    ...rows[kind]!,
  });
  return {
    expected: name,
    schema: { oneOf: kinds.map((kind) => objectSchema(withTag(kind), { name })) },
    read(node, offset, reading) {
      const found = resolve(node, reading);
      if (!isMap(found)) return misfit(found, offset, `${name} with \`${tag}\``, reading);
      const value = found.get(tag, true);
      if (value === undefined) return complain(offset, `${name} without \`${tag}\``, `one of ${kinds.join(', ')}`, reading); // prettier-ignore
      const kind = String((value as { value?: unknown }).value);
      if (!kinds.includes(kind))
        return complain(offsetOf(value, offset), `unknown ${tag} ${quoted(kind)}`, `one of ${kinds.join(', ')}`, reading, kind, kinds); // prettier-ignore
      const read = readFields(found, offset, reading, withTag(kind), { name: `${name} of this type` }); // prettier-ignore
      if (read === undefined) return undefined;
      const options = Object.fromEntries(Object.entries(read).filter(([key]) => key !== tag));
      return { type: kind, options } as unknown as Result;
    },
  };
}

/** An object whose kind is told by which key it has: `expect: ...` or `wait: ...`. */
export function byVerb<R extends Readonly<Record<string, Shape<object>>>>(
  rows: R,
  name: string,
): Shape<
  {
    [K in keyof R]: { readonly verb: K; readonly offset: number; readonly of: ValueOf<R[K]> };
  }[keyof R]
> {
  // prettier-ignore
  type Result = { [K in keyof R]: { readonly verb: K; readonly offset: number; readonly of: ValueOf<R[K]> } }[keyof R]; // prettier-ignore
  const verbs = Object.keys(rows);
  return {
    expected: name,
    schema: { oneOf: verbs.map((verb) => rows[verb]!.schema) },
    read(node, offset, reading) {
      const found = resolve(node, reading);
      if (!isMap(found))
        return misfit(found, offset, `${name}: one of ${verbs.join(', ')}`, reading);
      const keys = found.items.map(({ key }) => keyText(key));
      const present = keys.filter((key) => verbs.includes(key));
      if (present.length !== 1) {
        const problem = present.length === 0 ? `${name} with ${keys.map(quoted).join(', ') || 'no key'}` : `${name} with ${present.map(quoted).join(' and ')}`; // prettier-ignore
        return complain(offsetOf(node, offset), problem, `one of ${verbs.join(', ')}`, reading, keys[0], present.length === 0 ? verbs : []); // prettier-ignore
      }
      const verb = present[0]!;
      const of = rows[verb]!.read(found, offset, reading);
      return of === undefined ? undefined : ({ verb, offset, of } as unknown as Result);
    },
  };
}

/** Any plain value, as JSON has them. */
export function json(expected: string): Shape<Json> {
  return {
    expected,
    schema: {},
    read(node, offset, reading) {
      const value = toJson(node, reading, DEEPEST);
      return value === undefined
        ? misfit(resolve(node, reading), offset, expected, reading)
        : value;
    },
  };
}

export type Json = number | string | boolean | null | readonly Json[] | { readonly [key: string]: Json }; // prettier-ignore
const DEEPEST = 8;

function toJson(node: unknown, reading: Reading, depth: number): Json | undefined {
  const found = resolve(node, reading);
  if (depth === 0) return undefined;
  if (isSeq(found)) {
    const items = found.items.map((item) => toJson(item, reading, depth - 1));
    return items.includes(undefined) ? undefined : (items as Json[]);
  }
  if (isMap(found)) {
    const entries = found.items.map(({ key, value }) => [keyText(key), toJson(value, reading, depth - 1)] as const); // prettier-ignore
    if (entries.some(([, value]) => value === undefined)) return undefined;
    return Object.fromEntries(entries) as Json;
  }
  const value = isScalar(found) ? found.value : undefined;
  if (typeof value === 'bigint') return String(value);
  return ['number', 'string', 'boolean'].includes(typeof value) || value === null ? (value as Json) : undefined; // prettier-ignore
}

function readFields<F extends Fields>(
  map: YAMLMap,
  offset: number,
  reading: Reading,
  fields: F,
  { name, exactlyOne }: ObjectRules,
): ObjectOf<F> | undefined {
  const values: Record<string, unknown> = {};
  const seen = new Set<string>();
  let complete = true;
  for (const { key, value } of map.items) {
    const text = keyText(key);
    const at = offsetOf(key, offset);
    const row = Object.hasOwn(fields, text) ? fields[text] : undefined;
    if (row === undefined) {
      const keys = Object.keys(fields);
      complain(at, `unknown key ${quoted(text)} in ${name}`, `one of ${keys.join(', ')}`, reading, text, keys); // prettier-ignore
      complete = false;
      continue;
    }
    seen.add(text);
    const read = row.shape.read(value, offsetOf(value, at), reading);
    if (read === undefined) complete = false;
    else values[text] = read;
  }
  const missing = Object.keys(fields).filter((key) => fields[key]!.required && !seen.has(key));
  if (missing.length > 0) {
    complain(offset, `${name} without ${missing.map((key) => `\`${key}\``).join(', ')}`, fields[missing[0]!]!.shape.expected, reading); // prettier-ignore
    complete = false;
  }
  const groups = exactlyOne?.map((group) => (typeof group === 'string' ? [group] : group));
  const chosen = groups?.filter((group) => group.some((key) => seen.has(key))) ?? [];
  if (groups !== undefined && chosen.length !== 1 && complete) {
    const several = chosen.map((group) => group.find((key) => seen.has(key))!).join(' and ');
    const problem = `${name} with ${several === '' ? 'nothing to do' : several}`;
    complain(offset, problem, `exactly one of ${groups.flat().join(', ')}`, reading);
    complete = false;
  }
  return complete ? (values as ObjectOf<F>) : undefined;
}

function objectSchema(fields: Fields, { exactlyOne }: ObjectRules): JsonSchema {
  const keys = Object.keys(fields);
  const properties = Object.fromEntries(keys.map((key) => [key, { description: fields[key]!.help, ...fields[key]!.shape.schema }])); // prettier-ignore
  const required = keys.filter((key) => fields[key]!.required === true);
  return {
    ...{ type: 'object', properties, additionalProperties: false },
    ...(required.length > 0 ? { required } : {}),
    ...(exactlyOne === undefined ? {} : { oneOf: exactlyOne.map(needs) }),
  };
}

function needs(group: string | readonly string[]): JsonSchema {
  if (typeof group === 'string') return { required: [group] };
  return { anyOf: group.map((key) => ({ required: [key] })) };
}

function constant(text: string): Shape<string> {
  return scalar(text, { const: text }, (value) => (value === text ? text : undefined));
}

function keysText(fields: Fields): string {
  return Object.keys(fields).join(', ');
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : '(not a name)';
}

function resolve(node: unknown, { document }: Reading): Node | undefined {
  if (isAlias(node)) return node.resolve(document);
  return node === null || node === undefined ? undefined : (node as Node);
}

/** Where a node begins; `outer` for one that is not there. */
export function offsetOf(node: unknown, outer: number): number {
  return (node as { range?: readonly number[] } | null | undefined)?.range?.[0] ?? outer;
}

function misfit(node: unknown, offset: number, expected: string, reading: Reading): undefined {
  return complain(offset, foundText(node), expected, reading);
}

function complain(
  offset: number,
  problem: string,
  expected: string,
  { problems }: Reading,
  wrong?: string,
  names: readonly string[] = [],
): undefined {
  const near = wrong === undefined ? [] : nearestNames(wrong, names).slice(0, 1);
  const hint = near.length === 0 ? '' : ` (did you mean '${near[0]}'?)`;
  problems.add(offset, `${problem}; expected ${expected}${hint}`);
  return undefined;
}

function foundText(node: unknown): string {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return node.items.length === 0 ? 'an empty list' : 'a list';
  const value = isScalar(node) ? node.value : null;
  if (value === null) return 'nothing';
  return typeof value === 'string' ? quoted(value) : `${typeof value} ${quoted(String(value))}`;
}

/** A reading whose problems are only counted. */
function trial({ document, problems }: Reading, found: string[]): Reading {
  const quiet = Object.create(problems) as Problems;
  quiet.add = (_offset, text) => void found.push(text);
  return { document, problems: quiet };
}
