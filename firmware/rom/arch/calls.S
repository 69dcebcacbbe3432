# Functions that C cannot state: variable arguments and registers.
  .section .text.calls,"ax",@progbits

# int ets_printf(const char *format, ...): the first five arguments are in a3..a7, the rest on the caller's stack,
# which starts where this frame ends.
  .globl ets_printf
  .p2align 2
ets_printf:
  entry a1, 64
  s32i a3, a1, 0
  s32i a4, a1, 4
  s32i a5, a1, 8
  s32i a6, a1, 12
  s32i a7, a1, 16
  mov a10, a2
  mov a11, a1
  addi a12, a1, 64
  movi a8, print_format
  callx8 a8
  mov a2, a10
  retw

# Where every documented function without an implementation leads (build.ts): its slot is
#   entry a1, 32; mov.n a8, a0; call0 unimplemented
# so a0 is the slot's address + 8 and a8 the caller. Says so, then raises IllegalInstruction.
  .globl unimplemented
  .p2align 2
unimplemented:
  addi a10, a0, -8
  s32i a8, a1, 0
  movi a8, report_unimplemented
  callx8 a8
  l32i a0, a1, 0
  ill

# unsigned read_prid(void)
  .globl read_prid
  .p2align 2
read_prid:
  entry a1, 32
  rsr.prid a2
  retw

  .globl xthal_get_ccount
  .p2align 2
xthal_get_ccount:
  entry a1, 32
  rsr.ccount a2
  retw

  .globl xthal_set_ccompare
  .p2align 2
xthal_set_ccompare:
  entry a1, 32
  bnez a2, 1f
  wsr.ccompare0 a3
  j 3f
1:
  bnei a2, 1, 2f
  wsr.ccompare1 a3
  j 3f
2:
  wsr.ccompare2 a3
3:
  esync
  retw

  .globl xthal_get_ccompare
  .p2align 2
xthal_get_ccompare:
  entry a1, 32
  mov a3, a2
  rsr.ccompare0 a2
  beqz a3, 1f
  rsr.ccompare1 a2
  beqi a3, 1, 1f
  rsr.ccompare2 a2
1:
  retw

  .globl xthal_get_interrupt
  .p2align 2
xthal_get_interrupt:
  entry a1, 32
  rsr.interrupt a2
  retw

  .globl xthal_get_intenable
  .p2align 2
xthal_get_intenable:
  entry a1, 32
  rsr.intenable a2
  retw

  .globl xthal_set_intclear
  .p2align 2
xthal_set_intclear:
  entry a1, 32
  wsr.intclear a2
  retw

# unsigned read_special(which): 0 EXCCAUSE, 1 EXCVADDR, 2 EPC1, 3..7 EPC3..7, 8 DEPC.
  .globl read_special
  .p2align 2
read_special:
  entry a1, 32
  mov a3, a2
  rsr.exccause a2
  beqz a3, 1f
  rsr.excvaddr a2
  beqi a3, 1, 1f
  rsr.epc1 a2
  beqi a3, 2, 1f
  rsr.epc3 a2
  beqi a3, 3, 1f
  rsr.epc4 a2
  beqi a3, 4, 1f
  rsr.epc5 a2
  beqi a3, 5, 1f
  rsr.epc6 a2
  beqi a3, 6, 1f
  rsr.epc7 a2
  beqi a3, 7, 1f
  rsr.depc a2
1:
  retw
