import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'emulator/**/*.test.ts',
      'peripherals/**/*.test.ts',
      'test-roms/**/*.test.ts',
      'firmware/**/*.test.ts',
      'docs/**/*.test.ts',
    ],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
