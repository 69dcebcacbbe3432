# All ones, then all zeros, written to and read back from the special registers whose masks the ESP32 and QEMU's
# cores share; XSR exchanges; ACCHI sign-extends its 8 bits.
  .include "macros.S"

  .macro masked name, tmp=a5
  movi a4, -1
  wsr.\name a4
  rsync
  rsr.\name a5
  movi a6, 0
  xsr.\name a6
  rsync
  rsr.\name a7
  PRINT "\name ones: ", a5
  PRINT "  xsr: ", a6
  PRINT "  zeros: ", a7
  .endm

  .text
  .globl main
  .p2align 2
main:
  entry a1, 64
  rsil a4, 15
  masked sar
  masked lbeg
  masked lend
  masked scompare1
  masked acclo
  masked acchi
  masked m0
  masked m1
  masked m2
  masked m3
  masked epc1
  masked epc2
  masked epc5
  masked epc6
  masked depc
  masked excsave1
  masked excsave2
  masked excsave5
  masked excvaddr
  masked misc0
  masked misc1
  masked ccompare1

  movi a4, 0x7f
  wsr.acchi a4
  rsr.acchi a5
  PRINT "acchi 7f: ", a5
  movi a4, 0x180
  wsr.acchi a4
  rsr.acchi a5
  PRINT "acchi 180: ", a5
  movi a4, 0x12345678
  wur.threadptr a4
  rur.threadptr a5
  PRINT "threadptr: ", a5

  # SAR set by the shift-amount instructions.
  movi a4, 0x23
  .irp name, ssr, ssl, ssa8l
  \name a4
  rsr.sar a5
  PRINT "sar after \name 23: ", a5
  .endr
  movi a4, 0
  ssl a4
  rsr.sar a5
  PRINT "sar after ssl 0: ", a5
  ssai 31
  rsr.sar a5
  PRINT "sar after ssai 31: ", a5

  # Shifts by 32, which only SSL 0 and WSR can ask for.
  movi a4, 0x89abcdef
  movi a5, 32
  wsr.sar a5
  srl a6, a4
  PRINT "srl by 32: ", a6
  sra a6, a4
  PRINT "sra by 32: ", a6
  sll a6, a4
  PRINT "sll with sar 32: ", a6
  movi a2, 0
  retw
