/** DBREAK0 and DBREAK1 before an instruction runs: which bytes would it access? (Debug Option) */
import { IMM, OPCODE, S, T } from './code-cache.ts';
import type { CodeCache } from './code-cache.ts';
import { dataBreak } from './debug.ts';
import { INSTRUCTIONS } from './isa/table.ts';
import type { Cpu } from './state.ts';

interface Access {
  readonly size: number;
  readonly store: boolean;
  readonly address: 'base' | 'base+offset' | 'base+index' | 'target';
}

/** By opcode; undefined for instructions that access no data memory. */
const ACCESS: readonly (Access | undefined)[] = [undefined, ...INSTRUCTIONS.map(accessOf)];

function accessOf(row: (typeof INSTRUCTIONS)[number]): Access | undefined {
  const flags: readonly string[] = row.flags;
  if (!flags.includes('load') && !flags.includes('store')) return undefined;
  const { mnemonic } = row;
  const operands: readonly string[] = row.operands;
  const size = /^[ls]8/.test(mnemonic) ? 1 : /^[ls]16/.test(mnemonic) ? 2 : 4;
  let address: Access['address'] = 'base+offset';
  if (mnemonic === 'l32r') address = 'target';
  else if (/^[ls]sx/.test(mnemonic)) address = 'base+index';
  else if (/^(lsip|ssip|lddec|ldinc)/.test(mnemonic) || operands.length < 3) address = 'base';
  return { size, store: flags.includes('store'), address };
}

/** True when the instruction at `pc` matches a data breakpoint: the debug exception was taken instead. */
export function dataBreakBefore(cpu: Cpu, code: CodeCache): boolean {
  const place = code.resolve(cpu.pc);
  if (place === 0) {
    cpu.port.fault = -1;
    return false;
  }
  const { ops } = code;
  const access = ACCESS[ops[place + OPCODE]!];
  if (access === undefined) return false;
  const base = cpu.a(ops[place + S]!);
  const imm = ops[place + IMM]!;
  let address = base;
  if (access.address === 'target') address = imm;
  else if (access.address === 'base+offset') address = (base + imm) | 0;
  else if (access.address === 'base+index') address = (base + cpu.a(ops[place + T]!)) | 0;
  return dataBreak(cpu, address, access.size, access.store);
}
