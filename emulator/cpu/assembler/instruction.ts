/** Instructions of the assembler: operand text to fields, built from the instruction table. */
import { fixedBits, isImmediate, registerField } from '../decode.ts';
import { REGISTER_PREFIX, registerFile } from '../disassemble.ts';
import { IMMEDIATES, type Immediate, type OperandKind } from '../isa/fields.ts';
import type { Operand, RegisterField, RegisterFile } from '../isa/formats.ts';
import {
  SPECIAL_REGISTERS,
  specialRegisterName,
  type SpecialAccess,
  type SpecialRegister,
} from '../isa/special-registers.ts';
import { INSTRUCTIONS } from '../isa/table.ts';
import { USER_REGISTERS } from '../isa/user-registers.ts';
import { AssembleError, type Place } from './error.ts';
import {
  evaluate,
  firstUndefined,
  parseExpression,
  type EvaluateScope,
  type Expression,
  type ParseScope,
} from './expression.ts';

export interface Instruction {
  readonly mnemonic: string;
  readonly length: 2 | 3;
  /** The word with all register fields in place. */
  readonly word: number;
  readonly immediates: readonly { readonly kind: Immediate; readonly value: Expression }[];
  readonly place: Place;
}

const ROW_BY_MNEMONIC: ReadonlyMap<string, number> = new Map(
  INSTRUCTIONS.map((row, index) => [row.mnemonic, index]),
);

const REGISTER_ACCESS: Readonly<Partial<Record<OperandKind, SpecialAccess | 'user'>>> = {
  srRead: 'read',
  srWrite: 'write',
  srExchange: 'exchange',
  urRead: 'user',
  urWrite: 'user',
};

/** GNU names for what the table calls otherwise. */
const ALIAS: ReadonlyMap<string, string> = new Map([
  ['bbci.l', 'bbci'],
  ['bbsi.l', 'bbsi'],
]);

export function isInstruction(name: string): boolean {
  return ROW_BY_MNEMONIC.has(canonical(name, []).mnemonic);
}

/** `_movi` means MOVI, `rsr.ps a2` means `rsr a2, ps`, `mov a2, a3` means `or a2, a3, a3`. */
function canonical(
  name: string,
  operands: readonly string[],
): { readonly mnemonic: string; readonly operands: readonly string[] } {
  const plain = name.startsWith('_') ? name.slice(1) : name;
  const mnemonic = ALIAS.get(plain) ?? plain;
  const access = /^(rsr|wsr|xsr|rur|wur)\.(\w+)$/.exec(mnemonic);
  if (access !== null) return { mnemonic: access[1]!, operands: [...operands, access[2]!] };
  if (mnemonic === 'mov') {
    return {
      mnemonic: 'or',
      operands: operands.length === 2 ? [...operands, operands[1]!] : operands,
    };
  }
  return { mnemonic, operands };
}

export function parseInstruction(
  name: string,
  texts: readonly string[],
  scope: ParseScope,
  place: Place,
): Instruction {
  const { mnemonic, operands } = canonical(name, texts);
  const index = ROW_BY_MNEMONIC.get(mnemonic);
  if (index === undefined) throw new AssembleError(place, `unknown instruction "${name}"`);
  const row = INSTRUCTIONS[index]!;
  if (operands.length !== row.operands.length) {
    throw new AssembleError(
      place,
      `${name} has ${operands.length} operands, expected ${row.operands.length}` +
        (row.operands.length === 0 ? '' : `: ${row.operands.map(describe).join(', ')}`),
    );
  }
  let word = fixedBits(index).value;
  const immediates: { kind: Immediate; value: Expression }[] = [];
  row.operands.forEach((operand, position) => {
    const text = operands[position]!;
    if (isImmediate(operand)) {
      immediates.push({
        kind: IMMEDIATES[operand],
        value: parseImmediate(operand, text, name, scope, place),
      });
    } else word |= parseRegister(operand, text, name, place);
  });
  const length = row.bits.replace(/[ _]/g, '').length === 16 ? 2 : 3;
  return { mnemonic: name, length, word, immediates, place };
}

function describe(operand: Operand): string {
  if (!isImmediate(operand)) return `${REGISTER_PREFIX[registerFile(operand)]}N`;
  const kind: Immediate = IMMEDIATES[operand];
  return kind.pcRelative === true ? 'label' : 'immediate';
}

