/**
 * The RTOS of firmware/ in the cycles of the emulator: image sizes, context switch, mailbox round trip between the
 * cores, boot. Deterministic: the figures are the firmware's and the timing model's, not the host's.
 */
import { statSync } from 'node:fs';
import { createBoard, MASTER_HZ, seconds } from '../emulator/index.ts';
import type { Board } from '../emulator/index.ts';
import { report } from './report.ts';

const IMAGES = 'firmware/images';
const IMAGE_LIMIT = 64 * 1024;

function boot(image: string): Board {
  const firmware = ['0x1000', `${IMAGES}/bootloader.bin`, '0x10000', `${IMAGES}/${image}.bin`];
  return createBoard({ firmware, rom: `${IMAGES}/open-rom.elf` });
}

/** The program's text to its verdict. */
function output(image: string): string {
  const board = boot(image);
  board.uart().expect(/TEST (PASS|FAIL)/, seconds(5));
  return board.uart().text;
}

function find(text: string, pattern: RegExp): number {
  const match = pattern.exec(text);
  if (match === null) throw new Error(`${String(pattern)} is not in\n${text}`);
  return Number(match[1]);
}

const sched = output('sched');
const mailbox = output('mailbox');
const hello = boot('hello');
const ready = hello.uart().expect('Bootloader ready', seconds(1)) && hello.now;
const first = hello.uart().expect('Hello 1', seconds(1)) && hello.now;
const size = (image: string): number => statSync(`${IMAGES}/${image}.bin`).size;
const trips = [
  ...mailbox.matchAll(/mailbox round trip \((.*)\): mean (\d+), least (\d+), most (\d+)/g),
];
const rows = [
  { name: 'kernel image with hello', value: size('hello'), unit: 'bytes', limit: IMAGE_LIMIT },
  { name: 'kernel image with shell', value: size('shell'), unit: 'bytes', limit: IMAGE_LIMIT },
  {
    ...{ name: 'context switch', unit: 'cycles', limit: 250 },
    value: find(sched, /context switch: (?:mean )?(\d+)/),
  },
  ...trips.map(([, how, mean, least, most]) => ({
    ...{ name: `mailbox round trip, ${how!}`, value: Number(mean), unit: 'cycles' },
    limit: undefined,
    note: `${least!} to ${most!}`,
  })),
  { name: 'reset to bootloader', value: (ready / MASTER_HZ) * 1000, unit: 'ms', limit: undefined },
  { name: 'reset to tasks', value: (first / MASTER_HZ) * 1000, unit: 'ms', limit: undefined },
];
report(
  'rtos',
  rows.map(({ limit, ...row }) => ({
    ...row,
    ...(limit === undefined ? {} : { note: `allowed: less than ${limit}` }),
  })),
);
