# Zero-overhead loops: LOOP, LOOPNEZ and LOOPGTZ with counts 0, 1, many and negative, LBEG/LEND/LCOUNT written by
# WSR, branches out of a loop, a branch as last instruction, a jump to LEND, calls inside, and PS.EXCM, which turns
# the loop-back off.
  .include "macros.S"

  .text
  .macro counted name, count
  movi a4, \count
  movi a5, 0
  \name a4, .Lend\@
  addi a5, a5, 1
  addi a5, a5, 2
.Lend\@:
  PRINT "\name \count: ", a5
  rsr.lcount a6
  PRINT "  lcount: ", a6
  .endm

  .p2align 2
three_times:
  entry a1, 48
  movi a4, 3
  loop a4, 1f
  addi a2, a2, 7
1:
  retw

  .globl main
  .p2align 2
main:
  entry a1, 64
  counted loop, 1
  counted loop, 2
  counted loop, 1000
  counted loopnez, 0
  counted loopnez, 1
  counted loopnez, 5
  counted loopgtz, 0
  counted loopgtz, -1
  counted loopgtz, -2048
  counted loopgtz, 4

  # LBEG and LEND as LOOP leaves them.
  movi a4, 2
  loop a4, 1f
2:
  nop
1:
  rsr.lbeg a5
  movi a6, 2b
  sub a5, a5, a6
  PRINT "lbeg - body: ", a5
  rsr.lend a5
  movi a6, 1b
  sub a5, a5, a6
  PRINT "lend - end: ", a5

  # A loop inside a loop, with the outer registers saved by hand.
  movi a4, 3
  movi a5, 0
  loop a4, 1f
  rsr.lbeg a8
  rsr.lend a9
  rsr.lcount a10
  movi a6, 4
  loop a6, 2f
  addi a5, a5, 1
2:
  wsr.lbeg a8
  wsr.lend a9
  wsr.lcount a10
  isync
  addi a5, a5, 16
1:
  PRINT "nested: ", a5

  # Leaving by a branch keeps LCOUNT; falling over the old LEND later loops again.
  movi a4, 9
  movi a5, 0
  loop a4, 1f
  addi a5, a5, 1
  beqi a5, 4, 2f
  nop
1:
  j 3f
2:
  rsr.lcount a6
  movi a7, 0
  wsr.lcount a7
  isync
3:
  PRINT "left after: ", a5
  PRINT "lcount on leaving: ", a6

  # The last instruction is a conditional branch: taken leaves, not taken loops.
  movi a4, 6
  movi a5, 0
  movi a6, 0
  loop a4, 1f
  addi a5, a5, 1
  beqi a5, 4, 2f
1:
  addi a6, a6, 1
2:
  rsr.lcount a7
  PRINT "branch last, iterations: ", a5
  PRINT "  fell through: ", a6
  PRINT "  lcount: ", a7

  # A backward branch inside the body.
  movi a4, 3
  movi a5, 0
  loop a4, 1f
  movi a6, 2
2:
  addi a5, a5, 1
  addi a6, a6, -1
  bnez a6, 2b
  nop
1:
  PRINT "inner branch: ", a5

  # A jump from outside into the body: reaching LEND loops back while LCOUNT is not 0.
  movi a4, 1b
  wsr.lend a4
  movi a4, 2b
  wsr.lbeg a4
  movi a5, 0
  movi a6, 1
  movi a4, 2f
  wsr.lbeg a4
  movi a4, 1f
  wsr.lend a4
  movi a4, 5
  wsr.lcount a4
  isync
  j 3f
2:
  addi a5, a5, 1
3:
  addi a5, a5, 32
1:
  PRINT "by wsr: ", a5

  # A taken jump to LEND itself is no loop-back.
  movi a4, 2f
  wsr.lbeg a4
  movi a4, 1f
  wsr.lend a4
  movi a4, 5
  wsr.lcount a4
  movi a5, 0
  isync
  j 1f
2:
  addi a5, a5, 1
1:
  rsr.lcount a6
  movi a7, 0
  wsr.lcount a7
  isync
  PRINT "jump to lend: ", a5
  PRINT "  lcount: ", a6

  # PS.EXCM: the body runs once and LCOUNT stays.
  movi a4, 4
  movi a5, 0
  movi a6, 0x40030
  movi a7, 0x40020
  wsr.ps a6
  rsync
  loop a4, 1f
  addi a5, a5, 1
1:
  rsr.lcount a6
  wsr.ps a7
  rsync
  movi a7, 0
  wsr.lcount a7
  isync
  PRINT "with EXCM: ", a5
  PRINT "  lcount: ", a6

  # The callee's loop replaces the caller's registers.
  movi a10, 1
  movi a8, three_times
  callx8 a8
  PRINT "in a callee: ", a10

  # Long body, narrow instructions at the end.
  movi a4, 10
  movi a5, 0
  loop a4, 1f
  .rept 60
  addi a5, a5, 3
  .endr
  addi.n a5, a5, 1
  mov.n a5, a5
1:
  PRINT "long body: ", a5
  movi a2, 0
  retw
