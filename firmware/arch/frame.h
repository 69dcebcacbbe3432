/*
 * Memory layouts that assembly and Rust share (build.ts turns this file into Rust constants; the kernel asserts
 * that its structures agree).
 *
 * Interrupt frame: FRAME_SIZE bytes below the interrupted stack pointer. Its last 16 bytes are the base save area
 * of the interrupted function's caller and belong to the window vectors.
 * Switch frame (F_KIND 0): what arch_switch leaves of a task that gave up the core by a call.
 */
#ifndef FRAME_H
#define FRAME_H

#define FRAME_SIZE 256
#define FRAME_BASE_SAVE 240
#define F_KIND 0
#define F_PC 4
#define F_PS 8
#define F_SAR 12
#define F_A0 16
#define F_A1 20
#define F_A2 24
#define F_A3 28
#define F_A4 32
#define F_A5 36
#define F_A6 40
#define F_A7 44
#define F_A8 48
#define F_A9 52
#define F_A10 56
#define F_A11 60
#define F_A12 64
#define F_A13 68
#define F_A14 72
#define F_A15 76
#define F_LBEG 80
#define F_LEND 84
#define F_LCOUNT 88
#define F_SCOMPARE1 92
#define F_BR 96
#define F_ACCLO 100
#define F_ACCHI 104
#define F_M0 108
#define F_M1 112
#define F_M2 116
#define F_M3 120
#define F_EXCCAUSE 124
#define F_EXCVADDR 128
#define F_CPENABLE 132

/* Per-core block; MISC0 holds its address. */
#define C_NEST 0
#define C_ISR_STACK 4
#define C_FROM 8
#define C_TO 12
#define C_CURRENT 16
#define C_FPU_OWNER 20
#define C_ID 24
#define C_FAULT_FRAME 28
#define C_FAULT_STACK 32
/* A blocked task waits on its own stack: IDLE_SOON before arch_wait, 1 in its WAITI, 2 woken from it; else 0 */
#define C_IDLE 36
#define IDLE_SOON 3
#define C_READY 40
/* Register that raises this core's cross-core interrupt; CCOUNT when arch_wait began to wait and when it was woken */
#define C_SIGNAL 44
#define C_SLEPT 48
#define C_WOKEN 52
/* CPU interrupt of the cross-core interrupt */
#define CROSS_CORE 1
#define C_SIZE 64

/* First fields of a task */
#define T_SP 0
#define T_ON_CPU 4
#define T_PINNED 8
#define T_FPU 12
#define T_SINCE 84
#define T_CYCLES 88
#define T_STATE 96
#define T_PRIORITY 97
#define T_STACK 116
#define T_SIZE 168
/* Four bytes of a stack that was never used */
#define STACK_WORD 0xa5a5a5a5
#define STATE_READY 1
#define STATE_RUNNING 2

/* The kernel's state: bytes and words by core, links of the ready queues, tasks */
#define K_HERE 0
#define K_CURRENT 1
#define K_RESCHED 3
#define K_SLICE 5
#define K_SWITCHES 12
#define K_NEXT 32
#define K_PREVIOUS 64
#define K_TASKS 240

/* A ready queue */
#define R_OCCUPIED 0
#define R_HEAD 4
#define R_TAIL 36

/* Why kernel_fault is called */
#define FAULT_EXCEPTION 0
#define FAULT_DOUBLE 1
#define FAULT_DEBUG 2
#define FAULT_NMI 3
#define FAULT_LEVEL4 4
#define FAULT_LEVEL5 5

/* PS of the kernel: WOE and UM; with INTLEVEL 3, which masks all interrupts that call Rust */
#define PS_TASK 0x40020
#define PS_KERNEL 0x40023
#define LOW_INTERRUPTS 0x28febfff

#endif
