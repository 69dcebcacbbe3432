/**
 * The host side of semihosting: standard streams, and files below one folder. A path that leads
 * out of the folder (also through a link) is refused: the guest is not trusted with the host.
 */
import { closeSync, openSync, readSync, realpathSync, writeSync, fstatSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { SemihostingHost } from '../semihosting.ts';

const ERRNO = { ENOENT: 2, EBADF: 9, EACCES: 13, EINVAL: 22, EMFILE: 24 } as const;
/** Open flags as QEMU's Xtensa simulator passes them on: Linux numbers. */
const O_ACCMODE = 3;
const O_CREAT = 0o100;
const O_TRUNC = 0o1000;
const O_APPEND = 0o2000;
const MOST_FILES = 64;

interface OpenFile {
  readonly host: number;
  readonly append: boolean;
  position: number;
}

export class HostSemihosting implements SemihostingHost {
  private readonly root: string;
  private readonly onExit: (code: number) => void;
  private readonly files = new Map<number, OpenFile>();

  constructor(root: string, onExit: (code: number) => void) {
    this.root = realpathSync(root);
    this.onExit = onExit;
  }

  exit(code: number): void {
    this.onExit(code);
  }

  write(fd: number, bytes: Uint8Array): number {
    if (fd === 1 || fd === 2) return writeAll(fd, bytes);
    const file = this.files.get(fd);
    if (file === undefined) return -ERRNO.EBADF;
    return guarded(() => {
      if (file.append) file.position = fstatSync(file.host).size;
      const count = writeSync(file.host, bytes, 0, bytes.length, file.position);
      file.position += count;
      return count;
    });
  }

  read(fd: number, length: number): Uint8Array | number {
    const buffer = new Uint8Array(length);
    const file = this.files.get(fd);
    if (fd !== 0 && file === undefined) return -ERRNO.EBADF;
    const count = guarded(() =>
      readSync(file?.host ?? 0, buffer, 0, length, file?.position ?? null),
    );
    if (count < 0) return fd === 0 ? new Uint8Array(0) : count;
    if (file !== undefined) file.position += count;
    return buffer.subarray(0, count);
  }

  open(path: string, flags: number, mode: number): number {
    const target = this.inside(path);
    if (target === undefined) return -ERRNO.EACCES;
    if (this.files.size >= MOST_FILES) return -ERRNO.EMFILE;
    return guarded(() => {
      const host = openSync(
        target,
        flags & (O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND),
        mode & 0o777,
      );
      let fd = 3;
      while (this.files.has(fd)) fd++;
      this.files.set(fd, { host, append: (flags & O_APPEND) !== 0, position: 0 });
      return fd;
    });
  }

  close(fd?: number): number {
    if (fd === undefined) {
      for (const open of [...this.files.keys()]) this.close(open);
      return 0;
    }
    const file = this.files.get(fd);
    if (file === undefined) return fd <= 2 ? 0 : -ERRNO.EBADF;
    this.files.delete(fd);
    closeSync(file.host);
    return 0;
  }

  seek(fd: number, offset: number, whence: number): number {
    const file = this.files.get(fd);
    if (file === undefined) return -ERRNO.EBADF;
    const base = whence === 0 ? 0 : whence === 1 ? file.position : fstatSync(file.host).size;
    if (whence > 2 || base + offset < 0) return -ERRNO.EINVAL;
    file.position = base + offset;
    return file.position;
  }

  /** The real path of `path` when it lies below the root. */
  private inside(path: string): string | undefined {
    const wanted = resolve(this.root, path);
    try {
      const folder = realpathSync(dirname(wanted));
      const target = join(folder, basename(wanted));
      const real = exists(target) ? realpathSync(target) : target;
      return real.startsWith(this.root + sep) ? real : undefined;
    } catch {
      return undefined;
    }
  }
}

function exists(path: string): boolean {
  try {
    realpathSync(path);
    return true;
  } catch {
    return false;
  }
}

function writeAll(fd: number, bytes: Uint8Array): number {
  let done = 0;
  while (done < bytes.length) {
    const count = guarded(() => writeSync(fd, bytes, done));
    if (count < 0) return done > 0 ? done : count;
    done += count;
  }
  return done;
}

/** Runs a host call; a failure becomes a negative errno, and EAGAIN (a full pipe) is tried again. */
function guarded(call: () => number): number {
  for (;;) {
    try {
      return call();
    } catch (error) {
      const { code, errno } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN') return errno === undefined ? -ERRNO.EINVAL : -Math.abs(errno);
    }
  }
}
