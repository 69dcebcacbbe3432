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

# Routes a vector to ROUTINE. Changes a2 and a3. Vectors are those of vectors.S.
  .set VECTOR_LEVEL2, 0
  .set VECTOR_LEVEL3, 1
  .set VECTOR_LEVEL4, 2
  .set VECTOR_LEVEL5, 3
  .set VECTOR_DEBUG, 4
  .set VECTOR_NMI, 5
  .set VECTOR_KERNEL, 6
  .set VECTOR_USER, 7
  .set VECTOR_DOUBLE, 8
  .macro HANDLER vector, routine
  movi a2, handlers
  movi a3, \routine
  s32i a3, a2, \vector * 4
  .endm

# Ends the test with exit code CODE.
  .macro EXIT code
  movi a3, \code
  movi a0, exit
  jx a0
  .endm
