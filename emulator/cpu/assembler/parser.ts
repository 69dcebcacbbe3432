/** First half of the assembler: statements to sections of items. */
import { AssembleError, type Place } from './error.ts';
import { DIRECTIVES, IGNORED_DIRECTIVES } from './directives.ts';
import {
  expressionKey,
  parseExpression,
  replaceHere,
  usesHere,
  type Expression,
  type ParseScope,
} from './expression.ts';
import { isInstruction, parseInstruction } from './instruction.ts';
import { parseStatements, type Statement } from './lexer.ts';
import {
  literalSectionName,
  PRIVATE,
  SectionBuilder,
  sectionFlags,
  type LiteralPool,
} from './section.ts';

const MOVI_MIN = -2048n;
const MOVI_MAX = 2047n;

export class Parser {
  readonly sections = new Map<string, SectionBuilder>();
  /** Symbols given by `.set`, `.equ` or `=`. */
  readonly assigned = new Map<string, { readonly value: Expression; readonly place: Place }>();
  readonly globals = new Map<string, Place>();
  readonly #labels = new Map<string, Place>();
  readonly #numericCount = new Map<string, number>();
  readonly #forward = new Map<string, { readonly number: string; readonly place: Place }>();
  #previous: SectionBuilder;
  section: SectionBuilder;

  constructor(source: string, file: string) {
    this.section = this.enter('.text', undefined, undefined, { file, line: 1 });
    this.#previous = this.section;
    for (const statement of parseStatements(source, file)) this.#statement(statement);
    for (const [name, { number, place }] of this.#forward) {
      if (!this.#labels.has(name)) {
        throw new AssembleError(place, `no label ${number}: after ${number}f`);
      }
    }
  }

  readonly scope: ParseScope = {
    constant: (name) => {
      const value = this.assigned.get(name)?.value;
      return value?.kind === 'number' ? value.value : undefined;
    },
    numericLabel: (number, direction, place) => this.#numericLabel(number, direction, place),
  };

  /** Makes `name` the current section. */
  enter(
    name: string,
    flags: string | undefined,
    type: string | undefined,
    place: Place,
  ): SectionBuilder {
    this.#previous = this.section;
    let section = this.sections.get(name);
    if (section === undefined) {
      section = new SectionBuilder(name, sectionFlags(name, flags, type, place), place);
      this.sections.set(name, section);
    }
    this.section = section;
    return section;
  }

  enterPrevious(): void {
    [this.section, this.#previous] = [this.#previous, this.section];
  }

  expression(text: string, place: Place): Expression {
    return parseExpression(text, this.scope, place);
  }

  /** Value of an expression that must be known here. */
  number(text: string, place: Place): number {
    const expression = this.expression(text, place);
    if (expression.kind !== 'number') {
      throw new AssembleError(place, `"${text}" is not a constant that is known here`);
    }
    return Number(expression.value);
  }

  define(name: string, place: Place): void {
    this.#claim(name, place);
    this.section.items.push({ kind: 'label', name });
  }

  assign(name: string, text: string, place: Place): void {
    if (this.#labels.has(name)) {
      throw new AssembleError(place, `"${name}" is already a label`);
    }
    if (name === '.') throw new AssembleError(place, 'cannot assign to ".", expected .space');
    this.assigned.set(name, { value: this.#anchored(this.expression(text, place), place), place });
  }

  /** The expression with `.` as a label of the place where it stands now. */
  #anchored(expression: Expression, place: Place): Expression {
    if (!usesHere(expression)) return expression;
    const name = `${PRIVATE}here${this.#labels.size}`;
    this.define(name, place);
    return replaceHere(expression, name);
  }

  /** Puts a literal where the current section keeps them and names it. */
  literal(name: string | undefined, expression: Expression, place: Place): string {
    const value = this.#anchored(expression, place);
    const pool = this.#literalPool(place);
    const key = expressionKey(value);
    const same = key === undefined || name !== undefined ? undefined : pool.byKey.get(key);
    if (same !== undefined) return same;
    const label = name ?? `${PRIVATE}literal${this.#labels.size}`;
    this.#claim(label, place);
    pool.literals.push({ labels: [label], value, place });
    if (key !== undefined && !pool.byKey.has(key)) pool.byKey.set(key, label);
    return label;
  }

  #literalPool(place: Place): LiteralPool {
    if (this.section.pool !== undefined) return this.section.pool;
    const name = literalSectionName(this.section.name);
    let section = this.sections.get(name);
    if (section === undefined) {
      section = new SectionBuilder(name, sectionFlags(name, 'ax', undefined, place), place);
      this.sections.set(name, section);
    }
    return section.pool ?? section.addPool();
  }

  #claim(name: string, place: Place): void {
    const first = this.#labels.get(name) ?? this.assigned.get(name)?.place;
    if (first !== undefined) {
      throw new AssembleError(place, `"${name}" is already defined in line ${first.line}`);
    }
    this.#labels.set(name, place);
  }

