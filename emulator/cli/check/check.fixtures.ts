/** A small program and gate files for the tests of `lockstep32 check`. */
import { elf, file } from '../command.fixtures.ts';

/**
 * Prints `boot` on UART0, then toggles GPIO2 without end and counts in `count`. `flag` makes it do
 * something else once: 1 resets the chip, 2 reads a register that is not modelled, 3 masks interrupts
 * for 1000 turns of a loop of at least 3 cycles, 4 prints `panic`, 5 ends with code 7.
 * `stack` has 64 bytes of 0xa5, of which the upper 16 are written.
 */
export const PROGRAM = `
        movi  a2, 0
        wsr   a2, ps            // EXCM was set by the reset
        rsync
        movi  a10, text
        call0 print
        movi  a2, stack
        movi  a3, 0
        s32i  a3, a2, 48
        s32i  a3, a2, 60
        movi  a8, 0x3ff44000
        movi  a9, 4
        s32i  a9, a8, 0x20      // GPIO_ENABLE: GPIO2
        movi  a11, count
turn:   l32i  a6, a8, 4
        xor   a6, a6, a9
        s32i  a6, a8, 4
        l32i  a6, a11, 0
        addi  a6, a6, 1
        s32i  a6, a11, 0
        movi  a7, 1000
wait:   addi  a7, a7, -1
        bnez  a7, wait
        l32i  a6, a11, 4
        beqz  a6, turn
        movi  a7, 0
        s32i  a7, a11, 4
        beqi  a6, 1, reset
        beqi  a6, 2, touch
        beqi  a6, 3, mask
        beqi  a6, 4, cry
        movi  a2, 1
        movi  a3, 7
        simcall
reset:  movi  a2, 0x3ff48000
        movi  a3, -1
        s32i  a3, a2, 0         // RTC_CNTL_OPTIONS0: SW_SYS_RST
        j     turn
touch:  movi  a2, 0x3ff69000    // EMAC
        l32i  a3, a2, 0
        j     turn
mask:   rsil  a2, 3
        movi  a7, 1000
masked: addi  a7, a7, -1
        bnez  a7, masked
        wsr   a2, ps
        rsync
        j     turn
cry:    movi  a10, bad
        call0 print
        j     turn
        .align 4
print:  movi  a12, 0x3ff40000
next:   l8ui  a13, a10, 0
        beqz  a13, done
        s32i  a13, a12, 0       // UART_FIFO
        addi  a10, a10, 1
        j     next
done:   ret
        .data
        .align 4
stack:  .fill 64, 1, 0xa5
count:  .word 0
flag:   .word 0
text:   .asciz "boot\\n"
bad:    .asciz "panic\\n"`;

export function program(): string {
  return elf('program.elf', PROGRAM);
}

/** A gate file for the program beside it. */
export function gateFile(name: string, text: string): string {
  return file(name, `machine: { firmware: program.elf }\n${text}`);
}
