/**
 * What an application gives the ROM's C library: a table of system calls whose functions are a heap that only grows,
 * locks that do nothing, a clock that stands, and a terminal that keeps what is written and hands out what is to be read.
 */
import { assemble } from '../../emulator/cpu/assemble.ts';
import type { RomCaller } from './rom-caller.fixtures.ts';

/** The mask ROM uses APP_CPU's pointer on both CPUs. */
const SYSCALL_TABLE_PTR_APP = 0x3ffa_e020;
const TABLE = 0x3ffd_0000;
const CODE = 0x4009_0000;
const STATE = 0x3ffd_0100;
/** struct _reent, cleared. */
export const REENT = 0x3ffd_0200;
/** Bytes written so far, and the first of them. */
const WRITTEN = STATE + 4;
const OUTPUT = 0x3ffd_1000;
/** What read() hands out: address and end. */
const INPUT = STATE + 8;
const INPUT_END = STATE + 12;
const INPUT_TEXT = 0x3ffd_3000;
export const HEAP = 0x3ffd_4000;
export const ENVIRON = 0x3ffa_e0b4;
/** Seconds that gettimeofday gives. */
export const NOW = 1_234_567_890;

const PROGRAM = assemble(
  `
    .text
    .literal_position
getreent:
    entry a1, 32
    movi  a2, ${REENT}
    retw
    .align 4
# a3 bytes from the heap
malloc:
    entry a1, 32
    movi  a4, ${STATE}
    l32i  a2, a4, 0
    addi  a3, a3, 7
    srli  a3, a3, 2
    slli  a3, a3, 2
    add   a3, a2, a3
    s32i  a3, a4, 0
    retw
    .align 4
# a new block of a4 bytes with what the old one held, and what lies behind it
realloc:
    entry a1, 32
    mov   a10, a2
    mov   a11, a4
    call8 malloc
    mov   a2, a10
    beqz  a3, realloc_end
    mov   a5, a10
realloc_next:
    beqz  a4, realloc_end
    l8ui  a6, a3, 0
    s8i   a6, a5, 0
    addi  a3, a3, 1
    addi  a5, a5, 1
    addi  a4, a4, -1
    j     realloc_next
realloc_end:
    retw
    .align 4
calloc:
    entry a1, 32
    mull  a11, a3, a4
    mov   a10, a2
    call8 malloc
    mov   a2, a10
    retw
    .align 4
zero:
    entry a1, 32
    movi  a2, 0
    retw
    .align 4
minus_one:
    entry a1, 32
    movi  a2, -1
    retw
    .align 4
time:
    entry a1, 32
    movi  a4, ${NOW}
    s32i  a4, a3, 0
    movi  a2, 0
    s32i  a2, a3, 4
    retw
    .align 4
# a2 reent, a3 descriptor, a4 text, a5 length
write:
    entry a1, 32
    movi  a6, ${WRITTEN}
    l32i  a7, a6, 0
    add   a8, a7, a5
    s32i  a8, a6, 0
    movi  a8, ${OUTPUT}
    add   a7, a7, a8
    mov   a2, a5
write_next:
    beqz  a5, write_end
    l8ui  a8, a4, 0
    s8i   a8, a7, 0
    addi  a4, a4, 1
    addi  a7, a7, 1
    addi  a5, a5, -1
    j     write_next
write_end:
    retw
    .align 4
read:
    entry a1, 32
    movi  a6, ${INPUT}
    l32i  a7, a6, 0
    l32i  a8, a6, 4
    movi  a2, 0
read_next:
    beqz  a5, read_end
    beq   a7, a8, read_end
    l8ui  a9, a7, 0
    s8i   a9, a4, 0
    addi  a7, a7, 1
    addi  a4, a4, 1
    addi  a2, a2, 1
    addi  a5, a5, -1
    j     read_next
read_end:
    s32i  a7, a6, 0
    retw
    .align 4
# a pipe: st_mode 0
fstat:
    entry a1, 32
    movi  a2, 0
    s32i  a2, a4, 4
    retw
`,
  { origins: { '.text': CODE } },
);

/** Functions of the table by index (libc_stubs.h of ESP-IDF); all others return 0. */
const FUNCTIONS: Readonly<Record<number, string>> = {
  0: 'getreent',
  1: 'malloc',
  3: 'realloc',
  4: 'calloc',
  9: 'time',
  14: 'fstat',
  21: 'write',
  22: 'minus_one',
  23: 'read',
};

export function installLibc(caller: RomCaller): void {
  caller.load(PROGRAM);
  for (let i = 0; i < 40; i++)
    caller.write32(TABLE + i * 4, PROGRAM.address(FUNCTIONS[i] ?? 'zero'));
  caller.write32(SYSCALL_TABLE_PTR_APP, TABLE);
  caller.write32(0x3ffa_e0b0, REENT);
  resetLibc(caller);
}

/** A cleared struct _reent, an empty heap, nothing written, `input` to be read. */
export function resetLibc(caller: RomCaller, input = ''): void {
  for (let at = REENT; at < REENT + 0x200; at += 4) caller.write32(at, 0);
  caller.write32(STATE, HEAP);
  caller.write32(WRITTEN, 0);
  caller.write(INPUT_TEXT, Buffer.from(input, 'latin1'));
  caller.write32(INPUT, INPUT_TEXT);
  caller.write32(INPUT_END, INPUT_TEXT + input.length);
}

/** What has been written to any descriptor. */
export function written(caller: RomCaller): string {
  return Buffer.from(caller.bytes(OUTPUT, caller.read32(WRITTEN))).toString('latin1');
}

/** Sets the environment to `NAME=value` strings, which lie at `at` behind their list. */
export function setEnvironment(caller: RomCaller, at: number, strings: readonly string[]): void {
  let text = at + strings.length * 4 + 4;
  strings.forEach((string, i) => {
    caller.write32(at + i * 4, text);
    caller.string(text, string);
    text += string.length + 1;
  });
  caller.write32(at + strings.length * 4, 0);
  caller.write32(ENVIRON, at);
}
