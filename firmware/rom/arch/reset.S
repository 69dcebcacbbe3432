# Reset of either core: interrupts off, window 0, region attributes, the two stacks, cleared statics, then C.
# APP_CPU is released with a start address in DPORT_APPCPU_CTRL_D or waits for one.
  .section .text.reset,"ax",@progbits
  .globl _ResetHandler
  .p2align 2
_ResetHandler:
  movi a0, 0
  wsr.intenable a0
  wsr.icountlevel a0
  # Bit 31 of DPORT_APPCPU_CTRL_D makes APP_CPU jump at once, before anything is set up.
  rsr.prid a2
  extui a2, a2, 8, 8
  movi a3, 0xab
  bne a2, a3, 1f
  movi a3, 0x3ff00038
  l32i a3, a3, 0
  bgez a3, 1f
  slli a3, a3, 1
  srli a3, a3, 1
  jx a3
1:
  movi a2, 0x40000000
  wsr.vecbase a2
  movi a2, 0x15
  wsr.atomctl a2
  movi a2, 0x1f
  wsr.ps a2
  rsync
  movi a2, 0
  wsr.windowbase a2
  rsync
  movi a2, 1
  wsr.windowstart a2
  rsync
  # Region attributes (Region Protection Option): 512 MB each from 0xe0000000 down; 15 is illegal, 2 bypass, 1 cached.
  movi a2, 0x2222211f
  movi a3, 0
  movi a4, 0x20000000
  movi a5, 8
2:
  extui a6, a2, 0, 4
  wdtlb a6, a3
  witlb a6, a3
  isync
  srli a2, a2, 4
  add a3, a3, a4
  addi a5, a5, -1
  bnez a5, 2b
  dsync
  # Fetches through the loop instruction buffer (MEMCTL.L0IBUF_EN); no coprocessor.
  movi a2, 1
  wsr.memctl a2
  movi a2, 0
  wsr.cpenable a2
  # The statics of this core; PRO_CPU also clears those that both share.
  movi a2, _percpu_start
  movi a3, _percpu_end
  movi a4, 0
3:
  s32i a4, a2, 0
  addi a2, a2, 4
  bltu a2, a3, 3b
  rsr.prid a2
  extui a2, a2, 8, 8
  movi a3, 0xcd
  bne a2, a3, 5f
  movi a2, _shared_start
  movi a3, _shared_end
4:
  s32i a4, a2, 0
  addi a2, a2, 4
  bltu a2, a3, 4b
5:
  # A spill of the first frame by CALL8 stores a4..a7 below the stack pointer of a caller, found at a1 - 12.
  movi a2, __stack
  addi a1, a2, -64
  addi a3, a1, -12
  s32i a2, a3, 0
  movi a0, 0
  # WOE | UM; INTENABLE is 0.
  movi a2, 0x40020
  wsr.ps a2
  rsync
  movi a8, rom_main
  callx8 a8
6:
  waiti 15
  j 6b
