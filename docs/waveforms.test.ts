/** The picture and the text of docs/waveforms.md are what the emulator records today. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { i2cPicture, PICTURE } from './waveform-picture.ts';

it('docs/waveforms.md shows what is recorded (else: npm run docs:pictures)', () => {
  const { svg, text } = i2cPicture();
  expect(readFileSync(PICTURE, 'utf8')).toBe(svg);
  expect(readFileSync('docs/waveforms.md', 'utf8')).toContain(`\n${text}\n`);
});
