/** What a core offers to its surroundings: functions that the owner of the core may connect. */
import type { Cpu } from './state.ts';

/** SIMCALL: reads its request from a2..a5 and writes the answer to a2, a3. */
export type Simcall = (cpu: Cpu) => void;

/** The External Register Interface that RER and WER reach: debug module, TRAX, performance monitor. */
export interface ExternalRegisters {
  rer(address: number): number;
  wer(address: number, value: number): void;
}

/** Told when the core may have masked or unmasked interrupts: PS.INTLEVEL or PS.EXCM was written. */
export type MaskListener = (cpu: Cpu) => void;

/** Told after WITLB and WDTLB: what the core may access has changed. */
export type RegionListener = (cpu: Cpu) => void;
