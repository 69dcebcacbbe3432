/**
 * Vitest integration, the entry `lockstep32/vitest`: tests that start from a booted board, matchers,
 * and evidence of failures.
 */
export { firmwareTest } from './firmware-test.ts';
export type { FirmwareContext, FirmwareTestOptions } from './firmware-test.ts';
export { lockstepMatchers } from './matchers.ts';
export type { LockstepMatchers, ToggleOptions } from './matchers.ts';
