/**
 * Global variables of .debug_info, for C, C++ and Rust, by the names of the source: `state`, or by the
 * path `module::state`, of which the last parts are enough. Namespaces, classes, and the function
 * of a static local are parts of the path, and so is the source file: `uart.c::state`. The linker's
 * name (a mangled one) is taken as well.
 *
 * **Not modelled:** variables on the stack, in registers or thread-local; split DWARF (.dwo).
 */
import { ByteView } from './bytes.ts';
import { DwarfReader } from './dwarf-reader.ts';
import { DW_AT, DW_TAG, DwarfEntries, numberOf, textOf } from './dwarf-entries.ts';
import type { Entry } from './dwarf-entries.ts';
import { TypeReader } from './dwarf-types.ts';
import type { GuestType } from './dwarf-types.ts';
import type { Elf } from './elf.ts';
import { sectionNamed } from './elf.ts';
import { hex } from './errors.ts';

export interface GuestVariable {
  /** With its path, but without the file. */
  readonly name: string;
  readonly address: number;
  readonly type: () => GuestType;
}

interface Found extends GuestVariable {
  /** Last part of the path of its source file. */
  readonly file: string;
  /** Seen by other files: goes before those that are not. */
  readonly isExternal: boolean;
}

const DW_OP_ADDR = 0x03;
const DW_OP_ADDRX = 0xa1;
const DEEPEST = 64;
const MOST_TOLD = 4;
/** Of one name: ESP-IDF has a `TAG` in each file. */
const MOST_SAME = 1024;
const LONGEST_PATH = 4096;

/** Where the walk is: what stands before names here, and the file. */
interface Scope {
  readonly path: string;
  readonly file: string;
  readonly depth: number;
}

export class DebugTypes {
  /** Why there is less than the ELF was built with, and what to do. */
  readonly problem: string | undefined;
  private readonly entries: DwarfEntries;
  private readonly types: TypeReader;
  /** By the last part of the name, and by the linker's name. */
  private readonly byName = new Map<string, Found[]>();
  private readonly byLinkage = new Map<string, Found>();
  /** Variables that have no address, by name: why. */
  private readonly unplaced = new Map<string, string>();
  /** Scopes of declarations, by offset, for definitions that stand elsewhere. */
  private readonly declared = new Map<number, string>();
  private readonly specified: { readonly entry: Entry; readonly scope: Scope }[] = [];

  constructor(elf: Elf) {
    this.entries = new DwarfEntries(elf);
    this.types = new TypeReader(this.entries);
    for (const unit of this.entries.units) {
      const root = this.entries.read(unit, unit.first);
      if (root === undefined) continue;
      const file = textOf(root.values.get(DW_AT.name))?.split(/[/\\]/).at(-1) ?? '';
      this.collect(root, { path: '', file, depth: 0 });
    }
    for (const { entry, scope } of this.specified) this.addSpecified(entry, scope);
    this.problem = problemOf(elf, this.entries);
  }

  /** The variables of a name: several when that does not tell them apart. */
  named(name: string): readonly GuestVariable[] {
    const linked = this.byLinkage.get(name);
    if (linked !== undefined) return [linked];
    const all = this.byName.get(lastPart(name)) ?? [];
    const whole = all.filter((one) => one.name === name);
    const found = whole.length > 0 ? whole : all.filter((one) => endsWithPath(one, name));
    const external = found.filter(({ isExternal }) => isExternal);
    return external.length > 0 ? external : found;
  }

  /** What to call each of several variables instead. */
  toldApart(variables: readonly GuestVariable[]): string[] {
    const names = variables.map(({ name }) => name);
    const isTold = new Set(names).size === names.length;
    const full = isTold ? names : (variables as readonly Found[]).map(({ file, name }) => `${file}::${name}`); // prettier-ignore
    return full.length > MOST_TOLD ? [...full.slice(0, MOST_TOLD), '...'] : full;
  }

  /** Why a variable that the source has cannot be had. */
  whyNot(name: string): string | undefined {
    return this.unplaced.get(lastPart(name));
  }

  /** With their paths. */
  get names(): readonly string[] {
    return [...new Set([...this.byName.values()].flat().map(({ name }) => name))];
  }

  /** A structure, union or enumeration by its name, such as `tskTaskControlBlock`. */
  typeNamed(name: string): GuestType | undefined {
    return this.types.named(name);
  }

  private collect(parent: Entry, scope: Scope): void {
    if (scope.depth > DEEPEST) return;
    for (const entry of this.entries.children(parent)) {
      const name = textOf(entry.values.get(DW_AT.name));
      switch (entry.tag) {
        case DW_TAG.namespace:
        case DW_TAG.subprogram:
          this.collect(entry, inside(scope, name ?? this.nameElsewhere(entry)));
          break;
        case DW_TAG.lexical_block:
          this.collect(entry, inside(scope, undefined));
          break;
        case DW_TAG.variable:
          this.visit(entry, scope);
          break;
        case DW_TAG.structure_type:
        case DW_TAG.class_type:
        case DW_TAG.union_type:
          this.types.complete(entry, name);
          this.collectStatic(entry, inside(scope, name));
          break;
        case DW_TAG.enumeration_type:
        case DW_TAG.typedef:
          this.types.complete(entry, name);
          break;
        default:
      }
    }
  }

