# BREAK and BREAK.N, instruction breakpoints (IBREAKA, IBREAKENABLE) and data breakpoints (DBREAKA, DBREAKC): debug
# exception at level 6 with DEBUGCAUSE, EPC6 and EPS6; nothing happens at INTLEVEL 6 and above.
  .include "macros.S"

  .text
# Notes the state; turns off what hit; steps over BREAK by the length found in `skip`.
  .p2align 2
handler:
  ENTER_HANDLER excsave6
  movi a3, seen
  rsr.debugcause a2
  s32i a2, a3, 0
  rsr.epc6 a2
  s32i a2, a3, 4
  rsr.eps6 a2
  s32i a2, a3, 8
  movi a2, 0
  wsr.ibreakenable a2
  wsr.dbreakc0 a2
  wsr.dbreakc1 a2
  movi a3, skip
  l32i a3, a3, 0
  rsr.epc6 a2
  add a2, a2, a3
  wsr.epc6 a2
  movi a3, count
  l32i a2, a3, 0
  addi a2, a2, 1
  s32i a2, a3, 0
  LEAVE_HANDLER
  rfi 6

  .macro report text, label
  PRINT_WORD "\text: taken ", count
  movi a6, seen
  l32i a7, a6, 0
  PRINT "  debugcause ", a7
  l32i a7, a6, 4
  movi a8, \label
  sub a7, a7, a8
  PRINT "  epc6 - label ", a7
  l32i a7, a6, 8
  PRINT "  eps6 ", a7
  .endm

  .globl main
  .p2align 2
main:
  entry a1, 64
  HANDLER DEBUG, handler
  movi a5, 3
  STORE_WORD a5, skip
at_break:
  break 1, 15
  report "break", at_break
  movi a5, 2
  STORE_WORD a5, skip
at_break_n:
  break.n 3
  report "break.n", at_break_n
  rsil a4, 6
  break 0, 0
  break.n 0
  rsil a4, 0
  PRINT_WORD "break at INTLEVEL 6: taken ", count

  movi a5, 0
  STORE_WORD a5, skip
  movi a4, at_ibreak
  wsr.ibreaka1 a4
  movi a4, 2
  wsr.ibreakenable a4
  isync
  movi a9, 0
  nop
at_ibreak:
  addi a9, a9, 1
  nop
  report "ibreak 1", at_ibreak
  PRINT "  instruction ran ", a9

  # Load, store, both; mask; no hit outside.
  movi a4, target
  wsr.dbreaka0 a4
  movi a5, 0x4000003c
  wsr.dbreakc0 a5
  dsync
  l32i a6, a4, 4
  s32i a6, a4, 0
  addi a7, a4, 64
  l32i a7, a7, 0
  nop
  PRINT_WORD "dbreak outside or other kind: taken ", count
  wsr.dbreaka0 a4
  movi a5, 0x4000003c
  wsr.dbreakc0 a5
  dsync
at_load:
  l32i a6, a4, 0
  nop
  report "dbreak 0 load", at_load
  movi a4, target
  wsr.dbreaka1 a4
  movi a5, 0x80000030
  wsr.dbreakc1 a5
  dsync
  movi a6, 0x99
  l32i a7, a4, 8
at_store:
  s8i a6, a4, 13
  nop
  report "dbreak 1 store", at_store
  movi a4, target
  l8ui a6, a4, 13
  PRINT "  stored ", a6
  movi a2, 0
  retw

  .data
  .p2align 6
target:
  .space 64
outside:
  .long 0
count:
  .long 0
skip:
  .long 0
seen:
  .long 0, 0, 0
