/**
 * `npm run docs:driven`: boots the real firmware in ../shared/real for one second of guest time each
 * and writes docs/driven.json: which blocks each image read or wrote. The ledger quotes it.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { Esp32, MASTER_HZ, parseRom } from '../emulator/index.ts';
import { hostFiles, readInput } from '../emulator/loader/files.ts';
import { readRunInput } from '../emulator/loader/inputs.ts';

const REAL = '../shared/real';
const ROM = `${REAL}/rom/esp32-v3-rom.bin`;

/** Folder of the devices that a block's name does not lead to. */
const FOLDERS: Readonly<Record<string, string>> = {
  PRO_MMU: 'dport',
  APP_MMU: 'dport',
  IO_MUX: 'iomux',
};

/** Image name -> arguments of `lockstep32 run`. */
function images(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of readdirSync(`${REAL}/fw`).sort()) {
    const folder = `${REAL}/fw/${name}`;
    const files = readdirSync(folder);
    if (files.includes('app.bin')) found.set(name, [`${folder}/app.bin`]);
    else if (name === 'micropython')
      for (const file of files) found.set(`${name}-${file}`, ['0x1000', `${folder}/${file}`]);
    else if (name === 'rust')
      found.set('rust-esp-hal-hello', [
        ...['0x1000', `${folder}/espflash-bootloader-esp32.bin`],
        ...['0x8000', `${folder}/espflash-partitions.bin`],
        ...['0x10000', `${folder}/esp-hal-hello.app.bin`],
      ]);
  }
  return found;
}

/** The peripheral folders that the image touched. */
function blocksOf(args: readonly string[]): string[] {
  const input = readRunInput(args, hostFiles);
  if (input.kind !== 'flash') return [];
  const rom = parseRom(readInput(hostFiles, ROM), ROM);
  const chip = new Esp32({ rom, flash: input.flash.bytes });
  const touched = new Set<string>();
  for (const { device } of chip.peripherals.rows) {
    const folder = FOLDERS[device.name] ?? device.name.toLowerCase().replace(/\d$/, '');
    const { read, write } = device;
    device.read = (offset, size) => {
      touched.add(folder);
      return read.call(device, offset, size);
    };
    device.write = (offset, value, size) => {
      touched.add(folder);
      write.call(device, offset, value, size);
    };
  }
  chip.runUntil(MASTER_HZ);
  return [...touched].filter((name) => existsSync(`peripherals/${name}`)).sort();
}

const driven: Record<string, string[]> = {};
for (const [name, args] of images()) {
  driven[name] = blocksOf(args);
  console.log(`${name}: ${driven[name].join(' ')}`);
}
writeFileSync('docs/driven.json', `${JSON.stringify({ images: driven }, null, 2)}\n`);
