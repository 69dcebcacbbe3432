/**
 * Expressions of GNU as: 64-bit integers, symbols, `.` and numeric labels (`1f`, `1b`). Operators
 * bind as GNU as documents it, not as C does: `* / % << >>`, then `| & ^`, then `+ -`.
 */
import { AssembleError, type Place } from './error.ts';
import { escape } from './lexer.ts';

export type Expression =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'here' }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    };

/** What symbols mean while parsing: absolute symbols become numbers at once, numeric labels get names. */
export interface ParseScope {
  constant(name: string): bigint | undefined;
  numericLabel(number: string, direction: 'f' | 'b', place: Place): string;
}

/** What symbols mean while evaluating; `undefined` makes the whole expression undefined. */
export interface EvaluateScope {
  symbol(name: string): bigint | undefined;
  readonly here: bigint | undefined;
}

const PRECEDENCE: Readonly<Record<string, number>> = {
  '*': 3,
  '/': 3,
  '%': 3,
  '<<': 3,
  '>>': 3,
  '|': 2,
  '&': 2,
  '^': 2,
  '+': 1,
  '-': 1,
};

/** Keeps the recursion over an expression shallow. */
const MAX_TOKENS = 1000;

const TOKEN =
  /\s*(?:(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+[fb](?![\w.$])|\d+)|([A-Za-z_.$][\w.$]*)|(<<|>>|[-+*/%&|^~()])|('))/y;

type Token =
  | { readonly kind: 'number' | 'name' | 'operator'; readonly text: string }
  | { readonly kind: 'character'; readonly text: string; readonly value: number };

function tokenize(text: string, place: Place): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (match === null) {
      if (text.slice(position).trim() === '') break;
      throw new AssembleError(place, `unexpected "${text.slice(position).trim()}" in "${text}"`);
    }
    position = TOKEN.lastIndex;
    if (match[1] !== undefined) tokens.push({ kind: 'number', text: match[1] });
    else if (match[2] !== undefined) tokens.push({ kind: 'name', text: match[2] });
    else if (match[3] !== undefined) tokens.push({ kind: 'operator', text: match[3] });
    else {
      const { value, length } = characterConstant(text, position, place);
      tokens.push({ kind: 'character', text: text.slice(position - 1, position + length), value });
      position += length;
    }
  }
  return tokens;
}

function characterConstant(
  text: string,
  start: number,
  place: Place,
): { readonly value: number; readonly length: number } {
  if (start >= text.length) throw new AssembleError(place, "character expected after '");
  const { value, length } =
    text[start] === '\\'
      ? escape(text, start, place)
      : { value: text.charCodeAt(start), length: 1 };
  return { value, length: text[start + length] === "'" ? length + 1 : length };
}

export function parseExpression(text: string, scope: ParseScope, place: Place): Expression {
  const tokens = tokenize(text, place);
  if (tokens.length > MAX_TOKENS) {
    throw new AssembleError(
      place,
      `expression of ${tokens.length} parts, expected up to ${MAX_TOKENS}`,
    );
  }
  let next = 0;
  const expected = (): never => {
    const found = tokens[next]?.text ?? 'the end';
    throw new AssembleError(place, `"${found}" in "${text}", expected a number or a symbol`);
  };

  function primary(): Expression {
    const token = tokens[next];
    if (token === undefined) return expected();
    next++;
    if (token.kind === 'character') return { kind: 'number', value: BigInt(token.value) };
    if (token.kind === 'number') return number(token.text, scope, place);
    if (token.kind === 'name') {
      if (token.text === '.') return { kind: 'here' };
      const value = scope.constant(token.text);
      return value === undefined ? { kind: 'symbol', name: token.text } : { kind: 'number', value };
    }
    if (token.text === '(') {
      const inner = binary(1);
      if (tokens[next]?.text !== ')') throw new AssembleError(place, `expected ) in "${text}"`);
      next++;
      return inner;
    }
    if (token.text === '-' || token.text === '~' || token.text === '+') {
      return fold({ kind: 'unary', operator: token.text, operand: primary() }, place);
    }
    next--;
    return expected();
  }

  function binary(minimum: number): Expression {
    let left = primary();
    for (;;) {
      const token = tokens[next];
      const precedence = token?.kind === 'operator' ? PRECEDENCE[token.text] : undefined;
      if (token === undefined || precedence === undefined || precedence < minimum) return left;
      next++;
      const right = binary(precedence + 1);
      left = fold({ kind: 'binary', operator: token.text, left, right }, place);
    }
  }

  const expression = binary(1);
  if (next < tokens.length) {
    throw new AssembleError(place, `unexpected "${tokens[next]!.text}" in "${text}"`);
  }
  return expression;
}

