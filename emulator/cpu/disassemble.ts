/**
 * Disassembler with the text of `llvm-objdump --mcpu=esp32`: a mnemonic, a tab, operands separated by
 * a comma and a space; numbers decimal, addresses hexadecimal.
 */
import { decode, isImmediate, registerField, registerNumber } from './decode.ts';
import { IMMEDIATES, type Immediate, type OperandKind } from './isa/fields.ts';
import type { Operand, RegisterFile } from './isa/formats.ts';
import { missingInLlvm } from './isa/llvm-divergences.ts';
import { specialRegisterName } from './isa/special-registers.ts';
import { userRegisterName } from './isa/user-registers.ts';

export interface DisassembleOptions {
  /** Name of an address, such as `main+0x12`; printed after a target as `<name>`. */
  readonly symbol?: (address: number) => string | undefined;
  /** Leaves out the instructions that llvm lacks (`KNOWN_DIVERGENCES`), to compare with it. */
  readonly onlyLlvm?: boolean;
}

/** Prefix of a register name by file: `ar` registers are a0..a15. */
export const REGISTER_PREFIX: Readonly<Record<RegisterFile, string>> = {
  ar: 'a',
  fr: 'f',
  br: 'b',
  br4: 'b',
  br8: 'b',
  mr: 'm',
};

/** How a register number prints, for the immediates that are one. */
const REGISTER_NAME: Partial<Record<OperandKind, (value: number) => string | undefined>> = {
  srRead: (value) => specialRegisterName(value, 'read'),
  srWrite: (value) => specialRegisterName(value, 'write'),
  srExchange: (value) => specialRegisterName(value, 'exchange'),
  urRead: userRegisterName,
  urWrite: userRegisterName,
};

export function registerFile(operand: Operand): RegisterFile {
  return operand.slice(0, operand.indexOf('.')) as RegisterFile;
}

/**
 * Text of the instruction `word` at `pc`, or undefined when the encoding is undefined.
 */
export function disassemble(
  word: number,
  pc: number,
  options: DisassembleOptions = {},
): string | undefined {
  const decoded = decode(word, pc);
  if (decoded === undefined) return undefined;
  const { mnemonic, operands } = decoded.row;
  if (options.onlyLlvm === true && missingInLlvm(mnemonic, registerOf(operands, word))) {
    return undefined;
  }
  if (operands.length === 0) return mnemonic;
  const text = operands.map((operand) => operandText(operand, word, pc, options)).join(', ');
  // llvm puts a space after the tab where a MAC16 register is loaded.
  return `${mnemonic}\t${operands[0] === 'mr.w=' ? ' ' : ''}${text}`;
}

/** Name of the special or user register that the instruction accesses. */
function registerOf(operands: readonly Operand[], word: number): string | undefined {
  for (const operand of operands) {
    if (!isImmediate(operand)) continue;
    const name = REGISTER_NAME[operand]?.(IMMEDIATES[operand].decode(word, 0));
    if (name !== undefined) return name;
  }
  return undefined;
}

function operandText(
  operand: Operand,
  word: number,
  pc: number,
  options: DisassembleOptions,
): string {
  if (!isImmediate(operand)) {
    return REGISTER_PREFIX[registerFile(operand)] + registerNumber(word, registerField(operand));
  }
  const kind: Immediate = IMMEDIATES[operand];
  const value = kind.decode(word, pc);
  const name = REGISTER_NAME[operand]?.(value);
  if (name !== undefined) return name;
  if (kind.pcRelative !== true) return String(value);
  const address = value >>> 0;
  const symbol = options.symbol?.(address);
  return `0x${address.toString(16)}${symbol === undefined ? '' : ` <${symbol}>`}`;
}
