/**
 * Semihosting in recorded runs: what the host answered is an input as well. Reads, files and times
 * go into a list in the order of the calls, and a replay takes them from there without a host.
 */
import type { SemihostingHost } from '../semihosting.ts';

/** A number, or the bytes of a read. */
export type HostAnswer = number | readonly number[];

const EIO = -5;

/** Passes on every call and notes every answer in `answers`. */
export function recordedHost(host: SemihostingHost, answers: HostAnswer[]): SemihostingHost {
  const note = (answer: number): number => {
    answers.push(answer);
    return answer;
  };
  return {
    write: (fd, bytes) => note(host.write(fd, bytes)),
    read: (fd, length) => {
      const answer = host.read(fd, length);
      answers.push(typeof answer === 'number' ? answer : [...answer]);
      return answer;
    },
    open: (path, flags, mode) => note(host.open(path, flags, mode)),
    close: (fd) => note(host.close(fd)),
    seek: (fd, offset, whence) => note(host.seek(fd, offset, whence)),
    exit: (code) => host.exit(code),
  };
}

/** Answers as recorded; text for descriptors 1 and 2 goes to `print`. */
export function replayedHost(
  answers: readonly HostAnswer[],
  print: (bytes: Uint8Array) => void,
): SemihostingHost {
  let next = 0;
  const answer = (): number => {
    const given = answers[next++];
    return typeof given === 'number' ? given : EIO;
  };
  return {
    write: (fd, bytes) => {
      if (fd === 1 || fd === 2) print(bytes);
      return answer();
    },
    read: () => {
      const given = answers[next++];
      if (given === undefined) return EIO;
      return typeof given === 'number' ? given : Uint8Array.from(given);
    },
    open: answer,
    close: answer,
    seek: answer,
    exit: () => {},
  };
}
