/** Every instruction of the chip, in one table: the order is the dispatch index. */
import type { Row } from './formats.ts';
import { BASE } from './base.ts';
import { DENSITY } from './density.ts';
import { LOOP } from './loop.ts';
import { WINDOWED } from './windowed.ts';
import { MUL } from './mul.ts';
import { DIV } from './div.ts';
import { MAC16 } from './mac16.ts';
import { BOOLEAN } from './boolean.ts';
import { FLOAT } from './float.ts';
import { ATOMIC } from './atomic.ts';
import { EXCEPTION } from './exception.ts';
import { INTERRUPT } from './interrupt.ts';
import { DEBUG } from './debug.ts';
import { MISC } from './misc.ts';

const ROWS = [
  ...BASE,
  ...DENSITY,
  ...LOOP,
  ...WINDOWED,
  ...MUL,
  ...DIV,
  ...MAC16,
  ...BOOLEAN,
  ...FLOAT,
  ...ATOMIC,
  ...EXCEPTION,
  ...INTERRUPT,
  ...DEBUG,
  ...MISC,
] as const;

/** All mnemonics, as a type: `Record<Mnemonic, X>` must be total. */
export type Mnemonic = (typeof ROWS)[number]['mnemonic'];

export const INSTRUCTIONS: readonly (Row & { readonly mnemonic: Mnemonic })[] = ROWS;