  #numericLabel(number: string, direction: 'f' | 'b', place: Place): string {
    const count = this.#numericCount.get(number) ?? 0;
    const name = `${PRIVATE}${number}:${direction === 'f' ? count + 1 : count}`;
    if (direction === 'f') this.#forward.set(name, { number, place });
    else if (count === 0) throw new AssembleError(place, `no label ${number}: before ${number}b`);
    return name;
  }

  #statement(statement: Statement): void {
    const { place, name } = statement;
    if (statement.kind === 'label') {
      if (!/^\d/.test(name)) return this.define(name, place);
      const count = (this.#numericCount.get(name) ?? 0) + 1;
      this.#numericCount.set(name, count);
      return this.define(`${PRIVATE}${name}:${count}`, place);
    }
    if (statement.kind === 'assignment') return this.assign(name, statement.text, place);
    if (!name.startsWith('.')) return this.#instruction(name, statement.operands, place);
    const directive = DIRECTIVES[name];
    if (directive !== undefined) return directive(this, statement.operands, place);
    if (!IGNORED_DIRECTIVES.has(name)) {
      throw new AssembleError(
        place,
        `unknown directive "${name}", expected one such as .word, .align or .section`,
      );
    }
  }

  #instruction(name: string, operands: readonly string[], place: Place): void {
    if (!isInstruction(name))
      throw new AssembleError(place, `unknown instruction "${name}", expected one of the LX6`);
    if (!this.section.flags.execute) {
      throw new AssembleError(
        place,
        `instruction in ${this.section.name}, expected a section with flag x`,
      );
    }
    const literal =
      name === 'movi' && operands.length === 2 ? this.#moviLiteral(operands[1]!, place) : undefined;
    const instruction =
      literal === undefined
        ? parseInstruction(name, operands, this.scope, place)
        : parseInstruction('l32r', [operands[0]!, '0'], this.scope, place);
    if (literal === undefined) {
      this.section.items.push({ kind: 'instruction', instruction });
      return;
    }
    const { kind } = instruction.immediates[0]!;
    this.section.items.push({
      kind: 'instruction',
      instruction: {
        ...instruction,
        immediates: [{ kind, value: { kind: 'symbol', name: literal } }],
      },
    });
  }

  /** Label of the literal that MOVI of `text` needs, or undefined when the value fits MOVI. */
  #moviLiteral(text: string, place: Place): string | undefined {
    const value = this.expression(text, place);
    if (value.kind === 'number') {
      const number = BigInt.asIntN(32, value.value);
      const is32Bit = value.value >= -0x80000000n && value.value <= 0xffffffffn;
      if (is32Bit && number >= MOVI_MIN && number <= MOVI_MAX) return undefined;
    }
    return this.literal(undefined, value, place);
  }
}
