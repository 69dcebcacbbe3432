/** A program tree as assembly, and what can be left out of it. */
import { BARRIER, FRAME_BYTES } from './generate.ts';
import type { Program, Unit } from './generate.ts';

/** Code bytes of an indirect call with its padding. */
const INDIRECT_CALL_BYTES = 18;

/** Most bytes a conditional branch with an 8-bit offset, BEQZ.N and LOOP can skip. */
const REACH = { branch: 120, narrow: 60, loop: 250 };

class Renderer {
  private readonly prefix: string;
  private readonly lines: string[] = [];
  private readonly literals: string[] = [];
  private labels = 0;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** The program's initial state, literals and code; `PREFIX_state` and `PREFIX_code` are its symbols. */
  program(program: Program): string {
    const { prefix } = this;
    this.units(program.body);
    this.lines.push('ret');
    program.subroutines.forEach((subroutine, index) => {
      const name = `${prefix}_sub${index}`;
      // Subroutines call only later ones and themselves.
      const used = [...this.lines, ...this.literals].some((line) => line.split(' ').includes(name));
      if (!used) return;
      this.lines.push('.align 4', `${name}:`);
      if (subroutine.call !== 0) this.lines.push(`entry a1, ${FRAME_BYTES}`);
      this.units(subroutine.body);
      this.lines.push(subroutine.call === 0 ? 'ret.n' : 'retw');
    });
    const state = `.long ${program.state.join(', ')}`;
    const head = ['.align 4', `${prefix}_state:`, state, ...this.literals, `${prefix}_code:`];
    return [...head, ...this.lines, ''].join('\n');
  }

  private label(): string {
    return `${this.prefix}_${this.labels++}`;
  }

  private units(units: Unit[]): void {
    for (const unit of units) this.unit(unit);
  }

  private unit(unit: Unit): void {
    if (unit.kind === 'code') {
      for (const line of unit.lines) this.line(line);
      return;
    }
    const end = this.label();
    if (unit.kind === 'if') {
      const { branch } = unit;
      const size = sizeOf(unit.body);
      const separator = branch === 'j' ? ' ' : ', ';
      const fits = size <= (branch.includes('.n') ? REACH.narrow : REACH.branch);
      this.lines.push(fits || branch === 'j' ? `${branch}${separator}${end}` : `j ${end}`);
      this.units(unit.body);
    } else {
      this.lines.push(...unit.setup, `${unit.loop}, ${end}`);
      const body = [...unit.body];
      while (sizeOf(body) > REACH.loop) body.pop();
      if (body.length === 0) this.lines.push('nop');
      this.units(body);
    }
    this.lines.push(`${end}:`);
  }

  /**
   * `callxN REGISTER SUBROUTINE`: a CALL0 to the next word gives an address without a relocation; the caller keeps a0.
   */
  private indirectCall(line: string): void {
    const [call, register, name] = line.split(' ') as [string, string, string];
    const [here, literal, next] = [this.label(), this.label(), this.label()];
    this.literals.push(`${literal}: .long ${this.prefix}_${name} - ${here}`);
    this.lines.push(`call0 ${next}`, `${here}:`, '.align 4', `${next}:`);
    // What is loaded is a distance, the same at every address: any register may keep it.
    const distance = register === 'a0' ? 'a2' : register;
    this.lines.push(`l32r ${distance}, ${literal}`, `add ${register}, ${distance}, a0`);
    this.lines.push(`${call} ${register}`);
  }

  /** Literals and local labels of a line become this program's own. */
  private line(line: string): void {
    const literal = /^l32r (a\d+), (-?\d+)$/.exec(line);
    if (literal !== null) {
      const label = this.label();
      this.literals.push(`${label}: .long ${literal[2]}`);
      this.lines.push(`l32r ${literal[1]}, ${label}`);
    } else if (line.startsWith('callx')) {
      this.indirectCall(line);
    } else if (line === BARRIER) {
      const next = this.label();
      this.lines.push(`j ${next}`, `${next}:`, 'nop');
    } else {
      this.lines.push(line.replace(/\b(end_)?sub\d+/g, `${this.prefix}_$&`));
    }
  }
}

/** Upper bound of the code bytes of a line. */
function bytesOf(line: string): number {
  if (line.startsWith('callx')) return INDIRECT_CALL_BYTES;
  return line === BARRIER ? 6 : 3;
}

/** Upper bound of the code bytes of `units`. */
function sizeOf(units: Unit[]): number {
  return units.reduce((sum, unit) => {
    if (unit.kind === 'code') {
      return sum + unit.lines.reduce((bytes, line) => bytes + bytesOf(line), 0);
    }
    return sum + 3 + (unit.kind === 'loop' ? 3 * unit.setup.length : 0) + sizeOf(unit.body);
  }, 0);
}

export function render(program: Program, prefix: string): string {
  return new Renderer(prefix).program(program);
}

/** All programs that are smaller than `program` by one unit, larger pieces first. */
export function* smaller(program: Program): Generator<Program> {
  for (const body of smallerUnits(program.body)) yield { ...program, body };
  for (let index = 0; index < program.subroutines.length; index++) {
    const { call, body } = program.subroutines[index]!;
    // The first unit of a windowed subroutine initialises its registers and frame.
    const fixed = call === 0 ? 0 : 1;
    for (const rest of smallerUnits(body.slice(fixed))) {
      const subroutines = [...program.subroutines];
      subroutines[index] = { call, body: [...body.slice(0, fixed), ...rest] };
      yield { ...program, subroutines };
    }
  }
}

function* smallerUnits(units: Unit[]): Generator<Unit[]> {
  for (let size = units.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at + size <= units.length; at += size) {
      yield [...units.slice(0, at), ...units.slice(at + size)];
    }
  }
  for (let at = 0; at < units.length; at++) {
    const unit = units[at]!;
    if (unit.kind === 'code') continue;
    const replace = (...by: Unit[]): Unit[] => [
      ...units.slice(0, at),
      ...by,
      ...units.slice(at + 1),
    ];
    yield replace(...unit.body);
    for (const body of smallerUnits(unit.body)) yield replace({ ...unit, body });
  }
}
