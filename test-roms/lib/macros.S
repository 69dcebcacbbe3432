# Macros of the test ROMs.

# SIMCALL (the assembler does not know it): number in a2, arguments in a3.., result in a2.
  .macro SIMCALL
  .byte 0x00, 0x51, 0x00
  .endm

# Appends TEXT, the value of REG and a newline to the output. Keeps all AR and SAR, works in any window
# and at any PS; changes MISC0, MISC1, EXCSAVE6 and EXCSAVE7. Not reentrant.
  .macro PRINT text, reg
  wsr.excsave7 \reg
  wsr.misc0 a0
  wsr.misc1 a2
  .pushsection .rodata.str,"a",@progbits
.Lprint\@:
  .asciz "\text"
  .popsection
  movi a2, .Lprint\@
  movi a0, rom_print
  callx0 a0
  rsr.misc1 a2
  rsr.misc0 a0
  .endm

# PRINT of a 32-bit word in memory. Changes TMP.
  .macro PRINT_WORD text, symbol, tmp=a3
  movi \tmp, \symbol
  l32i \tmp, \tmp, 0
  PRINT "\text", \tmp
  .endm

# Stores REG into the word SYMBOL. Changes TMP.
  .macro STORE_WORD reg, symbol, tmp=a3
  movi \tmp, \symbol
  s32i \reg, \tmp, 0
  .endm

# Routes a vector of vectors.S to ROUTINE. Changes a2 and a3.
# VECTOR: LEVEL2 LEVEL3 LEVEL4 LEVEL5 DEBUG NMI KERNEL USER DOUBLE
  .macro HANDLER vector, routine
  movi a2, handler_\vector
  movi a3, \routine
  s32i a3, a2, 0
  .endm

# Ends the test with exit code CODE.
  .macro EXIT code
  movi a3, \code
  movi a0, exit
  jx a0
  .endm

# First and last lines of a handler: keep a0 (found in EXCSAVE), a2 and a3 in `handler_areaN`. A handler that can
# interrupt another one uses another AREA (0..2).
  .macro ENTER_HANDLER excsave, area=0
  movi a0, handler_area\area
  s32i a2, a0, 4
  s32i a3, a0, 8
  rsr.\excsave a2
  s32i a2, a0, 0
  .endm
  .macro LEAVE_HANDLER area=0
  movi a0, handler_area\area
  l32i a3, a0, 8
  l32i a2, a0, 4
  l32i a0, a0, 0
  .endm

# Numbers that differ between the ESP32 and QEMU's cores: the masks of the level-3 software interrupt and of the
# timer interrupts. CONFIGID0 (SR 176) tells which core this is. Changes TMP.
  .macro ESP32_ELSE_QEMU reg, esp32, qemu, tmp=a3
  movi \reg, 0xc2bcfffe
  rsr \tmp, 176
  beq \tmp, \reg, .Lesp32\@
  movi \reg, \qemu
  j .Lchosen\@
.Lesp32\@:
  movi \reg, \esp32
.Lchosen\@:
  .endm