function parseImmediate(
  kind: OperandKind,
  text: string,
  name: string,
  scope: ParseScope,
  place: Place,
): Expression {
  const access = REGISTER_ACCESS[kind];
  if (access === undefined) return parseExpression(text, scope, place);
  const number = /^\d+$/.test(text) ? Number(text) : registerByName(text.toLowerCase(), access);
  if (number === undefined || IMMEDIATES[kind].encode(number, 0) === undefined) {
    throw new AssembleError(place, `${name}: "${text}", expected ${IMMEDIATES[kind].range}`);
  }
  return { kind: 'number', value: BigInt(number) };
}

function registerByName(name: string, access: SpecialAccess | 'user'): number | undefined {
  if (access === 'user') return USER_REGISTERS.find((register) => register.name === name)?.number;
  return (SPECIAL_REGISTERS as readonly SpecialRegister[]).find(
    (register) => specialRegisterName(register.number, access) === name,
  )?.number;
}

const FIELD_RANGE: Readonly<
  Record<RegisterField, readonly [low: number, high: number, shift: number]>
> = {
  r: [0, 15, 12],
  s: [0, 15, 8],
  t: [0, 15, 4],
  w: [0, 3, 12],
  x: [0, 1, 14],
  y: [2, 3, 6],
};

const GROUP_SIZE: Readonly<Partial<Record<RegisterFile, number>>> = { br4: 4, br8: 8 };

/** Field bits of a register operand. */
function parseRegister(operand: Operand, text: string, name: string, place: Place): number {
  const file = registerFile(operand);
  const prefix = REGISTER_PREFIX[file];
  const [low, high, shift] = FIELD_RANGE[registerField(operand)];
  const group = GROUP_SIZE[file] ?? 1;
  // GNU as writes a group of booleans as b0:b1:b2:b3.
  const [first, ...others] = text.toLowerCase().split(':');
  const number = first === 'sp' && file === 'ar' ? 1 : registerIndex(first!, prefix);
  const inGroup =
    others.length === 0 ||
    (others.length === group - 1 &&
      others.every((other, i) => registerIndex(other, prefix) === (number ?? 0) + i + 1));
  if (number === undefined || number < low || number > high || number % group !== 0 || !inGroup) {
    const step = group === 1 ? '' : `, a multiple of ${group}`;
    throw new AssembleError(
      place,
      `${name}: "${text}", expected a register ${prefix}${low}..${prefix}${high}${step}`,
    );
  }
  return (number - low) << shift;
}

function registerIndex(text: string, prefix: string): number | undefined {
  const match = /^([a-z])(\d|1\d)$/.exec(text.trim());
  return match?.[1] === prefix ? Number(match[2]) : undefined;
}

/** The instruction's word at `pc`. */
export function encodeInstruction(
  instruction: Instruction,
  pc: number,
  scope: EvaluateScope,
): number {
  let { word } = instruction;
  for (const { kind, value } of instruction.immediates) {
    const { mnemonic, place } = instruction;
    const result = evaluate(value, scope, place);
    if (result === undefined) {
      throw new AssembleError(place, `undefined symbol "${firstUndefined(value, scope)}"`);
    }
    const bits = kind.encode(toNumber(result, kind, pc), pc);
    if (bits === undefined) {
      const text =
        kind.pcRelative === true ? `target 0x${BigInt.asUintN(32, result).toString(16)}` : result;
      throw new AssembleError(
        place,
        `${mnemonic}: ${text} is out of range, expected ${kind.range}`,
      );
    }
    word |= bits;
  }
  return word;
}

/** Addresses wrap at 32 bits; other immediates are plain numbers. */
function toNumber(value: bigint, kind: Immediate, pc: number): number {
  if (kind.pcRelative === true) return Number(BigInt.asIntN(32, value));
  // L8UI's 0xff and ADDI's -1 are both plain; a 32-bit pattern such as 0xffffffff means -1.
  const number = Number(value);
  if (kind.encode(number, pc) === undefined && number > 0x7fffffff && number <= 0xffffffff) {
    return number - 0x100000000;
  }
  return number;
}
