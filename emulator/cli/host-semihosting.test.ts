import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostSemihosting } from './host-semihosting.ts';

const [O_RDONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND] = [0, 2, 0o100, 0o1000, 0o2000];
const [EBADF, EACCES, EINVAL, EMFILE, EFBIG] = [-9, -13, -22, -24, -27];

let outer = '';
let root = '';
let host: HostSemihosting;
let printed: string[];

beforeEach(() => {
  outer = mkdtempSync(join(tmpdir(), 'lockstep32-'));
  root = join(outer, 'root');
  mkdirSync(root);
  printed = [];
  host = new HostSemihosting({
    root,
    exit: () => {},
    print: (fd, bytes) => printed.push(`${fd}: ${Buffer.from(bytes).toString()}`),
    stdin: { beforeWait: () => {}, afterWait: () => {}, gaveUp: () => true },
  });
});

afterEach(() => {
  host.close();
  rmSync(outer, { recursive: true });
});

const text = (bytes: Uint8Array | number): string =>
  typeof bytes === 'number' ? `errno ${bytes}` : Buffer.from(bytes).toString();

describe('files', () => {
  it('are written, sought and read back', () => {
    const fd = host.open('log.txt', O_RDWR | O_CREAT | O_TRUNC, 0o644);
    expect(fd).toBe(3);
    expect(host.write(fd, Buffer.from('hello world'))).toBe(11);
    expect(host.seek(fd, -5, 2)).toBe(6);
    expect(text(host.read(fd, 100))).toBe('world');
    expect(text(host.read(fd, 100))).toBe('');
    expect(host.close(fd)).toBe(0);
    expect(host.write(fd, Buffer.from('x'))).toBe(EBADF);
    const appended = host.open('log.txt', 1 | O_APPEND, 0);
    host.write(appended, Buffer.from('!'));
    expect(readFileSync(join(root, 'log.txt'), 'utf8')).toBe('hello world!');
  });

  it('standard streams go to the run', () => {
    expect(host.write(1, Buffer.from('out'))).toBe(3);
    expect(host.write(2, Buffer.from('err'))).toBe(3);
    expect(printed).toEqual(['1: out', '2: err']);
  });
});

describe('what is refused', () => {
  it('paths that lead out of the folder', () => {
    writeFileSync(join(outer, 'secret'), 'secret');
    symlinkSync(join(outer, 'secret'), join(root, 'link'));
    symlinkSync(outer, join(root, 'up'));
    const paths = ['../secret', join(outer, 'secret'), 'link', 'up/secret', '/etc/passwd', '.', ''];
    for (const path of paths) expect([path, host.open(path, O_RDONLY, 0)]).toEqual([path, EACCES]);
  });

  it('a link that leads nowhere yet', () => {
    symlinkSync(join(outer, 'new'), join(root, 'dangling'));
    expect(host.open('dangling', O_RDWR | O_CREAT, 0o644)).toBeLessThan(0);
    expect(existsSync(join(outer, 'new'))).toBe(false);
  });

  it('folders, pipes and files that are not there', () => {
    mkdirSync(join(root, 'sub'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(host.open('sub', O_RDONLY, 0)).toBe(EACCES);
    expect(host.open('pipe', O_RDONLY, 0)).toBe(EACCES);
    expect(host.open('none', O_RDONLY, 0)).toBe(-2);
    expect(host.open('none/deep', O_RDWR | O_CREAT, 0)).toBe(EACCES);
  });

  it('wild descriptors, seeks and sizes', () => {
    for (const fd of [-1, 3, 99, 0x7fffffff]) {
      expect(host.write(fd, new Uint8Array(1))).toBe(EBADF);
      expect(host.read(fd, 1)).toBe(EBADF);
      expect(host.seek(fd, 0, 0)).toBe(EBADF);
      expect(host.close(fd)).toBe(EBADF);
    }
    const fd = host.open('f', O_RDWR | O_CREAT, 0o644);
    expect(host.seek(fd, -1, 0)).toBe(EINVAL);
    expect(host.seek(fd, 0, -7)).toBe(EINVAL);
    expect(host.seek(fd, 0x7fffffff, 0)).toBe(EINVAL);
    expect(host.seek(fd, 1 << 28, 0)).toBe(1 << 28);
    expect(host.write(fd, new Uint8Array(1))).toBe(EFBIG);
  });

  it('too many open files', () => {
    for (let i = 0; i < 64; i++) expect(host.open(`f${i}`, O_RDWR | O_CREAT, 0o644)).toBe(3 + i);
    expect(host.open('one-more', O_RDWR | O_CREAT, 0o644)).toBe(EMFILE);
    expect(existsSync(join(root, 'one-more'))).toBe(false);
  });
});
