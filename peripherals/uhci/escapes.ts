/**
 * Escape sequences of the UHCI (ESC_CONF0..3, ESCAPE_CONF): a character that may not stand in a frame
 * is sent as two. The four rules serve the separator, the escape character itself, XON and XOFF.
 */
import type { RegisterBank } from '../../emulator/bus/registers.ts';
import type { UHCI_REGISTERS } from './uhci.regs.ts';

export type UhciBank = RegisterBank<typeof UHCI_REGISTERS>;

export interface EscapeRule {
  readonly char: number;
  readonly first: number;
  readonly second: number;
}

const RULES = ['ESC_CONF0', 'ESC_CONF1', 'ESC_CONF2', 'ESC_CONF3'] as const;
/** ESCAPE_CONF: TX_* bits decode what comes from the UART, RX_* bits encode what goes to it. */
const ENCODE_SHIFT = 4;

export function readRules(bank: UhciBank, encode: boolean): EscapeRule[] {
  const enabled = bank.get('ESCAPE_CONF') >>> (encode ? ENCODE_SHIFT : 0);
  return RULES.filter((_, n) => ((enabled >>> n) & 1) === 1).map((name) => ({
    char: bank.getField(name, 'CHAR'),
    first: bank.getField(name, 'ESC_CHAR0'),
    second: bank.getField(name, 'ESC_CHAR1'),
  }));
}

/** The bytes on the wire for `value`. */
export function escapeByte(rules: readonly EscapeRule[], value: number): number[] {
  const rule = rules.find(({ char }) => char === value);
  return rule === undefined ? [value] : [rule.first, rule.second];
}
