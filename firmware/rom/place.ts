/**
 * Where the objects of the open ROM lie: the rooms between documented addresses, filled by best fit, largest object
 * first. An object is not split: L32R reaches its literals before its code.
 */
import type { DocumentedFunction } from './layout.ts';

export interface Room {
  readonly start: number;
  readonly end: number;
}

export interface Piece {
  /** File of the object. */
  readonly file: string;
  /** Bytes of code and literals. */
  readonly size: number;
}

/** Behind the constants of ROM1 (rom.ld) nothing is documented. */
const TOP: Room = { start: 0x4006_9600, end: 0x4007_0000 };
/** Bluetooth's part of the mask ROM: few addresses, far apart. */
const MIDDLE: Room = { start: 0x4001_0000, end: 0x4006_0000 };
/** A slot and the longest name behind it. */
const SLOT_ROOM = 64;
const SMALLEST = 512;
const round = (address: number): number => (address + 3) & ~3;

/** Rooms between the documented addresses, and the one at the end. */
export function roomsOf(functions: readonly DocumentedFunction[]): Room[] {
  const gaps = functions.slice(0, -1).map(({ address }, i) => ({
    start: round(address + SLOT_ROOM),
    end: functions[i + 1]!.address & ~3,
  }));
  return [...gaps, TOP].filter(
    ({ start, end }) =>
      end - start >= SMALLEST &&
      (start === TOP.start || (start >= MIDDLE.start && end <= MIDDLE.end)),
  );
}

/** The objects of each room that holds one. */
export function placePieces(
  pieces: readonly Piece[],
  rooms: readonly Room[],
): { room: Room; files: string[] }[] {
  const filled = rooms.map((room) => ({
    room,
    left: room.end - room.start,
    files: [] as string[],
  }));
  for (const { file, size } of [...pieces].sort(bySize)) {
    const fitting = filled.filter(({ left }) => left >= round(size) + 4);
    const best = fitting.sort((a, b) => a.left - b.left || a.room.start - b.room.start)[0];
    if (best === undefined) throw new Error(`${file}: no room for its ${size} bytes in the ROM`);
    best.left -= round(size) + 4;
    best.files.push(file);
  }
  return filled
    .filter(({ files }) => files.length > 0)
    .sort((a, b) => a.room.start - b.room.start)
    .map(({ room, files }) => ({ room, files: files.sort() }));
}

const bySize = (a: Piece, b: Piece): number => b.size - a.size || (a.file < b.file ? -1 : 1);

/** The two parts of the linker script that say so: MEMORY and SECTIONS. */
export function linkerScript(placed: readonly { room: Room; files: string[] }[]): {
  memory: string;
  sections: string;
} {
  const hex = (value: number): string => `0x${value.toString(16)}`;
  const memory = placed.map(
    ({ room }) =>
      `  room_${room.start.toString(16)} (rx) : ORIGIN = ${hex(room.start)}, LENGTH = ${hex(room.end - room.start)}`,
  );
  const sections = placed.map(({ room, files }) => {
    const name = `room_${room.start.toString(16)}`;
    const literals = files.map((file) => `    "${file}"(.literal .literal.* *.literal)`);
    const texts = files.map((file) => `    KEEP("${file}"(.text .text.*))`);
    return [`  .${name} : {`, ...literals, ...texts, `  } > ${name}`].join('\n');
  });
  return { memory: `${memory.join('\n')}\n`, sections: `${sections.join('\n')}\n` };
}
