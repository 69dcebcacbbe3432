# CCOUNT and the three CCOMPARE timers: levels 1, 3 and 5 (interrupts 6, 15, 16 on the ESP32, 6, 10, 13 on QEMU's
# cores). An interrupt pends when CCOUNT reaches CCOMPARE, also when it is not enabled; writing CCOMPARE clears it.
# WAITI sleeps until one comes. Only the order of events is printed: QEMU's CCOUNT follows another clock.
  .include "macros.S"

  .text
  .macro timer_handler name, excsave, compare, area, return
  .p2align 2
\name:
  ENTER_HANDLER \excsave, \area
  movi a3, order
  l32i a2, a3, 0
  slli a2, a2, 4
  addi a2, a2, \area + 1
  s32i a2, a3, 0
  rsr.\compare a2
  wsr.\compare a2
  LEAVE_HANDLER \area
  \return
  .endm
  timer_handler handler0, excsave1, ccompare0, 0, rfe
  timer_handler handler1, excsave3, ccompare1, 1, "rfi 3"
  timer_handler handler2, excsave5, ccompare2, 2, "rfi 5"

# Spins until CCOUNT has passed all three compare values.
  .macro pass_all
.Lspin\@:
  rsr.ccount a4
  sub a4, a4, a5
  bltz a4, .Lspin\@
  .endm

# CCOMPARE0, 1, 2 = CCOUNT + the given numbers; a5 = CCOUNT + LAST.
  .macro arm zero, one, two, last
  rsr.ccount a4
  movi a5, \zero
  add a5, a5, a4
  wsr.ccompare0 a5
  movi a5, \one
  add a5, a5, a4
  wsr.ccompare1 a5
  movi a5, \two
  add a5, a5, a4
  wsr.ccompare2 a5
  movi a5, \last
  add a5, a5, a4
  rsync
  .endm

# The pending timer interrupts as digits 2, 1, 0.
  .macro pending reg
  rsr.interrupt a4
  movi \reg, 0
  .irp index, 2, 1, 0
  slli \reg, \reg, 4
  movi a3, mask\index
  l32i a3, a3, 0
  and a3, a3, a4
  movi a2, 1
  movnez a3, a2, a3
  or \reg, \reg, a3
  .endr
  .endm

  .globl main
  .p2align 2
main:
  entry a1, 64
  HANDLER USER, handler0
  HANDLER LEVEL3, handler1
  HANDLER LEVEL5, handler2
  movi a4, 0x40
  STORE_WORD a4, mask0
  ESP32_ELSE_QEMU a5, 0x8000, 0x400
  STORE_WORD a5, mask1
  or a4, a4, a5
  ESP32_ELSE_QEMU a5, 0x10000, 0x2000
  STORE_WORD a5, mask2
  or a7, a4, a5

  # Time goes forward.
  rsr.ccount a4
  rsr.ccount a5
  sub a5, a5, a4
  movi a6, 0
  movi a4, 1
  movgez a6, a4, a5
  PRINT "ccount not backwards: ", a6

  # Pending without being enabled, cleared by a write.
  arm 20000, 20000, 20000, 21000
  pass_all
  pending a6
  PRINT "pending, not enabled: ", a6
  rsr.ccompare1 a4
  wsr.ccompare1 a4
  rsync
  pending a6
  PRINT "pending after ccompare1 was written: ", a6
  PRINT_WORD "order: ", order

  # In the order of their times: 2, 0, 1.
  rsil a6, 5
  wsr.intenable a7
  arm 60000, 90000, 30000, 100000
  rsil a6, 0
  pass_all
  PRINT_WORD "order by time: ", order
  pending a6
  PRINT "pending: ", a6

  # All due while masked: the highest level goes first.
  movi a6, 0
  STORE_WORD a6, order
  rsil a6, 5
  arm 20000, 20000, 20000, 21000
  pass_all
  pending a6
  PRINT "pending at INTLEVEL 5: ", a6
  rsil a6, 0
  nop
  nop
  PRINT_WORD "order by level: ", order

  # WAITI wakes for a timer and lets only what its level allows.
  movi a6, 0
  STORE_WORD a6, order
  arm 30000, 60000, 90000, 90000
  waiti 0
  PRINT_WORD "after waiti 0: ", order
  waiti 1
  PRINT_WORD "after waiti 1: ", order
  rsr.ps a6
  PRINT "ps: ", a6
  waiti 3
  PRINT_WORD "after waiti 3: ", order
  rsr.ps a6
  PRINT "ps: ", a6
  rsil a6, 0

  # CCOUNT can be written; a compare value just passed does not fire until the counter has wrapped.
  movi a6, 0
  STORE_WORD a6, order
  movi a4, 0x7fff0000
  wsr.ccount a4
  rsync
  rsr.ccount a5
  extui a5, a5, 20, 12
  PRINT "ccount >> 20 after a write: ", a5
  rsr.ccount a4
  addi a4, a4, -100
  wsr.ccompare0 a4
  wsr.ccompare1 a4
  wsr.ccompare2 a4
  rsync
  movi a5, 20000
  add a5, a5, a4
  pass_all
  PRINT_WORD "order with compare in the past: ", order
  movi a2, 0
  wsr.intenable a2
  retw

  .data
  .p2align 2
order:
  .long 0
mask0:
  .long 0
mask1:
  .long 0
mask2:
  .long 0
