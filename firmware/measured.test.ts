/** The figures of the README are those of bench/rtos.ts, and within the limits of the kernel. */
import { expect, it } from 'vitest';
import { measure, readmeParts, tables } from '../bench/rtos.ts';
import { readManifest } from './tools/manifest.ts';

const IMAGE_LIMIT = 64 * 1024;
/** Room for what is to come; `shell` is the largest image. */
const SHELL_LIMIT = 58 * 1024;

it('every image is under 64 KiB', () => {
  const images = Object.entries(readManifest()).filter(([name]) => name.endsWith('.bin'));
  expect(images.length).toBeGreaterThan(10);
  for (const [name, { sizeBytes }] of images) expect(sizeBytes, name).toBeLessThan(IMAGE_LIMIT);
  expect(readManifest()['shell.bin']!.sizeBytes).toBeLessThan(SHELL_LIMIT);
});

it(
  'the README shows what is measured, all of it within the limits',
  { timeout: 120_000 },
  async () => {
    const measured = measure();
    const limited = measured.durations.filter(({ limit }) => limit !== undefined);
    expect(limited).toHaveLength(3);
    for (const { name, count, most, limit } of limited) {
      expect(count, name).toBeGreaterThan(900);
      expect(most, name).toBeLessThan(limit!);
    }
    expect(readmeParts()[1]).toBe(await tables(measured));
  },
);