  /** Static members are declared in their class (DWARF 4 as members) and defined outside it. */
  private collectStatic(parent: Entry, scope: Scope): void {
    if (scope.depth > DEEPEST) return;
    for (const entry of this.entries.children(parent)) {
      const isStatic = entry.tag === DW_TAG.variable || entry.tag === DW_TAG.member;
      if (isStatic && entry.values.has(DW_AT.declaration)) this.declared.set(entry.offset, scope.path); // prettier-ignore
      const isClass = entry.tag === DW_TAG.structure_type || entry.tag === DW_TAG.class_type;
      if (!isClass) continue;
      const name = textOf(entry.values.get(DW_AT.name));
      this.types.complete(entry, name);
      this.collectStatic(entry, inside(scope, name));
    }
  }

  /** A function whose name is at its declaration or abstract instance. */
  private nameElsewhere(entry: Entry): string | undefined {
    const at = numberOf(
      entry.values.get(DW_AT.specification) ?? entry.values.get(DW_AT.abstract_origin),
    );
    const other = at === undefined ? undefined : this.entries.at(at);
    return other === undefined ? undefined : textOf(other.values.get(DW_AT.name));
  }

  private visit(entry: Entry, scope: Scope): void {
    if (entry.values.has(DW_AT.specification)) this.specified.push({ entry, scope });
    else if (entry.values.has(DW_AT.declaration)) this.declared.set(entry.offset, scope.path);
    else this.add(entry, entry, scope);
  }

  private addSpecified(entry: Entry, scope: Scope): void {
    const at = numberOf(entry.values.get(DW_AT.specification));
    const source = at === undefined ? undefined : this.entries.at(at);
    const path = this.declared.get(at ?? -1) ?? scope.path;
    this.add(entry, source ?? entry, { ...scope, path });
  }

  private add(entry: Entry, source: Entry, { path, file }: Scope): void {
    const value = (attribute: number) =>
      entry.values.get(attribute) ?? source.values.get(attribute);
    const last = textOf(value(DW_AT.name));
    if (last === undefined) return;
    const address = this.addressOf(entry, last);
    if (address === undefined) return;
    const typeOffset = numberOf(value(DW_AT.type));
    const found: Found = {
      name: path + last,
      address,
      file,
      isExternal: value(DW_AT.external) !== undefined,
      type: () => this.types.at(typeOffset),
    };
    const same = this.byName.get(last);
    if (same === undefined) this.byName.set(last, [found]);
    else if (same.length < MOST_SAME && !same.some((one) => one.address === address && one.name === found.name)) same.push(found); // prettier-ignore
    const linkage = textOf(value(DW_AT.linkage_name));
    if (linkage !== undefined && linkage !== last) this.byLinkage.set(linkage, found);
  }

  /** The fixed address of a variable that has one; of the others the reason is kept. */
  private addressOf(entry: Entry, name: string): number | undefined {
    const location = entry.values.get(DW_AT.location);
    if (!(location instanceof Uint8Array) || location.length === 0) {
      const constant = entry.values.get(DW_AT.const_value);
      const folded = constant === undefined ? 'the compiler left it out' : `the compiler made it the constant ${String(numberOf(constant) ?? 'of several bytes')}`; // prettier-ignore
      this.unplaced.set(name, folded);
      return undefined;
    }
    const reader = new DwarfReader(new ByteView(location, `${this.entries.file} (.debug_info)`));
    const op = reader.u8();
    if (op === DW_OP_ADDR && location.length === 5) return reader.u32();
    if (op === DW_OP_ADDRX) {
      const index = reader.uleb();
      if (reader.offset === location.length) return this.entries.address(entry.unit, index);
    }
    this.unplaced.set(name, reasonOf(op));
    return undefined;
  }
}

const DW_OP_REG0 = 0x50;
const DW_OP_BREGX = 0x92;

function reasonOf(op: number): string {
  if (op >= DW_OP_REG0 && op <= DW_OP_BREGX) return 'it is on the stack or in a register';
  if (op === DW_OP_ADDR || op === DW_OP_ADDRX) return 'the compiler split it into parts, or it is thread-local'; // prettier-ignore
  return `its place is computed (DWARF operation ${hex(op)})`;
}

function inside(scope: Scope, name: string | undefined): Scope {
  const isTold = name !== undefined && scope.path.length + name.length < LONGEST_PATH;
  const path = isTold ? `${scope.path}${name}::` : scope.path;
  return { ...scope, path, depth: scope.depth + 1 };
}

/** `a::b::C` of `a::b::C`; a path ends at `::`, which is in no C++ or Rust name. */
function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('::') + 1).replace(/^:/, '');
}

function endsWithPath({ name, file }: Found, path: string): boolean {
  const rest = path.startsWith(`${file}::`) ? path.slice(file.length + 2) : path;
  return `::${name}`.endsWith(`::${rest}`);
}

function problemOf(elf: Elf, entries: DwarfEntries): string | undefined {
  const info = sectionNamed(elf, '.debug_info') ?? sectionNamed(elf, '.zdebug_info');
  if (info === undefined) return undefined;
  if (info.size > 0 && info.bytes.length === 0 || info.name.startsWith('.z')) return 'its debug information is compressed: link with --compress-debug-sections=none'; // prettier-ignore
  if (entries.hasSplitUnits) return 'its debug information is in .dwo files: compile without -gsplit-dwarf'; // prettier-ignore
  return undefined;
}
