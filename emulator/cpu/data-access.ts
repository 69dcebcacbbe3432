/** Which data memory an instruction is about to touch: what a data breakpoint must know in advance. */
import { decode, instructionLength, registerField } from './decode.ts';
import type { Decoded } from './decode.ts';
import type { Cpu } from './state.ts';

export interface DataAccess {
  readonly address: number;
  readonly size: 1 | 2 | 4;
  readonly load: boolean;
  readonly store: boolean;
}

/** What the encoding of a load or store says about its access. */
export interface AccessShape {
  readonly size: 1 | 2 | 4;
  readonly load: boolean;
  readonly store: boolean;
  readonly highest: number;
  readonly coprocessor: boolean;
  /** Registers that are added to `offset`: AR[base] and, unless it is -1, AR[index]. */
  readonly base: number;
  readonly index: number;
  readonly offset: number;
  /** L32R: the address depends on the PC. */
  readonly literal: boolean;
}

/** FreeRTOS keeps a data breakpoint armed at the end of the stack, so shapes are looked up often. */
const KEPT = 4096;
const keptWords = new Int32Array(KEPT).fill(-1);
const keptShapes: (AccessShape | undefined)[] = new Array<undefined>(KEPT).fill(undefined);

/**
 * The access of the instruction at `pc`, or undefined when it makes none or traps before making
 * it: a fetch fault, a register outside the window, the FPU disabled.
 */
export function dataAccess(cpu: Cpu): DataAccess | undefined {
  const fetched = cpu.port.fetch(cpu.pc);
  if (cpu.port.fault >= 0) {
    cpu.port.fault = -1;
    return undefined;
  }
  const word = fetched & (instructionLength(fetched) === 2 ? 0xffff : 0xffffff);
  const shape = accessShape(word);
  if (shape === undefined || shape.highest >= cpu.windowLimit) return undefined;
  if (shape.coprocessor && (cpu.cpenable & 1) === 0) return undefined;
  const { size, load, store } = shape;
  return { address: addressOf(cpu, shape, word), size, load, store };
}

/** What an instruction word says about its access; undefined when it makes none. */
export function accessShape(word: number): AccessShape | undefined {
  const place = (word ^ (word >>> 11)) & (KEPT - 1);
  if (keptWords[place] !== word) {
    keptWords[place] = word;
    keptShapes[place] = shapeOf(word);
  }
  return keptShapes[place];
}

function addressOf(cpu: Cpu, shape: AccessShape, word: number): number {
  if (shape.literal) return decode(word, cpu.pc)!.imm;
  const index = shape.index < 0 ? 0 : cpu.a(shape.index);
  return (cpu.a(shape.base) + index + shape.offset) | 0;
}

function shapeOf(word: number): AccessShape | undefined {
  const decoded = decode(word, 0);
  if (decoded === undefined) return undefined;
  const { flags, mnemonic } = decoded.row;
  const load = flags.includes('load');
  const store = flags.includes('store');
  // LDDR32.P and SDDR32.P are illegal instructions outside OCD mode.
  if ((!load && !store) || mnemonic.endsWith('.p')) return undefined;
  return {
    size: mnemonic.includes('8') ? 1 : mnemonic.includes('16') ? 2 : 4,
    load,
    store,
    highest: highestRegister(decoded),
    coprocessor: flags.includes('coprocessor0'),
    base: decoded.s,
    index: mnemonic === 'lsx' || mnemonic === 'ssx' ? decoded.t : -1,
    offset: offsetOf(decoded),
    literal: mnemonic === 'l32r',
  };
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

/** The addressing modes: register, register + register, register +- 4, register + offset. */
function offsetOf(decoded: Decoded): number {
  const { mnemonic } = decoded.row;
  if (mnemonic.endsWith('ldinc')) return 4;
  if (mnemonic.endsWith('lddec')) return -4;
  return ['lsip', 'ssip', 'lsxp', 'ssxp', 'lsx', 'ssx'].includes(mnemonic) ? 0 : decoded.imm;
}