function number(text: string, scope: ParseScope, place: Place): Expression {
  const last = text.at(-1)!;
  if (!/^0[xX]/.test(text) && (last === 'f' || last === 'b')) {
    return { kind: 'symbol', name: scope.numericLabel(text.slice(0, -1), last, place) };
  }
  if (/^0[0-9]/.test(text)) {
    if (/[89]/.test(text)) throw new AssembleError(place, `${text} is not an octal number`);
    return { kind: 'number', value: BigInt(`0o${text.slice(1)}`) };
  }
  return { kind: 'number', value: BigInt(text.toLowerCase()) };
}

const NOTHING: EvaluateScope = { symbol: () => undefined, here: undefined };

function fold(expression: Expression, place: Place): Expression {
  const value = evaluate(expression, NOTHING, place);
  return value === undefined ? expression : { kind: 'number', value };
}

/** Value as a signed 64-bit integer, or undefined when a symbol has no value. */
export function evaluate(
  expression: Expression,
  scope: EvaluateScope,
  place: Place,
): bigint | undefined {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'symbol':
      return scope.symbol(expression.name);
    case 'here':
      return scope.here;
    case 'unary': {
      const value = evaluate(expression.operand, scope, place);
      if (value === undefined || expression.operator === '+') return value;
      return expression.operator === '-' ? -value : ~value;
    }
    case 'binary': {
      const left = evaluate(expression.left, scope, place);
      const right = evaluate(expression.right, scope, place);
      if (left === undefined || right === undefined) return undefined;
      return BigInt.asIntN(64, apply(expression.operator, left, right, place));
    }
  }
}

function apply(operator: string, left: bigint, right: bigint, place: Place): bigint {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
    case '%':
      if (right === 0n) throw new AssembleError(place, `division by zero`);
      return operator === '/' ? left / right : left % right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    default:
      if (right < 0n || right > 63n) {
        throw new AssembleError(place, `shift by ${right}, expected 0..63`);
      }
      return operator === '<<' ? left << right : left >> right;
  }
}

/** The first symbol of `expression` that `scope` does not know. */
export function firstUndefined(expression: Expression, scope: EvaluateScope): string | undefined {
  switch (expression.kind) {
    case 'number':
      return undefined;
    case 'here':
      return scope.here === undefined ? '.' : undefined;
    case 'symbol':
      return scope.symbol(expression.name) === undefined ? expression.name : undefined;
    case 'unary':
      return firstUndefined(expression.operand, scope);
    case 'binary':
      return firstUndefined(expression.left, scope) ?? firstUndefined(expression.right, scope);
  }
}

/** A text that is equal for equal expressions, or undefined where `.` makes each one its own. */
export function expressionKey(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'number':
      return BigInt.asUintN(32, expression.value).toString();
    case 'symbol':
      return expression.name;
    case 'here':
      return undefined;
    case 'unary': {
      const operand = expressionKey(expression.operand);
      return operand === undefined ? undefined : `${expression.operator}(${operand})`;
    }
    case 'binary': {
      const left = expressionKey(expression.left);
      const right = expressionKey(expression.right);
      if (left === undefined || right === undefined) return undefined;
      return `(${left})${expression.operator}(${right})`;
    }
  }
}

export function usesHere(expression: Expression): boolean {
  switch (expression.kind) {
    case 'here':
      return true;
    case 'unary':
      return usesHere(expression.operand);
    case 'binary':
      return usesHere(expression.left) || usesHere(expression.right);
    default:
      return false;
  }
}

/** The expression with the symbol `name` in place of `.`. */
export function replaceHere(expression: Expression, name: string): Expression {
  switch (expression.kind) {
    case 'here':
      return { kind: 'symbol', name };
    case 'unary':
      return { ...expression, operand: replaceHere(expression.operand, name) };
    case 'binary':
      return {
        ...expression,
        left: replaceHere(expression.left, name),
        right: replaceHere(expression.right, name),
      };
    default:
      return expression;
  }
}
