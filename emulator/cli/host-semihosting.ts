/**
 * The host side of semihosting: standard streams, and plain files below one folder. A path that
 * leads out of the folder (also through a link), a device or a pipe is refused: the guest is not
 * trusted with the host.
 */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { SemihostingHost } from '../semihosting.ts';
import { StdinReader } from './stdin-reader.ts';
import type { StdinWaiter } from './stdin-reader.ts';

const ERRNO = { EBADF: 9, EACCES: 13, EINVAL: 22, EMFILE: 24, EFBIG: 27 } as const;
/** Open flags as QEMU's Xtensa simulator passes them on: Linux numbers, and the host's for each. */
const ACCESS_MODE = 3;
const FLAGS = {
  create: { guest: 0o100, host: constants.O_CREAT },
  exclusive: { guest: 0o200, host: constants.O_EXCL },
  truncate: { guest: 0o1000, host: constants.O_TRUNC },
  append: { guest: 0o2000, host: constants.O_APPEND },
} as const;
/** Never through a link that appeared meanwhile, never waiting for the other end of a pipe. */
const ALWAYS = constants.O_NOFOLLOW | constants.O_NONBLOCK;
const MOST_FILES = 64;
/** A guest that seeks and writes wildly must not fill the disk. */
const LONGEST_FILE = 1 << 28;

export interface HostSemihostingOptions {
  /** The folder whose files the guest may use. */
  readonly root: string;
  readonly exit: (code: number) => void;
  readonly print: (fd: 1 | 2, bytes: Uint8Array) => void;
  readonly stdin: StdinWaiter;
}

interface OpenFile {
  readonly host: number;
  readonly append: boolean;
  position: number;
}

export class HostSemihosting implements SemihostingHost {
  private readonly root: string;
  private readonly options: HostSemihostingOptions;
  private readonly stdin: StdinReader;
  private readonly files = new Map<number, OpenFile>();

  constructor(options: HostSemihostingOptions) {
    this.root = realpathSync(options.root);
    this.options = options;
    this.stdin = new StdinReader(options.stdin);
  }

  exit(code: number): void {
    this.options.exit(code);
  }

  write(fd: number, bytes: Uint8Array): number {
    if (fd === 1 || fd === 2) {
      this.options.print(fd, bytes);
      return bytes.length;
    }
    const file = this.files.get(fd);
    if (file === undefined) return -ERRNO.EBADF;
    return guarded(() => {
      if (file.append) file.position = fstatSync(file.host).size;
      if (file.position + bytes.length > LONGEST_FILE) return -ERRNO.EFBIG;
      const count = writeSync(file.host, bytes, 0, bytes.length, file.position);
      file.position += count;
      return count;
    });
  }

  read(fd: number, length: number): Uint8Array | number {
    if (fd === 0) return this.stdin.read(length);
    const file = this.files.get(fd);
    if (file === undefined) return -ERRNO.EBADF;
    const buffer = new Uint8Array(length);
    const count = guarded(() => readSync(file.host, buffer, 0, length, file.position));
    if (count < 0) return count;
    file.position += count;
    return buffer.subarray(0, count);
  }

  open(path: string, flags: number, mode: number): number {
    const target = this.inside(path);
    if (target === undefined) return -ERRNO.EACCES;
    if (this.files.size >= MOST_FILES) return -ERRNO.EMFILE;
    return guarded(() => {
      const host = openSync(target, hostFlags(flags), mode & 0o777);
      if (!fstatSync(host).isFile()) {
        closeSync(host);
        return -ERRNO.EACCES;
      }
      let fd = 3;
      while (this.files.has(fd)) fd++;
      this.files.set(fd, { host, append: (flags & FLAGS.append.guest) !== 0, position: 0 });
      return fd;
    });
  }

  /** One file, or all of them and stdin at the end of the run. */
  close(fd?: number): number {
    if (fd === undefined) {
      for (const open of [...this.files.keys()]) this.close(open);
      this.stdin.close();
      return 0;
    }
    const file = this.files.get(fd);
    if (file === undefined) return fd >= 0 && fd <= 2 ? 0 : -ERRNO.EBADF;
    this.files.delete(fd);
    return guarded(() => {
      closeSync(file.host);
      return 0;
    });
  }

  seek(fd: number, offset: number, whence: number): number {
    const file = this.files.get(fd);
    if (file === undefined) return -ERRNO.EBADF;
    if (whence < 0 || whence > 2) return -ERRNO.EINVAL;
    return guarded(() => {
      const base = [0, file.position, fstatSync(file.host).size][whence]!;
      if (base + offset < 0 || base + offset > LONGEST_FILE) return -ERRNO.EINVAL;
      file.position = base + offset;
      return file.position;
    });
  }

  /** The real path of `path` when it lies below the root. */
  private inside(path: string): string | undefined {
    try {
      const wanted = resolve(this.root, path);
      const target = join(realpathSync(dirname(wanted)), basename(wanted));
      const real = realPath(target) ?? target;
      return real.startsWith(this.root.replace(/\/$/, '') + sep) ? real : undefined;
    } catch {
      return undefined;
    }
  }
}

function hostFlags(flags: number): number {
  const given = Object.values(FLAGS).filter(({ guest }) => (flags & guest) !== 0);
  return given.reduce((sum, { host }) => sum | host, (flags & ACCESS_MODE) | ALWAYS);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Runs a host call; a failure becomes a negative errno. */
function guarded(call: () => number): number {
  try {
    return call();
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    return errno === undefined ? -ERRNO.EINVAL : -Math.abs(errno);
  }
}
