/** Vectors of measuring programs that set VECBASE. */

/** Sets VECBASE to the program's vectors; uses a3. */
export const SET_VECBASE = `
        movi    a3, vectors
        wsr.vecbase a3
        rsync`;

/** The program's vectors from `offset` on, counted from VECBASE (emulator/cpu/config.ts). */
export const vectors = (offset: number, body: string): string => `
        .section .vectors, "ax"
    vectors:
        .space  ${offset}
${body}
        .text`;

/** WindowOverflow8 and WindowUnderflow8 as every Xtensa system has them. */
export const WINDOW8_VECTORS = vectors(
  0x80,
  `
        s32e    a0, a9, -16
        l32e    a0, a1, -12
        s32e    a1, a9, -12
        s32e    a2, a9, -8
        s32e    a3, a9, -4
        s32e    a4, a0, -32
        s32e    a5, a0, -28
        s32e    a6, a0, -24
        s32e    a7, a0, -20
        rfwo
        .align  64
        l32e    a0, a9, -16
        l32e    a1, a9, -12
        l32e    a2, a9, -8
        l32e    a7, a1, -12
        l32e    a3, a9, -4
        l32e    a4, a7, -32
        l32e    a5, a7, -28
        l32e    a6, a7, -24
        l32e    a7, a7, -20
        rfwu`,
);
