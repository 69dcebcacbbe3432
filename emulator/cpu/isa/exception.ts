/** Exception Option. */
import { rowsOf } from './formats.ts';

const op = rowsOf('exception');

// prettier-ignore
export const EXCEPTION = [
  op('ill',     '0000 0000 0000 0000 0000 0000', [], { flags: ['jump'] }),
  op('excw',    '0000 0000 0010 0000 1000 0000', [], { timing: 'sync' }),
  op('syscall', '0000 0000 0101 0000 0000 0000', [], { flags: ['jump'] }),
  op('rfe',     '0000 0000 0011 0000 0000 0000', [], { timing: 'branch', flags: ['jump', 'privileged', 'sync'] }),
  op('rfde',    '0000 0000 0011 0010 0000 0000', [], { timing: 'branch', flags: ['jump', 'privileged', 'sync'] }),
] as const;
