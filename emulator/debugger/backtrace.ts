/**
 * The call stack of a core under the windowed ABI: frames still in registers are read there, older
 * ones from the base save areas on the stack (Xtensa ISA manual, "Windowed Procedure-Call Protocol").
 */
import type { Cpu } from '../cpu/state.ts';

const DEEPEST = 64;

/** Addresses from the running instruction outwards; call sites, not return addresses. */
export function backtrace(cpu: Cpu): number[] {
  const frames = [cpu.pc >>> 0];
  let window = cpu.windowBase4;
  let link = cpu.ar[window]!;
  let stack = cpu.ar[(window + 1) & 63]!;
  /** Windows between the running frame and this one: the register file holds 16. */
  let depth = 0;
  while (frames.length < DEEPEST) {
    const increment = link >>> 30;
    if (increment === 0) break;
    depth += increment;
    frames.push((((link & 0x3fffffff) | (cpu.pc & 0xc0000000)) - 3) >>> 0);
    const caller = (window - increment * 4) & 63;
    if (window >= 0 && depth < 16 && ((cpu.windowStart >> (caller >> 2)) & 1) !== 0) {
      window = caller;
      link = cpu.ar[window]!;
      stack = cpu.ar[(window + 1) & 63]!;
      continue;
    }
    // The caller's a0..a3 lie below this frame's stack pointer.
    const saved = readStack(cpu, (stack - 16) >>> 0);
    if (saved === undefined) break;
    window = -1;
    [link, stack] = saved;
  }
  return frames;
}

/**
 * Two words of plain memory. Nothing else is read, so that looking changes no state: a stack in
 * PSRAM, behind the cache, ends the backtrace.
 */
function readStack(cpu: Cpu, addr: number): [number, number] | undefined {
  const { port } = cpu;
  const offset = port.plainOffset(addr);
  if (offset < 0 || (addr & 15) !== 0) return undefined;
  const word = offset >> 2;
  return [port.words[word]!, port.words[word + 1]!];
}
