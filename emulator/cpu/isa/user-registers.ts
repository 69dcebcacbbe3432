/**
 * User registers of the chip's configuration, read by RUR and written by WUR.
 * `name` is the one llvm prints; `scoreboard` is the state that RUR waits for and WUR makes ready.
 */
import type { Implicit } from './formats.ts';

export interface UserRegister {
  readonly number: number;
  readonly name: string;
  readonly scoreboard?: Implicit;
  /** Belongs to the FPU: needs CPENABLE bit 0. */
  readonly coprocessor0?: true;
}

// prettier-ignore
export const USER_REGISTERS = [
  { number: 230, name: 'expstate' },
  { number: 231, name: 'threadptr', scoreboard: 'threadptr' },
  { number: 232, name: 'fcr',       scoreboard: 'fcr', coprocessor0: true },
  { number: 233, name: 'fsr',       scoreboard: 'fsr', coprocessor0: true },
  { number: 234, name: 'f64r_lo',   scoreboard: 'f64r' },
  { number: 235, name: 'f64r_hi',   scoreboard: 'f64r' },
  { number: 236, name: 'f64s',      scoreboard: 'f64s' },
] as const satisfies readonly UserRegister[];

/** User register numbers by their constant name: `UR.THREADPTR`. */
export const UR = {
  EXPSTATE: 230,
  THREADPTR: 231,
  FCR: 232,
  FSR: 233,
  F64R_LO: 234,
  F64R_HI: 235,
  F64S: 236,
} as const;

const BY_NUMBER: readonly (UserRegister | undefined)[] = Array.from({ length: 256 }, (_, n) =>
  USER_REGISTERS.find((register) => register.number === n),
);

export function userRegisterName(number: number): string | undefined {
  return BY_NUMBER[number]?.name;
}
