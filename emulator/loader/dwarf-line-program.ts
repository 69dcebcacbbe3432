/** The state machine of a line-number program (DWARF 5, 6.2.2 and 6.2.5). */
import { readFileEntry, type LineHeader } from './dwarf-line-header.ts';
import type { DwarfReader } from './dwarf-reader.ts';

const DW_LNS_COPY = 1;
const DW_LNS_ADVANCE_PC = 2;
const DW_LNS_ADVANCE_LINE = 3;
const DW_LNS_SET_FILE = 4;
const DW_LNS_CONST_ADD_PC = 8;
const DW_LNS_FIXED_ADVANCE_PC = 9;
const DW_LNE_END_SEQUENCE = 1;
const DW_LNE_SET_ADDRESS = 2;
const DW_LNE_DEFINE_FILE = 3;

/** A run of rows with rising addresses; `end` is the first address after it. */
export interface LineSequence {
  readonly start: number;
  readonly end: number;
  readonly addresses: Uint32Array;
  readonly files: Uint32Array;
  readonly lines: Uint32Array;
  readonly header: LineHeader;
}

/** Runs the program of `header`; every opcode takes at least one byte, so it always ends. */
export function runLineProgram(reader: DwarfReader, header: LineHeader): LineSequence[] {
  const machine = new LineMachine(header);
  reader.offset = header.programStart;
  while (reader.offset < header.end) {
    const opcode = reader.u8();
    if (opcode >= header.opcodeBase) machine.special(opcode);
    else if (opcode === 0) extended(machine, reader);
    else standard(machine, reader, opcode);
  }
  return machine.sequences;
}

function extended(machine: LineMachine, reader: DwarfReader): void {
  const length = reader.uleb();
  if (length === 0) return;
  const next = reader.offset + length;
  const opcode = reader.u8();
  if (opcode === DW_LNE_END_SEQUENCE) machine.endSequence();
  else if (opcode === DW_LNE_SET_ADDRESS) machine.address = reader.u32();
  else if (opcode === DW_LNE_DEFINE_FILE) {
    machine.header.files.push(readFileEntry(reader, reader.cString()));
  }
  reader.offset = next;
}

function standard(machine: LineMachine, reader: DwarfReader, opcode: number): void {
  const { header } = machine;
  switch (opcode) {
    case DW_LNS_COPY:
      machine.row();
      break;
    case DW_LNS_ADVANCE_PC:
      machine.advance(reader.uleb() * header.minInstructionLength);
      break;
    case DW_LNS_ADVANCE_LINE:
      machine.line += reader.sleb();
      break;
    case DW_LNS_SET_FILE:
      machine.file = reader.uleb();
      break;
    case DW_LNS_CONST_ADD_PC:
      machine.advance(machine.addressStep(255));
      break;
    case DW_LNS_FIXED_ADVANCE_PC:
      machine.advance(reader.u16());
      break;
    default:
      for (let left = header.opcodeLengths[opcode]; left > 0; left--) reader.uleb();
  }
}

class LineMachine {
  readonly header: LineHeader;
  readonly sequences: LineSequence[] = [];
  address = 0;
  file = 1;
  line = 1;
  #addresses: number[] = [];
  #files: number[] = [];
  #lines: number[] = [];

  constructor(header: LineHeader) {
    this.header = header;
  }

  addressStep(opcode: number): number {
    const { opcodeBase, lineRange, minInstructionLength } = this.header;
    return Math.floor((opcode - opcodeBase) / lineRange) * minInstructionLength;
  }

  advance(bytes: number): void {
    this.address = (this.address + bytes) % 0x1_0000_0000;
  }

  special(opcode: number): void {
    const { opcodeBase, lineBase, lineRange } = this.header;
    this.advance(this.addressStep(opcode));
    this.line += lineBase + ((opcode - opcodeBase) % lineRange);
    this.row();
  }

  row(): void {
    this.#addresses.push(this.address);
    this.#files.push(this.file);
    this.#lines.push(this.line);
  }

  endSequence(): void {
    const start = this.#addresses[0];
    if (start !== undefined && this.address > start && isRising(this.#addresses)) {
      this.sequences.push({
        start,
        end: this.address,
        addresses: Uint32Array.from(this.#addresses),
        files: Uint32Array.from(this.#files),
        lines: Uint32Array.from(this.#lines),
        header: this.header,
      });
    }
    this.#addresses = [];
    this.#files = [];
    this.#lines = [];
    this.address = 0;
    this.file = 1;
    this.line = 1;
  }
}

function isRising(addresses: readonly number[]): boolean {
  return addresses.every((address, index) => index === 0 || address >= addresses[index - 1]);
}
