/**
 * Special registers of the ESP32's LX6, Xtensa ISA Reference Manual, chapter "Special Registers",
 * restricted to what the chip's configuration has. `name` is the one llvm prints.
 *
 * - `access`: `r` RSR, `w` WSR, `x` XSR. Any other combination is an illegal instruction.
 * - `writeName`: the name WSR uses, where it differs (INTERRUPT is written as INTSET).
 * - `scoreboard`: the state that RSR waits for and WSR makes ready.
 * - `timing`: class of WSR, where it is not `wsr`.
 * - `sync`: a write changes interrupts, windows, debug or loops: the interpreter must look again.
 */
import type { Implicit } from './formats.ts';

export interface SpecialRegister {
  readonly number: number;
  readonly name: string;
  readonly access: 'r' | 'w' | 'rw' | 'rwx';
  readonly writeName?: string;
  readonly scoreboard?: Implicit | 'm0' | 'm1' | 'm2' | 'm3' | 'br';
  readonly timing?: 'wsrAcc';
  readonly sync?: true;
}

// prettier-ignore
export const SPECIAL_REGISTERS = [
  { number:   0, name: 'lbeg',         access: 'rwx', sync: true },
  { number:   1, name: 'lend',         access: 'rwx', sync: true },
  { number:   2, name: 'lcount',       access: 'rwx', sync: true },
  { number:   3, name: 'sar',          access: 'rwx', scoreboard: 'sar' },
  { number:   4, name: 'br',           access: 'rwx', scoreboard: 'br' },
  { number:  12, name: 'scompare1',    access: 'rwx', scoreboard: 'scompare1' },
  { number:  16, name: 'acclo',        access: 'rwx', scoreboard: 'acc', timing: 'wsrAcc' },
  { number:  17, name: 'acchi',        access: 'rwx', scoreboard: 'acc', timing: 'wsrAcc' },
  { number:  32, name: 'm0',           access: 'rwx', scoreboard: 'm0' },
  { number:  33, name: 'm1',           access: 'rwx', scoreboard: 'm1' },
  { number:  34, name: 'm2',           access: 'rwx', scoreboard: 'm2' },
  { number:  35, name: 'm3',           access: 'rwx', scoreboard: 'm3' },
  { number:  72, name: 'windowbase',   access: 'rwx', sync: true },
  { number:  73, name: 'windowstart',  access: 'rwx', sync: true },
  // MMID is the trace port's message register: it exists to be written (XCHAL_HAVE_TRAX).
  { number:  89, name: 'mmid',         access: 'w' },
  { number:  96, name: 'ibreakenable', access: 'rwx', sync: true },
  { number:  97, name: 'memctl',       access: 'rwx' },
  { number:  99, name: 'atomctl',      access: 'rwx' },
  { number: 104, name: 'ddr',          access: 'rwx' },
  { number: 128, name: 'ibreaka0',     access: 'rwx', sync: true },
  { number: 129, name: 'ibreaka1',     access: 'rwx', sync: true },
  { number: 144, name: 'dbreaka0',     access: 'rwx', sync: true },
  { number: 145, name: 'dbreaka1',     access: 'rwx', sync: true },
  { number: 160, name: 'dbreakc0',     access: 'rwx', sync: true },
  { number: 161, name: 'dbreakc1',     access: 'rwx', sync: true },
  // A write to CONFIGID0 has no effect.
  { number: 176, name: 'configid0',    access: 'rw' },
  { number: 177, name: 'epc1',         access: 'rwx' },
  { number: 178, name: 'epc2',         access: 'rwx' },
  { number: 179, name: 'epc3',         access: 'rwx' },
  { number: 180, name: 'epc4',         access: 'rwx' },
  { number: 181, name: 'epc5',         access: 'rwx' },
  { number: 182, name: 'epc6',         access: 'rwx' },
  { number: 183, name: 'epc7',         access: 'rwx' },
  { number: 192, name: 'depc',         access: 'rwx' },
  { number: 194, name: 'eps2',         access: 'rwx' },
  { number: 195, name: 'eps3',         access: 'rwx' },
  { number: 196, name: 'eps4',         access: 'rwx' },
  { number: 197, name: 'eps5',         access: 'rwx' },
  { number: 198, name: 'eps6',         access: 'rwx' },
  { number: 199, name: 'eps7',         access: 'rwx' },
  { number: 208, name: 'configid1',    access: 'r' },
  { number: 209, name: 'excsave1',     access: 'rwx' },
  { number: 210, name: 'excsave2',     access: 'rwx' },
  { number: 211, name: 'excsave3',     access: 'rwx' },
  { number: 212, name: 'excsave4',     access: 'rwx' },
  { number: 213, name: 'excsave5',     access: 'rwx' },
  { number: 214, name: 'excsave6',     access: 'rwx' },
  { number: 215, name: 'excsave7',     access: 'rwx' },
  { number: 224, name: 'cpenable',     access: 'rwx', sync: true },
  { number: 226, name: 'interrupt',    access: 'rw', writeName: 'intset', sync: true },
  { number: 227, name: 'intclear',     access: 'w', sync: true },
  { number: 228, name: 'intenable',    access: 'rwx', sync: true },
  { number: 230, name: 'ps',           access: 'rwx', sync: true },
  { number: 231, name: 'vecbase',      access: 'rwx' },
  { number: 232, name: 'exccause',     access: 'rwx' },
  // The chip's own opcode table has WSR and XSR of DEBUGCAUSE; the manual calls it read-only.
  { number: 233, name: 'debugcause',   access: 'rwx' },
  { number: 234, name: 'ccount',       access: 'rwx', sync: true },
  { number: 235, name: 'prid',         access: 'r' },
  { number: 236, name: 'icount',       access: 'rwx', sync: true },
  { number: 237, name: 'icountlevel',  access: 'rwx', sync: true },
  { number: 238, name: 'excvaddr',     access: 'rwx' },
  { number: 240, name: 'ccompare0',    access: 'rwx', sync: true },
  { number: 241, name: 'ccompare1',    access: 'rwx', sync: true },
  { number: 242, name: 'ccompare2',    access: 'rwx', sync: true },
  { number: 244, name: 'misc0',        access: 'rwx' },
  { number: 245, name: 'misc1',        access: 'rwx' },
  { number: 246, name: 'misc2',        access: 'rwx' },
  { number: 247, name: 'misc3',        access: 'rwx' },
] as const satisfies readonly SpecialRegister[];

/** Special register numbers by their constant name: `SR.EPC1`, `SR.INTSET`. */
export const SR = {
  ...(Object.fromEntries(
    SPECIAL_REGISTERS.map((register) => [register.name.toUpperCase(), register.number]),
  ) as { readonly [R in (typeof SPECIAL_REGISTERS)[number] as Uppercase<R['name']>]: R['number'] }),
  INTSET: 226,
} as const;

export type SpecialAccess = 'read' | 'write' | 'exchange';

const ACCESS_LETTER = { read: 'r', write: 'w', exchange: 'x' } as const;

const BY_NUMBER: readonly (SpecialRegister | undefined)[] = Array.from({ length: 256 }, (_, n) =>
  SPECIAL_REGISTERS.find((register) => register.number === n),
);

/** Name of the register as `access` uses it, or undefined where the access is illegal. */
export function specialRegisterName(number: number, access: SpecialAccess): string | undefined {
  const register = BY_NUMBER[number];
  if (register === undefined || !register.access.includes(ACCESS_LETTER[access])) return undefined;
  return access === 'write' ? (register.writeName ?? register.name) : register.name;
}
