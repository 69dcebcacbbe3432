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

# unsigned _xtos_set_intlevel(level): sets PS.INTLEVEL, returns the old PS.
  .globl _xtos_set_intlevel
  .p2align 2
_xtos_set_intlevel:
  entry a1, 32
  extui a4, a2, 0, 4
  rsr.ps a2
  srli a3, a2, 4
  slli a3, a3, 4
  or a3, a3, a4
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
  srli a3, a2, 4
  slli a3, a3, 4
  or a3, a3, a4
  wsr.ps a3
  rsync
1:
  retw

# unsigned _xtos_restore_intlevel(ps): PS.INTLEVEL of `ps` back.
  .globl _xtos_restore_intlevel
  .p2align 2
_xtos_restore_intlevel:
  entry a1, 32
  extui a4, a2, 0, 4
  rsr.ps a2
  srli a3, a2, 4
  slli a3, a3, 4
  or a3, a3, a4
  wsr.ps a3
  rsync
  retw

# unsigned _xtos_ints_on(mask), _xtos_ints_off(mask): INTENABLE; return the old one.
  .globl _xtos_ints_on
  .p2align 2
_xtos_ints_on:
  entry a1, 32
  rsr.intenable a3
  or a4, a3, a2
  wsr.intenable a4
  rsync
  mov a2, a3
  retw

  .globl _xtos_ints_off
  .p2align 2
_xtos_ints_off:
  entry a1, 32
  rsr.intenable a3
  or a4, a3, a2
  xor a4, a4, a2
  wsr.intenable a4
  rsync
  mov a2, a3
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

  .globl _UserException
  .p2align 2
_UserException:
  movi a0, 9
  wsr.misc0 a0
  movi a0, _FatalException
  jx a0
