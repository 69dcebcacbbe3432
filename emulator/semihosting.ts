/**
 * SIMCALL semihosting, with the numbers and the register convention of QEMU's Xtensa simulator:
 * number in a2, arguments in a3..a6, result in a2 and errno in a3.
 *
 * The guest reaches the host only through `SemihostingHost`; lengths are bounded by guest memory.
 *
 * **Not modelled:** argv (argc is 0); time calls.
 */
import type { Cpu } from './cpu/state.ts';

export interface SemihostingHost {
  /** Bytes for file descriptor `fd`; the count taken, or a negative errno. */
  write(fd: number, bytes: Uint8Array): number;
  /** At most `length` bytes from `fd`; empty at the end; a negative errno when it cannot. */
  read(fd: number, length: number): Uint8Array | number;
  /** A new file descriptor, or a negative errno. Flags as Linux counts them. */
  open(path: string, flags: number, mode: number): number;
  close(fd: number): number;
  seek(fd: number, offset: number, whence: number): number;
  exit(code: number): void;
}

/** A machine whose cores may call: the chip. */
export interface SemihostingMachine {
  readonly cores: readonly { readonly cpu: Cpu }[];
  readonly multicore: { syncTime(core: number): void };
}

/** System call numbers of QEMU `target/xtensa/xtensa-semi.c`. */
const SYS = {
  exit: 1,
  read: 3,
  write: 4,
  open: 5,
  close: 6,
  lseek: 19,
  select_one: 29,
  argc: 1000,
  argv_size: 1001,
  argv: 1002,
  memset: 1004,
} as const;

const ERRNO = { EFAULT: 14, EINVAL: 22, ENOSYS: 38 } as const;
/** More than any guest memory: a longer request is a guest error. */
const LONGEST = 1 << 22;
const LONGEST_PATH = 4096;

/** Lets both cores reach `host`, at the tick of their SIMCALL. */
export function connectSemihosting(machine: SemihostingMachine, host: SemihostingHost): void {
  const carryOut = semihosting(host);
  machine.cores.forEach(({ cpu }, core) => {
    cpu.simcall = (caller) => {
      machine.multicore.syncTime(core);
      carryOut(caller);
    };
  });
}

/** A host without files or input: what goes to standard output and error is printed. */
export function printingHost(
  print: (bytes: Uint8Array) => void,
  exit: (code: number) => void,
): SemihostingHost {
  const refuse = (): number => -ERRNO.ENOSYS;
  return {
    write: (fd, bytes) => {
      if (fd === 1 || fd === 2) print(bytes);
      return bytes.length;
    },
    read: () => new Uint8Array(0),
    open: refuse,
    close: refuse,
    seek: refuse,
    exit,
  };
}

/** The handler for `cpu.simcall`: carries out the call and returns; the core goes on behind SIMCALL. */
export function semihosting(host: SemihostingHost): (cpu: Cpu) => void {
  return (cpu) => {
    const result = call(cpu, host, cpu.a(2), cpu.a(3), cpu.a(4), cpu.a(5));
    cpu.setA(2, result < 0 ? -1 : result);
    cpu.setA(3, result < 0 ? -result : 0);
  };
}

function call(
  cpu: Cpu,
  host: SemihostingHost,
  number: number,
  a: number,
  b: number,
  c: number,
): number {
  switch (number) {
    case SYS.exit:
      host.exit(a >>> 0);
      return 0;
    case SYS.write: {
      const bytes = readGuest(cpu, b, c >>> 0);
      return bytes === undefined ? -ERRNO.EFAULT : host.write(a, bytes);
    }
    case SYS.read: {
      if (c >>> 0 > LONGEST) return -ERRNO.EINVAL;
      const bytes = host.read(a, c >>> 0);
      if (typeof bytes === 'number') return bytes;
      return writeGuest(cpu, b, bytes) ? bytes.length : -ERRNO.EFAULT;
    }
    case SYS.open: {
      const path = readString(cpu, a);
      return path === undefined ? -ERRNO.EFAULT : host.open(path, b, c);
    }
    case SYS.close:
      return host.close(a);
    case SYS.lseek:
      return host.seek(a, b, c);
    case SYS.select_one:
      return 1;
    case SYS.argc:
      return 0;
    case SYS.argv_size:
      return 4;
    case SYS.argv:
      return writeGuest(cpu, a, new Uint8Array(4)) ? 0 : -ERRNO.EFAULT;
    case SYS.memset:
      if (c >>> 0 > LONGEST) return -ERRNO.EINVAL;
      return writeGuest(cpu, a, new Uint8Array(c >>> 0).fill(b)) ? a : -ERRNO.EFAULT;
    default:
      return -ERRNO.ENOSYS;
  }
}

function readGuest(cpu: Cpu, addr: number, length: number): Uint8Array | undefined {
  if (length > LONGEST) return undefined;
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const at = (addr + i) >>> 0;
    // The instruction bus reads words only.
    bytes[i] = cpu.port.read32((at & ~3) >>> 0) >>> ((at & 3) * 8);
    if (takeFault(cpu)) return undefined;
  }
  return bytes;
}

function readString(cpu: Cpu, addr: number): string | undefined {
  const bytes: number[] = [];
  while (bytes.length < LONGEST_PATH) {
    const byte = readGuest(cpu, addr + bytes.length, 1)?.[0];
    if (byte === undefined) return undefined;
    if (byte === 0) return Buffer.from(bytes).toString('utf8');
    bytes.push(byte);
  }
  return undefined;
}

/** Memory on the instruction bus takes words only, so words are read, changed and written. */
function writeGuest(cpu: Cpu, addr: number, bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length;) {
    const at = (addr + i) >>> 0;
    const word = at & ~3;
    const first = at & 3;
    const count = Math.min(4 - first, bytes.length - i);
    let value = count === 4 ? 0 : cpu.port.read32(word >>> 0);
    for (let lane = first; lane < first + count; lane++) {
      const shift = lane * 8;
      value = (value & ~(0xff << shift)) | (bytes[i++]! << shift);
    }
    cpu.port.write32(word >>> 0, value);
    if (takeFault(cpu)) return false;
  }
  return true;
}

/** The host's accesses take no guest time and raise nothing. */
function takeFault(cpu: Cpu): boolean {
  const { port } = cpu;
  const failed = port.fault >= 0;
  port.fault = -1;
  port.waitCycles = 0;
  return failed;
}
