# XTOS: interrupt levels and the CPU's interrupts. Its state (src/interrupts.c): the interrupts that programs want, and
# those that the running handler's priority admits; INTENABLE is the intersection.
  .section .text.xtos,"ax",@progbits

# unsigned _xtos_set_intlevel(level): sets PS.INTLEVEL, returns the old one.
  .globl _xtos_set_intlevel
  .p2align 2
_xtos_set_intlevel:
  entry a1, 32
  extui a4, a2, 0, 4
  rsr.ps a3
  extui a2, a3, 0, 4
  xor a4, a4, a2
  xor a3, a3, a4
  wsr.ps a3
  rsync
  retw

# unsigned _xtos_set_min_intlevel(level): raises PS.INTLEVEL to at least `level`, returns the old PS.
  .globl _xtos_set_min_intlevel
  .p2align 2
_xtos_set_min_intlevel:
  entry a1, 32
  extui a4, a2, 0, 4
  rsr.ps a2
  extui a3, a2, 0, 4
  bge a3, a4, 1f
  xor a4, a4, a3
  xor a3, a2, a4
  wsr.ps a3
  rsync
1:
  retw

# void _xtos_restore_intlevel(ps): the whole PS.
  .globl _xtos_restore_intlevel
  .p2align 2
_xtos_restore_intlevel:
  entry a1, 32
  wsr.ps a2
  rsync
  retw

# unsigned _xtos_ints_on(mask), _xtos_ints_off(mask), _xtos_set_vpri(mask): return what was there.
  .macro change_state name, field
  .globl \name
  .p2align 2
\name:
  entry a1, 32
  movi a4, xtos_state
  rsil a7, 6
  l32i a3, a4, \field
  .endm

  .macro finish_change field
  s32i a5, a4, \field
  l32i a5, a4, 0
  l32i a6, a4, 4
  and a5, a5, a6
  wsr.intenable a5
  wsr.ps a7
  rsync
  mov a2, a3
  retw
  .endm

  change_state _xtos_ints_on, 0
  or a5, a3, a2
  finish_change 0

  change_state _xtos_ints_off, 0
  or a5, a3, a2
  xor a5, a5, a2
  finish_change 0

  change_state _xtos_set_vpri, 4
  mov a5, a2
  finish_change 4

  .globl _xtos_p_none
  .p2align 2
_xtos_p_none:
  entry a1, 32
  retw

# Counted locks of interrupts up to level 2 for both CPUs each. ets_waiti0 gives one lock back and waits.
  .globl ets_intr_lock
  .p2align 2
ets_intr_lock:
  entry a1, 32
  rsil a2, 2
  movi a3, ets_intr_count
  l32i a4, a3, 0
  addi a4, a4, 1
  s32i a4, a3, 0
  retw

  .globl ets_intr_unlock
  .p2align 2
ets_intr_unlock:
  entry a1, 32
  movi a3, ets_intr_count
  l32i a4, a3, 0
  addi a4, a4, -1
  s32i a4, a3, 0
  bnez a4, 1f
  rsil a2, 0
1:
  retw

  .globl ets_waiti0
  .p2align 2
ets_waiti0:
  entry a1, 32
  movi a3, ets_intr_count
  l32i a4, a3, 0
  addi a4, a4, -1
  s32i a4, a3, 0
  waiti 0
  retw
