/** Which data memory an instruction is about to touch: what a data breakpoint must know in advance. */
import { decode, registerField } from './decode.ts';
import type { Decoded } from './decode.ts';
import type { Cpu } from './state.ts';

export interface DataAccess {
  readonly address: number;
  readonly size: 1 | 2 | 4;
  readonly load: boolean;
  readonly store: boolean;
}

/**
 * The access of the instruction at `pc`, or undefined when it makes none or traps before making
 * it: a fetch fault, a register outside the window, the FPU disabled.
 */
export function dataAccess(cpu: Cpu): DataAccess | undefined {
  const word = cpu.port.fetch(cpu.pc);
  if (cpu.port.fault >= 0) {
    cpu.port.fault = -1;
    return undefined;
  }
  const decoded = decode(word, cpu.pc);
  if (decoded === undefined) return undefined;
  const { flags, mnemonic } = decoded.row;
  const load = flags.includes('load');
  const store = flags.includes('store');
  // LDDR32.P and SDDR32.P are illegal instructions outside OCD mode.
  if ((!load && !store) || mnemonic.endsWith('.p')) return undefined;
  if (highestRegister(decoded) >= cpu.windowLimit) return undefined;
  if (flags.includes('coprocessor0') && (cpu.cpenable & 1) === 0) return undefined;
  const size = mnemonic.includes('8') ? 1 : mnemonic.includes('16') ? 2 : 4;
  return { address: addressOf(cpu, decoded), size, load, store };
}

function highestRegister(decoded: Decoded): number {
  let highest = 0;
  for (const operand of decoded.row.operands) {
    if (!operand.startsWith('ar.')) continue;
    const field = registerField(operand);
    if (field === 'r' || field === 's' || field === 't')
      highest = Math.max(highest, decoded[field]);
  }
  return highest;
}

/** The addressing modes: absolute, register, register + register, register +- 4, register + offset. */
function addressOf(cpu: Cpu, decoded: Decoded): number {
  const { mnemonic } = decoded.row;
  if (mnemonic === 'l32r') return decoded.imm;
  const base = cpu.a(decoded.s);
  if (mnemonic.endsWith('ldinc')) return (base + 4) | 0;
  if (mnemonic.endsWith('lddec')) return (base - 4) | 0;
  switch (mnemonic) {
    case 'lsip':
    case 'ssip':
    case 'lsxp':
    case 'ssxp':
      return base;
    case 'lsx':
    case 'ssx':
      return (base + cpu.a(decoded.t)) | 0;
    default:
      return (base + decoded.imm) | 0;
  }
}
