/** The picture of docs/waveforms.md: firmware writes to an EEPROM on I2C0. `npm run docs:pictures` writes it. */
import { writeFileSync } from 'node:fs';
import { decodeI2c, i2cText } from '../emulator/debugger/waveform/decode-i2c.ts';
import { selectProbes } from '../emulator/debugger/waveform/probe.ts';
import { WaveRecorder } from '../emulator/debugger/waveform/recorder.ts';
import { formatSvg } from '../emulator/debugger/waveform/svg.ts';
import { waveOf } from '../emulator/debugger/waveform/wave.ts';
import { createBoard, us } from '../emulator/index.ts';
import { Eeprom24Lc256 } from '../peripherals/devices/eeprom-24lc256.ts';

export const PICTURE = 'docs/images/i2c.svg';
const FIRMWARE = 'test-roms/peripherals/i2c/image.elf';
const SCL = 22;
const SDA = 21;

/** The first transfer as a picture, and as text. */
export function i2cPicture(): { svg: string; text: string } {
  const board = createBoard({
    firmware: FIRMWARE,
    devices: [() => new Eeprom24Lc256({ scl: SCL, sda: SDA })],
  });
  const names = [`GPIO${SCL}`, `GPIO${SDA}`, 'ETS_I2C_EXT0_INTR_SOURCE'];
  const probes = selectProbes(board.chip.probes(), names);
  const recorder = new WaveRecorder(probes, () => board.chip.scheduler.now);
  const start = board.pin(SDA).waitFor('falling').tick;
  const length = us(130).ticks;
  board.runFor(us(130));
  const recording = recorder.recording();
  const items = decodeI2c(waveOf(recording, names[0]!), waveOf(recording, names[1]!));
  const svg = formatSvg(recording, { from: start - us(4).ticks, to: start + length, width: 720 });
  return { svg, text: i2cText(items) };
}

if (import.meta.filename === process.argv[1]) {
  const { svg, text } = i2cPicture();
  writeFileSync(PICTURE, svg);
  console.log(`${PICTURE}: ${text}`);
}
