# What GCC makes of ../coremark-workload/main.c for the ESP32, so that the timing suite has the code shape
# that published scores have. By GCC 12.2 for the LX106 (Debian gcc-xtensa-lx106), which knows the windowed
# ABI and MUL16 but neither SEXT nor LOOP nor the ESP32's configuration:
#   cc1 -O3 -ffreestanding -fno-builtin -fno-reorder-functions -mabi=windowed -mtext-section-literals
# then changed as the ESP32's GCC would have it: SLLI and SRAI by 16 are one SEXT (18 places); the ten counted
# innermost loops of matrix_part are LOOP (where a pointer is compared, the count is computed before, by
# SUB, ADDI, SRLI, ADDI); branches too far are inverted over a J, as GAS does it. Functions that are only
# left over from inlining are out.
	.text
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	4
.LC1:
	.string	"0123456789abcdef"
	.text
	.p2align 2
	.literal_position
	.literal .LC2, .LC1
	.align	4
put_hex:
	entry	a1, 48
	l32r	a8, .LC2
	extui	a4, a3, 8, 4
	extui	a11, a3, 24, 4
	add.n	a11, a8, a11
	extui	a9, a3, 12, 4
	add.n	a4, a8, a4
	extui	a13, a3, 4, 4
	l8ui	a15, a11, 0
	add.n	a13, a8, a13
	l8ui	a4, a4, 0
	extui	a10, a3, 28, 4
	extui	a12, a3, 20, 4
	add.n	a9, a8, a9
	extui	a11, a3, 0, 4
	l8ui	a9, a9, 0
	l8ui	a14, a13, 0
	add.n	a12, a8, a12
	add.n	a11, a8, a11
	add.n	a10, a8, a10
	extui	a3, a3, 16, 4
	l8ui	a13, a12, 0
	l8ui	a10, a10, 0
	l8ui	a12, a11, 0
	add.n	a8, a8, a3
	slli	a4, a4, 8
	slli	a15, a15, 8
	slli	a14, a14, 16
	l8ui	a11, a8, 0
	or	a3, a9, a4
	or	a8, a10, a15
	slli	a9, a13, 16
	or	a3, a3, a14
	slli	a12, a12, 24
	or	a8, a8, a9
	or	a3, a3, a12
	slli	a11, a11, 24
	or	a8, a8, a11
	s32i.n	a3, a1, 4
	mov.n	a10, a2
	movi.n	a3, 0xa
	s32i.n	a8, a1, 0
	s8i	a3, a1, 8
	movi	a8, strlen
	callx8	a8
	mov.n	a12, a10
	mov.n	a11, a2
	movi.n	a10, 1
	movi	a8, host_write
	callx8	a8
	movi.n	a12, 9
	mov.n	a11, a1
	movi.n	a10, 1
	movi	a8, host_write
	callx8	a8
	retw.n
	.p2align 2
	.literal_position
	.literal .LC6, -24575
	.align	4
crc_half:
	entry	a1, 32
	extui	a9, a2, 0, 8
	xor	a10, a3, a9
	extui	a8, a2, 0, 16
	extui	a3, a3, 1, 15
	extui	a2, a2, 1, 7
	bbci	a10, 0, .L4
	l32r	a10, .LC6
	xor	a3, a3, a10
	extui	a3, a3, 0, 16
.L4:
	xor	a11, a2, a3
	srli	a10, a9, 2
	srli	a2, a3, 1
	bbci	a11, 0, .L5
	l32r	a3, .LC6
	xor	a2, a2, a3
	extui	a2, a2, 0, 16
.L5:
	xor	a3, a10, a2
	srli	a10, a9, 3
	srli	a2, a2, 1
	bbci	a3, 0, .L6
	l32r	a3, .LC6
	xor	a2, a2, a3
	extui	a2, a2, 0, 16
.L6:
	xor	a10, a10, a2
	srli	a3, a9, 4
	srli	a2, a2, 1
	bbci	a10, 0, .L7
	l32r	a10, .LC6
	xor	a2, a2, a10
	extui	a2, a2, 0, 16
.L7:
	xor	a3, a3, a2
	srli	a10, a9, 5
	srli	a2, a2, 1
	bbci	a3, 0, .L8
	l32r	a3, .LC6
	xor	a2, a2, a3
	extui	a2, a2, 0, 16
.L8:
	xor	a10, a10, a2
	srli	a3, a9, 6
	srli	a2, a2, 1
	bbci	a10, 0, .L9
	l32r	a10, .LC6
	xor	a2, a2, a10
	extui	a2, a2, 0, 16
.L9:
	xor	a3, a3, a2
	srli	a9, a9, 7
	srli	a2, a2, 1
	bbci	a3, 0, .L10
	l32r	a3, .LC6
	xor	a2, a2, a3
	extui	a2, a2, 0, 16
.L10:
	xor	a9, a9, a2
	srli	a2, a2, 1
	bbci	a9, 0, .L11
	l32r	a3, .LC6
	xor	a2, a2, a3
	extui	a2, a2, 0, 16
.L11:
	srli	a3, a8, 8
	xor	a9, a3, a2
	srli	a8, a8, 9
	srli	a2, a2, 1
	bbci	a9, 0, .L12
	l32r	a9, .LC6
	xor	a2, a2, a9
	extui	a2, a2, 0, 16
.L12:
	xor	a8, a8, a2
	srli	a9, a3, 2
	srli	a2, a2, 1
	bbci	a8, 0, .L13
	l32r	a8, .LC6
	xor	a2, a2, a8
	extui	a2, a2, 0, 16
.L13:
	xor	a8, a9, a2
	srli	a9, a3, 3
	srli	a2, a2, 1
	bbci	a8, 0, .L14
	l32r	a8, .LC6
	xor	a2, a2, a8
	extui	a2, a2, 0, 16
.L14:
	xor	a9, a9, a2
	srli	a8, a3, 4
	srli	a2, a2, 1
	bbci	a9, 0, .L15
	l32r	a9, .LC6
	xor	a2, a2, a9
	extui	a2, a2, 0, 16
.L15:
	xor	a8, a8, a2
	srli	a9, a3, 5
	srli	a2, a2, 1
	bbci	a8, 0, .L16
	l32r	a8, .LC6
	xor	a2, a2, a8
	extui	a2, a2, 0, 16
.L16:
	xor	a9, a9, a2
	srli	a8, a3, 6
	srli	a2, a2, 1
	bbci	a9, 0, .L17
	l32r	a9, .LC6
	xor	a2, a2, a9
	extui	a2, a2, 0, 16
.L17:
	xor	a8, a8, a2
	srli	a3, a3, 7
	srli	a2, a2, 1
	bbci	a8, 0, .L18
	l32r	a8, .LC6
	xor	a2, a2, a8
	extui	a2, a2, 0, 16
.L18:
	xor	a3, a3, a2
	srli	a2, a2, 1
	bbci	a3, 0, .L19
	l32r	a3, .LC6
	xor	a2, a2, a3
	extui	a2, a2, 0, 16
.L19:
	retw.n
	.align	4
crc_signed:
	entry	a1, 32
	extui	a11, a3, 0, 16
	extui	a10, a2, 0, 16
	call8	crc_half
	mov.n	a2, a10
	retw.n
	.align	4
crc_word:
	entry	a1, 32
	extui	a11, a3, 0, 16
	sext	a10, a2, 15
	call8	crc_signed
	mov.n	a11, a10
	srai	a10, a2, 16
	call8	crc_signed
	mov.n	a2, a10
	retw.n
	.align	4
scan:
	entry	a1, 32
	l32i.n	a11, a2, 0
	l8ui	a9, a11, 0
	beqz	a9, .L87
	movi.n	a10, 0x2c
	addi.n	a8, a11, 1
	bne	a9, a10, .Lfar8
	j	.L88
.Lfar8:
	l32i.n	a13, a3, 0
	addi	a12, a9, -48
	addi.n	a13, a13, 1
	s32i.n	a13, a3, 0
	extui	a12, a12, 0, 8
	movi.n	a13, 9
	bltu	a13, a12, .L72
.L77:
	movi.n	a12, 0x2c
.L79:
	l8ui	a9, a8, 0
	movi.n	a11, 9
	addi	a10, a9, -48
	extui	a10, a10, 0, 8
	beqz	a9, .L90
	addi.n	a8, a8, 1
	bne	a9, a12, .L106
	j	.L90
.L72:
	addi	a12, a9, -43
	movi	a14, 0xfd
	bany	a12, a14, .Lfar7
	j	.L74
.Lfar7:
	movi.n	a10, 0x2e
	beq	a9, a10, .Lfar6
	j	.L112
.Lfar6:
.L94:
	mov.n	a13, a8
	movi.n	a12, 0x2c
	movi.n	a11, 9
	j	.L80
.L95:
	mov.n	a13, a8
.L80:
	l8ui	a9, a8, 0
	addi	a10, a9, -48
	extui	a10, a10, 0, 8
	beqz	a9, .L92
	addi.n	a8, a8, 1
	bne	a9, a12, .L107
	j	.L92
.L86:
	l32i.n	a10, a3, 8
	addi	a9, a12, -48
	addi.n	a10, a10, 1
	s32i.n	a10, a3, 8
	extui	a9, a9, 0, 8
	bgeu	a13, a9, .L77
	movi.n	a9, 0x2e
	beq	a12, a9, .L94
	j	.L111
.L106:
	bgeu	a11, a10, .L79
	l32i.n	a10, a3, 16
	movi.n	a11, 0x2e
	addi.n	a10, a10, 1
	s32i.n	a10, a3, 16
	beq	a9, a11, .L94
	j	.L111
.L107:
	bgeu	a11, a10, .L95
	l32i.n	a10, a3, 20
	addi.n	a10, a10, 1
	s32i.n	a10, a3, 20
	movi	a10, -0x21
	and	a9, a9, a10
	movi.n	a10, 0x45
	beq	a9, a10, .L81
	j	.L111
.L109:
	l32i.n	a9, a3, 12
	addi	a10, a10, -43
	addi.n	a9, a9, 1
	s32i.n	a9, a3, 12
	movi	a9, 0xfd
	bnone	a10, a9, .L82
.L111:
	movi.n	a9, 1
	j	.L71
.L108:
	l32i.n	a10, a3, 24
	addi	a9, a9, -48
	addi.n	a10, a10, 1
	s32i.n	a10, a3, 24
	extui	a10, a9, 0, 8
	movi.n	a9, 1
	bltu	a11, a10, .L71
	movi.n	a12, 0x2c
	movi.n	a11, 9
.L83:
	l8ui	a10, a8, 0
	addi	a9, a10, -48
	extui	a9, a9, 0, 8
	beqz	a10, .L98
	addi.n	a8, a8, 1
	beq	a10, a12, .L98
	bgeu	a11, a9, .L83
.L112:
	l32i.n	a10, a3, 4
	movi.n	a9, 1
	add.n	a10, a10, a9
	s32i.n	a10, a3, 4
	j	.L71
.L82:
	l8ui	a9, a8, 0
	beqz	a9, .L100
	addi.n	a8, a13, 3
	bne	a9, a12, .L108
	j	.L100
.L81:
	l8ui	a10, a8, 0
	beqz	a10, .L102
	addi.n	a8, a13, 2
	bne	a10, a12, .L109
	j	.L102
.L74:
	l8ui	a12, a11, 1
	beqz	a12, .L103
	addi.n	a8, a11, 2
	beq	a12, a10, .Lfar5
	j	.L86
.Lfar5:
	j	.L103
.L87:
	mov.n	a8, a11
	j	.L71
.L88:
	movi.n	a9, 0
	j	.L71
.L90:
	movi.n	a9, 4
	j	.L71
.L92:
	movi.n	a9, 5
	j	.L71
.L98:
	movi.n	a9, 7
	j	.L71
.L100:
	movi.n	a9, 6
	j	.L71
.L102:
	movi.n	a9, 3
	j	.L71
.L103:
	movi.n	a9, 2
.L71:
	s32i.n	a8, a2, 0
	mov.n	a2, a9
	retw.n
	.align	4
scanner_part:
	entry	a1, 128
	mov.n	a8, a7
	movi.n	a9, 0
	mov.n	a7, a3
	l8ui	a10, a3, 0
	extui	a8, a8, 0, 16
	slli	a4, a4, 16
	slli	a3, a6, 16
	slli	a5, a5, 16
	s32i.n	a9, a1, 0
	s32i.n	a9, a1, 32
	s32i.n	a9, a1, 4
	s32i.n	a9, a1, 36
	s32i.n	a9, a1, 8
	s32i.n	a9, a1, 40
	s32i.n	a9, a1, 12
	s32i.n	a9, a1, 44
	s32i.n	a9, a1, 16
	s32i.n	a9, a1, 48
	s32i.n	a9, a1, 20
	s32i.n	a9, a1, 52
	s32i.n	a9, a1, 24
	s32i.n	a9, a1, 56
	s32i.n	a9, a1, 28
	s32i.n	a9, a1, 60
	s32i	a7, a1, 64
	s32i	a8, a1, 80
	srai	a6, a4, 16
	srai	a5, a5, 16
	srai	a3, a3, 16
	addi	a4, a1, 64
	bne	a10, a9, .L114
	add.n	a2, a7, a2
	bltu	a7, a2, .L115
	j	.L116
.L157:
	add.n	a2, a7, a2
	bltu	a7, a2, .L115
	j	.L156
.L114:
	mov.n	a11, a1
	mov.n	a10, a4
	call8	scan
	addi	a8, a1, 32
	addx4	a10, a10, a8
	l32i.n	a9, a10, 0
	l32i	a11, a1, 64
	addi.n	a9, a9, 1
	l8ui	a11, a11, 0
	s32i.n	a9, a10, 0
	bnez	a11, .L114
	j	.L157
.L115:
	mov.n	a4, a7
	movi.n	a11, 0x2c
	beqi	a3, 1, .L119
.L121:
	l8ui	a9, a4, 0
	xor	a10, a9, a6
	beq	a9, a11, .L120
	s8i	a10, a4, 0
.L120:
	add.n	a4, a4, a3
	bltu	a4, a2, .L121
	j	.L158
.L119:
	l8ui	a9, a4, 0
	xor	a10, a9, a6
	beq	a9, a11, .L123
	s8i	a10, a4, 0
.L123:
	addi.n	a4, a4, 1
	bltu	a4, a2, .L119
	j	.L159
.L158:
	l8ui	a6, a7, 0
	s32i	a7, a1, 64
	addi	a4, a1, 64
	bnez	a6, .L130
	bltu	a7, a2, .L127
	j	.L116
.L159:
	l8ui	a6, a7, 0
	s32i	a7, a1, 64
	addi	a4, a1, 64
	bnez	a6, .L130
	bltu	a7, a2, .L128
	j	.L116
.L160:
	bltu	a7, a2, .L129
	j	.L116
.L130:
	mov.n	a11, a1
	mov.n	a10, a4
	call8	scan
	addi	a6, a1, 32
	addx4	a10, a10, a6
	l32i.n	a6, a10, 0
	l32i	a9, a1, 64
	addi.n	a6, a6, 1
	l8ui	a9, a9, 0
	s32i.n	a6, a10, 0
	bnez	a9, .L130
	j	.L160
.L129:
	beqi	a3, 1, .L128
.L127:
	movi.n	a9, 0x2c
.L133:
	l8ui	a4, a7, 0
	xor	a6, a4, a5
	beq	a4, a9, .L132
	s8i	a6, a7, 0
.L132:
	add.n	a7, a7, a3
	bltu	a7, a2, .L133
	j	.L116
.L128:
	movi.n	a6, 0x2c
.L135:
	l8ui	a3, a7, 0
	xor	a4, a3, a5
	beq	a3, a6, .L134
	s8i	a4, a7, 0
.L134:
	addi.n	a7, a7, 1
	bltu	a7, a2, .L135
.L116:
	addi	a2, a1, 32
	mov.n	a3, a1
	addi	a4, a1, 64
.L137:
	l32i.n	a10, a2, 0
	l32i	a11, a1, 80
	addi.n	a2, a2, 4
	call8	crc_word
	mov.n	a11, a10
	l32i.n	a10, a3, 0
	addi.n	a3, a3, 4
	call8	crc_word
	s32i	a10, a1, 80
	bne	a2, a4, .L137
	j	.L161
.L156:
	s32i	a7, a1, 64
	j	.L130
.L161:
	mov.n	a2, a10
	retw.n
	.align	4
	.align	4
	.align	4
	.align	4
	.align	4
	.align	4
	.p2align 2
	.literal_position
	.literal .LC7, -4096
	.align	4
matrix_part:
	entry	a1, 80
	l32i.n	a6, a2, 4
	l32r	a5, .LC7
	sext	a10, a3, 15
	s32i.n	a6, a1, 20
	l32i.n	a3, a2, 0
	l32i.n	a6, a2, 8
	l32i.n	a2, a2, 12
	extui	a4, a4, 0, 16
	or	a5, a10, a5
	s32i.n	a4, a1, 32
	s32i.n	a6, a1, 8
	s32i.n	a2, a1, 12
	sext	a4, a5, 15
	bnez	a3, .L216
	j	.L274
.L218:
	sub	a6, a7, a5
	addi	a6, a6, -2
	srli	a6, a6, 1
	addi.n	a6, a6, 1
	loop	a6, .Lloop0
	l16ui	a6, a5, 0
	add.n	a6, a8, a6
	s16i	a6, a5, 0
	addi.n	a5, a5, 2
.Lloop0:
	addi.n	a11, a11, 1
	sub	a7, a12, a13
	bne	a3, a11, .L219
	movi.n	a11, 0
	l32i.n	a14, a1, 12
	l32i.n	a15, a1, 4
	mov.n	a8, a9
	mov.n	a13, a11
	j	.L220
.L216:
	l32i.n	a2, a1, 20
	slli	a5, a3, 2
	addx2	a9, a3, a2
	extui	a6, a10, 0, 16
	neg	a5, a5
	s32i.n	a6, a1, 28
	add.n	a2, a3, a3
	mov.n	a7, a9
	movi.n	a11, 0
	s32i.n	a5, a1, 4
	mov.n	a8, a6
	mov.n	a13, a5
.L219:
	sub	a12, a7, a2
	mov.n	a5, a12
	j	.L218
.L221:
	sub	a6, a8, a5
	addi	a6, a6, -2
	srli	a6, a6, 1
	addi.n	a6, a6, 1
	loop	a6, .Lloop1
	l16ui	a6, a5, 0
	addi.n	a5, a5, 2
	mul16s	a6, a6, a10
	s32i.n	a6, a7, 0
	addi.n	a7, a7, 4
.Lloop1:
	addi.n	a13, a13, 1
	add.n	a11, a11, a3
	sub	a8, a12, a15
	beq	a3, a13, .L222
.L220:
	sub	a12, a8, a2
	addx4	a7, a11, a14
	mov.n	a5, a12
	j	.L221
.L274:
	mov.n	a11, a3
	mov.n	a10, a3
	call8	crc_signed
	mov.n	a11, a10
	mov.n	a10, a3
	call8	crc_signed
	mov.n	a11, a10
	mov.n	a10, a3
	call8	crc_signed
	mov.n	a11, a10
	mov.n	a10, a3
	call8	crc_signed
	j	.L223
.L222:
	l32i.n	a6, a1, 4
	l32i.n	a5, a1, 12
	movi.n	a13, 0
	sub	a5, a5, a6
	l32i.n	a14, a1, 12
	l32i.n	a10, a1, 4
	s32i.n	a2, a1, 24
	s32i.n	a5, a1, 0
	mov.n	a11, a5
	mov.n	a7, a13
	mov.n	a6, a13
	mov.n	a15, a13
	movi.n	a12, 1
	s32i.n	a9, a1, 16
	mov.n	a2, a13
.L228:
	addx4	a5, a13, a14
.L227:
	sub	a8, a11, a5
	addi	a8, a8, -4
	srli	a8, a8, 2
	addi.n	a8, a8, 1
	loop	a8, .Lloop2
	mov.n	a8, a7
	l32i.n	a7, a5, 0
	extui	a2, a2, 0, 16
	addi.n	a9, a2, 10
	add.n	a6, a6, a7
	slli	a9, a9, 16
	blt	a4, a6, .L224
	mov.n	a9, a12
	blt	a8, a7, .L225
	movi.n	a9, 0
.L225:
	add.n	a2, a2, a9
	sext	a2, a2, 15
	j	.L226
.L224:
	srai	a2, a9, 16
	movi.n	a6, 0
.L226:
	addi.n	a5, a5, 4
.Lloop2:
	addi.n	a15, a15, 1
	sub	a11, a11, a10
	add.n	a13, a13, a3
	bne	a3, a15, .L228
	l32i.n	a9, a1, 16
	mov.n	a10, a2
	movi.n	a11, 0
	s32i.n	a9, a1, 36
	l32i.n	a2, a1, 24
	call8	crc_signed
	l32i.n	a11, a1, 12
	l32i.n	a12, a1, 8
	l32i.n	a9, a1, 36
	l32i.n	a13, a1, 0
	l32i.n	a14, a1, 4
	s32i.n	a10, a1, 16
.L230:
	sub	a10, a9, a2
	mov.n	a7, a12
	mov.n	a5, a10
	movi.n	a8, 0
.L229:
	sub	a6, a9, a5
	addi	a6, a6, -2
	srli	a6, a6, 1
	addi.n	a6, a6, 1
	loop	a6, .Lloop3
	l16ui	a6, a5, 0
	l16ui	a15, a7, 0
	addi.n	a5, a5, 2
	mul16s	a6, a6, a15
	addi.n	a7, a7, 2
	add.n	a8, a8, a6
.Lloop3:
	s32i.n	a8, a11, 0
	addi.n	a11, a11, 4
	sub	a9, a10, a14
	bne	a11, a13, .L230
	movi.n	a12, 0
	l32i.n	a10, a1, 12
	s32i.n	a2, a1, 0
	mov.n	a6, a12
	mov.n	a5, a12
	mov.n	a13, a12
	movi.n	a11, 1
	mov.n	a15, a12
	mov.n	a2, a12
.L235:
	addx4	a9, a12, a10
	loop	a3, .Lloop4
	mov.n	a7, a6
	l32i.n	a6, a9, 0
	extui	a2, a2, 0, 16
	addi.n	a14, a2, 10
	add.n	a5, a5, a6
	slli	a14, a14, 16
	blt	a4, a5, .L231
	mov.n	a14, a11
	blt	a7, a6, .L232
	mov.n	a14, a15
.L232:
	add.n	a2, a2, a14
	sext	a2, a2, 15
	j	.L233
.L231:
	srai	a2, a14, 16
	movi.n	a5, 0
.L233:
	addi.n	a9, a9, 4
.Lloop4:
	addi.n	a13, a13, 1
	add.n	a12, a12, a3
	bltu	a13, a3, .L235
	l32i.n	a11, a1, 16
	mov.n	a10, a2
	l32i.n	a2, a1, 0
	call8	crc_signed
	l32i.n	a11, a1, 8
	l32i.n	a7, a1, 12
	l32i.n	a6, a1, 20
	s32i.n	a10, a1, 16
	movi.n	a13, 0
	s32i.n	a4, a1, 24
	j	.L236
.L238:
	movi.n	a10, 0
	mov.n	a9, a12
	mov.n	a8, a6
	s32i.n	a11, a1, 8
	loop	a3, .Lloop5
	l16ui	a11, a8, 0
	l16ui	a4, a9, 0
	mul16s	a11, a11, a4
	addi.n	a8, a8, 2
	add.n	a10, a10, a11
	add.n	a9, a9, a2
.Lloop5:
	s32i.n	a10, a15, 0
	addi.n	a14, a14, 1
	l32i.n	a11, a1, 8
	addi.n	a15, a15, 4
	addi.n	a12, a12, 2
	bltu	a14, a3, .L238
	l32i.n	a5, a1, 4
	addi.n	a13, a13, 1
	add.n	a6, a6, a2
	sub	a7, a7, a5
	bgeu	a13, a3, .L254
.L236:
	mov.n	a12, a11
	mov.n	a15, a7
	movi.n	a14, 0
	j	.L238
.L254:
	movi.n	a12, 0
	l32i.n	a4, a1, 24
	l32i.n	a10, a1, 12
	s32i.n	a2, a1, 0
	mov.n	a6, a12
	mov.n	a5, a12
	mov.n	a13, a12
	movi.n	a11, 1
	mov.n	a15, a12
	mov.n	a2, a12
.L239:
	addx4	a9, a12, a10
	loop	a3, .Lloop6
	mov.n	a7, a6
	l32i.n	a6, a9, 0
	extui	a2, a2, 0, 16
	addi.n	a14, a2, 10
	add.n	a5, a5, a6
	slli	a14, a14, 16
	blt	a4, a5, .L240
	mov.n	a14, a11
	blt	a7, a6, .L241
	mov.n	a14, a15
.L241:
	add.n	a2, a2, a14
	sext	a2, a2, 15
	j	.L242
.L240:
	srai	a2, a14, 16
	movi.n	a5, 0
.L242:
	addi.n	a9, a9, 4
.Lloop6:
	addi.n	a13, a13, 1
	add.n	a12, a12, a3
	bltu	a13, a3, .L239
	l32i.n	a11, a1, 16
	mov.n	a10, a2
	l32i.n	a2, a1, 0
	call8	crc_signed
	l32i.n	a15, a1, 12
	l32i.n	a14, a1, 20
	s32i.n	a10, a1, 0
	movi.n	a13, 0
	s32i.n	a4, a1, 16
	j	.L244
.L246:
	movi.n	a9, 0
	mov.n	a8, a10
	mov.n	a7, a14
	loop	a3, .Lloop7
	l16ui	a5, a8, 0
	l16ui	a4, a7, 0
	mul16s	a4, a4, a5
	addi.n	a7, a7, 2
	extui	a5, a4, 2, 4
	extui	a4, a4, 5, 7
	mull	a5, a5, a4
	add.n	a8, a8, a2
	add.n	a9, a9, a5
.Lloop7:
	s32i.n	a9, a12, 0
	addi.n	a11, a11, 1
	addi.n	a12, a12, 4
	addi.n	a10, a10, 2
	bltu	a11, a3, .L246
	l32i.n	a6, a1, 4
	addi.n	a13, a13, 1
	add.n	a14, a14, a2
	sub	a15, a15, a6
	bgeu	a13, a3, .L255
.L244:
	l32i.n	a10, a1, 8
	mov.n	a12, a15
	movi.n	a11, 0
	j	.L246
.L255:
	movi.n	a11, 0
	l32i.n	a4, a1, 16
	l32i.n	a10, a1, 12
	mov.n	a5, a11
	mov.n	a2, a11
	mov.n	a12, a11
	movi.n	a9, 1
	mov.n	a13, a11
	mov.n	a6, a11
.L247:
	addx4	a8, a11, a10
	loop	a3, .Lloop8
	mov.n	a14, a5
	l32i.n	a5, a8, 0
	extui	a6, a6, 0, 16
	addi.n	a15, a6, 10
	add.n	a2, a2, a5
	slli	a15, a15, 16
	blt	a4, a2, .L248
	mov.n	a15, a9
	blt	a14, a5, .L249
	mov.n	a15, a13
.L249:
	add.n	a6, a6, a15
	sext	a6, a6, 15
	j	.L250
.L248:
	srai	a6, a15, 16
	movi.n	a2, 0
.L250:
	addi.n	a8, a8, 4
.Lloop8:
	addi.n	a12, a12, 1
	add.n	a11, a11, a3
	bltu	a12, a3, .L247
	l32i.n	a11, a1, 0
	mov.n	a10, a6
	call8	crc_signed
	movi.n	a6, 0
	l32i.n	a9, a1, 20
	l32i.n	a8, a1, 28
	mov.n	a7, a6
	j	.L252
.L253:
	loop	a3, .Lloop9
	l16ui	a4, a2, 0
	sub	a4, a4, a8
	s16i	a4, a2, 0
	addi.n	a2, a2, 2
.Lloop9:
	addi.n	a7, a7, 1
	add.n	a6, a6, a3
	bgeu	a7, a3, .L223
.L252:
	addx2	a2, a6, a9
	movi.n	a5, 0
	j	.L253
.L223:
	l32i.n	a11, a1, 32
	sext	a10, a10, 15
	call8	crc_signed
	mov.n	a2, a10
	retw.n
	.align	4
	.align	4
by_value:
	entry	a1, 32
	l16ui	a11, a2, 0
	slli	a11, a11, 16
	srai	a7, a11, 16
	extui	a5, a7, 0, 7
	bbsi	a11, 23, .L289
.L288:
	extui	a11, a11, 19, 4
	slli	a8, a11, 4
	addmi	a6, a4, 0x700
	extui	a5, a7, 0, 3
	l16ui	a15, a6, 244
	or	a11, a11, a8
	beqz	a5, .L290
	beqi	a5, 1, .L291
	extui	a10, a7, 0, 16
	mov.n	a5, a7
	j	.L292
.L290:
	movi.n	a5, 0x22
	extui	a8, a5, 0, 16
	mov.n	a14, a11
	bge	a11, a8, .L293
	mov.n	a14, a5
.L293:
	l16si	a13, a6, 214
	l16si	a12, a6, 212
	l32i	a11, a6, 240
	extui	a14, a14, 0, 8
	movi	a10, 0x29a
	call8	scanner_part
	l16ui	a5, a6, 250
	bnez	a5, .L295
	s16i	a10, a6, 250
	j	.L295
.L291:
	movi	a10, 0x7e0
	mov.n	a12, a15
	add.n	a10, a4, a10
	call8	matrix_part
	l16ui	a5, a6, 248
	bnez	a5, .L295
	s16i	a10, a6, 248
.L295:
	sext	a5, a10, 15
.L292:
	l16ui	a11, a6, 244
	extui	a5, a5, 0, 7
	call8	crc_half
	movi	a8, -0x100
	and	a7, a7, a8
	s16i	a10, a6, 244
	or	a7, a5, a7
	movi	a6, 0x80
	or	a7, a7, a6
	s16i	a7, a2, 0
.L289:
	l16ui	a11, a3, 0
	slli	a11, a11, 16
	srai	a7, a11, 16
	extui	a2, a7, 0, 7
	bbsi	a11, 23, .L297
.L296:
	extui	a11, a11, 19, 4
	slli	a8, a11, 4
	addmi	a6, a4, 0x700
	extui	a2, a7, 0, 3
	l16ui	a15, a6, 244
	or	a11, a11, a8
	beqz	a2, .L298
	beqi	a2, 1, .L299
	extui	a10, a7, 0, 16
	mov.n	a2, a7
	j	.L300
.L298:
	movi.n	a2, 0x22
	extui	a4, a2, 0, 16
	mov.n	a14, a11
	bge	a11, a4, .L301
	mov.n	a14, a2
.L301:
	l16si	a13, a6, 214
	l16si	a12, a6, 212
	l32i	a11, a6, 240
	extui	a14, a14, 0, 8
	movi	a10, 0x29a
	call8	scanner_part
	l16ui	a2, a6, 250
	bnez	a2, .L303
	s16i	a10, a6, 250
	j	.L303
.L299:
	movi	a10, 0x7e0
	mov.n	a12, a15
	add.n	a10, a4, a10
	call8	matrix_part
	l16ui	a2, a6, 248
	bnez	a2, .L303
	s16i	a10, a6, 248
.L303:
	sext	a2, a10, 15
.L300:
	movi	a4, -0x100
	l16ui	a11, a6, 244
	and	a7, a7, a4
	extui	a2, a2, 0, 7
	call8	crc_half
	or	a7, a2, a7
	movi	a4, 0x80
	s16i	a10, a6, 244
	or	a7, a7, a4
	s16i	a7, a3, 0
.L297:
	sub	a2, a5, a2
	retw.n
	.align	4
	.align	4
	.align	4
	.align	4
	.align	4
list_part:
	entry	a1, 64
	addmi	a4, a2, 0x700
	l16si	a9, a4, 216
	s32i.n	a2, a1, 0
	l32i	a6, a4, 220
	sext	a10, a3, 15
	bgei	a9, 1, .Lfar3
	j	.L424
.Lfar3:
	movi.n	a2, 0
	s32i.n	a10, a1, 20
	mov.n	a11, a2
	mov.n	a8, a2
	mov.n	a7, a2
	mov.n	a12, a2
	mov.n	a13, a10
.L376:
	extui	a14, a2, 0, 8
	bgez	a13, .L363
	bnez	a6, .L425
	j	.L365
.L363:
	bnez	a6, .L426
	j	.L365
.L368:
	l32i.n	a3, a3, 0
	bnez	a3, .L366
	j	.L367
.L426:
	mov.n	a3, a6
.L366:
	l32i.n	a4, a3, 4
	l16si	a4, a4, 2
	bne	a4, a13, .L368
	j	.L367
.L369:
	l32i.n	a3, a3, 0
	bnez	a3, .L364
	j	.L367
.L425:
	mov.n	a3, a6
.L364:
	l32i.n	a4, a3, 4
	l8ui	a4, a4, 0
	bne	a14, a4, .L369
	j	.L367
.L427:
	mov.n	a6, a4
.L370:
	l32i.n	a4, a6, 0
	s32i.n	a5, a6, 0
	mov.n	a5, a6
	bnez	a4, .L427
	bnez	a3, .L371
	l32i.n	a3, a6, 0
	addi.n	a11, a11, 1
	l32i.n	a3, a3, 4
	extui	a11, a11, 0, 16
	l16ui	a3, a3, 0
	extui	a3, a3, 8, 1
	add.n	a3, a7, a3
	extui	a7, a3, 0, 16
	j	.L372
.L371:
	l32i.n	a4, a3, 4
	l16ui	a4, a4, 0
	slli	a5, a4, 16
	bbci	a4, 0, .L373
	extui	a4, a5, 25, 1
	add.n	a4, a7, a4
	extui	a7, a4, 0, 16
.L373:
	l32i.n	a4, a3, 0
	beqz	a4, .L374
	l32i.n	a5, a4, 0
	s32i.n	a5, a3, 0
	l32i.n	a3, a6, 0
	s32i.n	a3, a4, 0
	s32i.n	a4, a6, 0
.L374:
	addi.n	a8, a8, 1
	extui	a8, a8, 0, 16
.L372:
	bltz	a13, .L375
	addi.n	a13, a13, 1
	sext	a13, a13, 15
.L375:
	addi.n	a2, a2, 1
	sext	a2, a2, 15
	beq	a2, a9, .Lfar2
	j	.L376
.Lfar2:
	subx4	a8, a8, a11
	add.n	a7, a7, a8
	extui	a2, a7, 0, 16
	s32i.n	a14, a1, 24
	s32i.n	a13, a1, 20
	s32i.n	a2, a1, 16
	j	.L362
.L424:
	movi.n	a3, 0
	s32i.n	a3, a1, 16
	s32i.n	a10, a1, 20
	s32i.n	a3, a1, 24
.L362:
	bgei	a10, 1, .Lfar1
	j	.L377
.Lfar1:
	movi.n	a4, 1
	s32i.n	a4, a1, 8
	mov.n	a2, a4
.L394:
	beqz	a6, .L489
	movi.n	a3, 0
	movi.n	a4, 1
	mov.n	a5, a6
	s32i.n	a3, a1, 4
	s32i.n	a4, a1, 12
	mov.n	a6, a3
.L393:
	l32i.n	a4, a1, 8
	mov.n	a7, a5
	movi.n	a3, 0
.L379:
	addi.n	a3, a3, 1
	l32i.n	a7, a7, 0
	bge	a3, a4, .L432
	bnez	a7, .L379
.L432:
	l32i.n	a4, a1, 8
	j	.L382
.L390:
	bnez	a3, .L383
	j	.L384
.L389:
	movi.n	a8, 0
	moveqz	a8, a2, a4
	extui	a10, a8, 0, 8
	bnez	a8, .L387
	moveqz	a10, a2, a7
	beqz	a10, .L383
.L387:
	mov.n	a8, a5
	addi.n	a3, a3, -1
	l32i.n	a5, a5, 0
	j	.L386
.L383:
	l32i.n	a11, a7, 4
	l32i.n	a10, a5, 4
	l32i.n	a12, a1, 0
	call8	by_value
	blti	a10, 1, .L387
.L384:
	mov.n	a8, a7
	l32i.n	a7, a7, 0
	addi.n	a4, a4, -1
.L386:
	beqz	a6, .L428
	s32i.n	a8, a6, 0
	j	.L388
.L428:
	s32i.n	a8, a1, 4
.L388:
	mov.n	a6, a8
.L382:
	bgei	a3, 1, .L389
	srai	a8, a4, 31
	sub	a8, a8, a4
	bgez	a8, .L433
	bnez	a7, .L390
	j	.L482
.L433:
	beqz	a7, .L482
	l32i.n	a3, a1, 12
	mov.n	a5, a7
	addi.n	a3, a3, 1
	s32i.n	a3, a1, 12
	j	.L393
.L482:
	l32i.n	a4, a1, 12
	s32i.n	a7, a6, 0
	beqi	a4, 1, .L429
	l32i.n	a3, a1, 8
	l32i.n	a6, a1, 4
	add.n	a3, a3, a3
	s32i.n	a3, a1, 8
	j	.L394
.L429:
	l32i.n	a6, a1, 4
.L377:
	l32i.n	a2, a6, 0
	l32i.n	a4, a2, 0
	l32i.n	a5, a2, 4
	l32i.n	a7, a4, 4
	l32i.n	a3, a4, 0
	s32i.n	a7, a2, 4
	s32i.n	a5, a4, 4
	s32i.n	a3, a2, 0
	movi.n	a2, 0
	l32i.n	a3, a1, 20
	s32i.n	a2, a4, 0
	l32i.n	a7, a1, 24
	mov.n	a2, a6
	bltz	a3, .L396
	j	.L483
.L398:
	l32i.n	a2, a2, 0
	beqz	a2, .L397
	j	.L395
.L483:
	mov.n	a7, a3
.L395:
	l32i.n	a3, a2, 4
	l16si	a3, a3, 2
	bne	a3, a7, .L398
	j	.L488
.L400:
	l32i.n	a2, a2, 0
	beqz	a2, .L397
.L396:
	l32i.n	a3, a2, 4
	l8ui	a3, a3, 0
	bne	a7, a3, .L400
.L488:
	l32i.n	a10, a1, 16
.L401:
	l32i.n	a3, a6, 4
	mov.n	a11, a10
	l16si	a10, a3, 0
	call8	crc_signed
	l32i.n	a2, a2, 0
	bnez	a2, .L401
	l32i.n	a2, a6, 0
	l32i.n	a5, a4, 4
	s32i.n	a10, a1, 16
.L423:
	l32i.n	a7, a2, 4
	l32i.n	a3, a2, 0
	s32i.n	a7, a4, 4
	s32i.n	a5, a2, 4
	s32i.n	a3, a4, 0
	movi.n	a15, 1
	s32i.n	a4, a2, 0
	movi.n	a7, 0
	mov.n	a2, a15
	movi	a3, -0x100
	mov.n	a10, a6
.L420:
	movi.n	a4, 1
	mov.n	a9, a10
	s32i.n	a4, a1, 0
	mov.n	a10, a7
	mov.n	a6, a7
.L416:
	mov.n	a5, a9
	movi.n	a4, 0
.L402:
	addi.n	a4, a4, 1
	l32i.n	a5, a5, 0
	bge	a4, a15, .L434
	bnez	a5, .L402
.L434:
	mov.n	a8, a15
	s32i.n	a15, a1, 4
	mov.n	a15, a10
	j	.L405
.L413:
	bnez	a4, .L406
	j	.L407
.L412:
	mov.n	a10, a7
	moveqz	a10, a2, a8
	extui	a11, a10, 0, 8
	bnez	a10, .L410
	moveqz	a11, a2, a5
	beqz	a11, .L406
.L410:
	mov.n	a10, a9
	addi.n	a4, a4, -1
	l32i.n	a9, a9, 0
	j	.L409
.L406:
	l32i.n	a12, a9, 4
	l32i.n	a11, a5, 4
	l16si	a10, a12, 0
	l16si	a13, a12, 2
	and	a14, a10, a3
	extui	a10, a10, 8, 8
	or	a14, a14, a10
	s16i	a14, a12, 0
	l16si	a10, a11, 0
	l16si	a14, a11, 2
	and	a12, a10, a3
	extui	a10, a10, 8, 8
	or	a12, a12, a10
	s16i	a12, a11, 0
	bge	a14, a13, .L410
.L407:
	mov.n	a10, a5
	l32i.n	a5, a5, 0
	addi.n	a8, a8, -1
.L409:
	beqz	a6, .L431
	s32i.n	a10, a6, 0
	j	.L411
.L431:
	mov.n	a15, a10
.L411:
	mov.n	a6, a10
.L405:
	bgei	a4, 1, .L412
	srai	a10, a8, 31
	sub	a10, a10, a8
	bgez	a10, .L435
	bnez	a5, .L413
	mov.n	a10, a15
	l32i.n	a15, a1, 4
	j	.L415
.L435:
	mov.n	a10, a15
	l32i.n	a15, a1, 4
	beqz	a5, .L415
	l32i.n	a4, a1, 0
	mov.n	a9, a5
	addi.n	a4, a4, 1
	s32i.n	a4, a1, 0
	j	.L416
.L415:
	l32i.n	a4, a1, 0
	s32i.n	a5, a6, 0
	bnei	a4, 1, .L417
	l32i.n	a2, a10, 0
	mov.n	a6, a10
	l32i.n	a10, a1, 16
	bnez	a2, .L418
	l32i.n	a2, a1, 16
	j	.L480
.L417:
	add.n	a15, a15, a15
	bnez	a10, .L420
	mov.n	a6, a10
.L489:
	memw
	s32i.n	a6, a6, 0
	break	1, 15
.L418:
	l32i.n	a3, a6, 4
	mov.n	a11, a10
	l16si	a10, a3, 0
	call8	crc_signed
	l32i.n	a2, a2, 0
	bnez	a2, .L418
	s32i.n	a10, a1, 16
	mov.n	a2, a10
	j	.L480
.L365:
	movi.n	a2, 0
	memw
	l32i.n	a2, a2, 0
	break	1, 15
.L397:
	l32i.n	a2, a6, 0
	bnez	a2, .L488
	j	.L423
.L367:
	mov.n	a5, a12
	j	.L370
.L480:
	retw.n
	.section	.rodata
	.align	4
.LC0:
	.short	-1
	.short	32767
	.text
	.p2align 2
	.literal_position
	.literal .LC8, 32896
	.literal .LC9, .LC0
	.literal .LC10, kinds$0
	.align	4
	.globl	prepare
.Lprepare:
prepare:
	entry	a1, 48
	s32i.n	a2, a1, 4
	addmi	a2, a2, 0x700
	s32i.n	a2, a1, 8
	l32i.n	a3, a1, 8
	movi.n	a10, 0
	l32i.n	a4, a1, 4
	s32i	a10, a2, 212
	movi	a2, 0x66
	s16i	a2, a3, 216
	movi	a2, 0xf8
	add.n	a2, a4, a2
	s32i.n	a2, a4, 4
	l32r	a2, .LC8
	mov.n	a11, a4
	s32i	a2, a4, 248
	l32r	a9, .LC9
	movi	a4, 0xfc
	add.n	a4, a11, a4
	mov.n	a5, a11
	movi.n	a3, -1
	movi	a6, 0x78
	mov.n	a8, a10
	movi.n	a7, 0x1c
.L494:
	slli	a2, a3, 3
	and	a2, a2, a6
	extui	a12, a3, 0, 3
	s32i.n	a4, a5, 12
	or	a2, a2, a12
	bnei	a3, -1, .L491
	l16ui	a3, a9, 0
	l16ui	a2, a9, 2
	s16i	a3, a4, 0
	s16i	a2, a4, 2
	s32i.n	a10, a5, 8
	addi.n	a4, a4, 4
	addi.n	a5, a5, 8
	movi.n	a3, 0
	j	.L494
.L491:
	slli	a12, a2, 8
	add.n	a2, a2, a12
	s16i	a2, a4, 0
	s16i	a8, a4, 2
	s32i.n	a5, a5, 8
	addi.n	a3, a3, 1
	addi.n	a4, a4, 4
	addi.n	a5, a5, 8
	bne	a3, a7, .L494
	l32i.n	a2, a1, 4
	movi	a4, 0xe8
	add.n	a4, a2, a4
	s32i.n	a4, a2, 0
	l32i.n	a3, a4, 0
	movi	a6, 0x200
	movi.n	a2, 1
	movi	a8, 0x700
	bnez	a3, .L495
.L499:
	movi.n	a5, 1
	mov.n	a6, a5
	movi	a2, -0x100
	j	.L496
.L495:
	bgeui	a2, 6, .L497
	l32i.n	a4, a4, 4
	l32i.n	a5, a3, 0
	s16i	a2, a4, 2
	addmi	a6, a6, 0x100
	addi.n	a2, a2, 1
	bnez	a5, .L498
	j	.L499
.L497:
	and	a5, a6, a8
	or	a5, a5, a2
	l32i.n	a7, a4, 4
	extui	a4, a5, 0, 14
	l32i.n	a5, a3, 0
	s16i	a4, a7, 2
	addi.n	a2, a2, 1
	addmi	a6, a6, 0x100
	beqz	a5, .L499
.L498:
	mov.n	a4, a3
	mov.n	a3, a5
	j	.L495
.L496:
	beqz	a11, .L500
	movi.n	a15, 0
	movi.n	a9, 1
	s32i.n	a15, a1, 0
.L515:
	mov.n	a8, a11
	movi.n	a3, 0
.L501:
	addi.n	a3, a3, 1
	l32i.n	a8, a8, 0
	bge	a3, a5, .L530
	bnez	a8, .L501
.L530:
	mov.n	a12, a5
	j	.L504
.L512:
	bnez	a3, .L505
	j	.L506
.L511:
	movi.n	a4, 0
	moveqz	a4, a6, a12
	mov.n	a7, a4
	extui	a4, a4, 0, 8
	bnez	a7, .L509
	moveqz	a4, a6, a8
	beqz	a4, .L505
.L509:
	l32i.n	a4, a11, 0
	addi.n	a3, a3, -1
	j	.L508
.L505:
	l32i.n	a10, a11, 4
	l32i.n	a7, a8, 4
	l16si	a4, a10, 0
	l16si	a13, a10, 2
	and	a14, a4, a2
	extui	a4, a4, 8, 8
	or	a14, a14, a4
	s16i	a14, a10, 0
	l16si	a4, a7, 0
	l16si	a14, a7, 2
	and	a10, a4, a2
	extui	a4, a4, 8, 8
	or	a10, a10, a4
	s16i	a10, a7, 0
	bge	a14, a13, .L509
.L506:
	mov.n	a4, a11
	mov.n	a11, a8
	l32i.n	a8, a8, 0
	addi.n	a12, a12, -1
.L508:
	beqz	a15, .L527
	s32i.n	a11, a15, 0
	j	.L510
.L527:
	s32i.n	a11, a1, 0
.L510:
	mov.n	a15, a11
	mov.n	a11, a4
.L504:
	bgei	a3, 1, .L511
	srai	a4, a12, 31
	sub	a4, a4, a12
	bgez	a4, .L531
	bnez	a8, .L512
	j	.L514
.L531:
	beqz	a8, .L514
	addi.n	a9, a9, 1
	mov.n	a11, a8
	j	.L515
.L500:
	memw
	s32i.n	a11, a11, 0
	break	1, 15
.L514:
	s32i.n	a8, a15, 0
	bnei	a9, 1, .L516
	l32i.n	a2, a1, 4
	movi	a4, 0x29a
	add.n	a4, a2, a4
	neg	a2, a4
	extui	a2, a2, 0, 2
	add.n	a4, a4, a2
	l32i.n	a3, a1, 8
	l32i.n	a2, a1, 0
	movi	a5, 0xa2
	s32i	a2, a3, 220
	l32i.n	a3, a1, 4
	movi	a2, 0x7e0
	add.n	a2, a3, a2
	movi	a3, 0x144
	add.n	a5, a4, a5
	add.n	a3, a4, a3
	movi.n	a6, 9
	s32i.n	a5, a2, 8
	s32i.n	a6, a2, 0
	s32i.n	a4, a2, 4
	s32i.n	a3, a2, 12
	movi.n	a5, 0x51
	j	.L517
.L516:
	l32i.n	a11, a1, 0
	add.n	a5, a5, a5
	j	.L496
.L517:
	addi.n	a8, a8, 1
	mull	a9, a8, a9
	extui	a2, a8, 0, 16
	srai	a3, a9, 31
	extui	a3, a3, 16, 16
	add.n	a9, a9, a3
	extui	a9, a9, 0, 16
	sub	a9, a9, a3
	add.n	a3, a2, a9
	extui	a3, a3, 0, 16
	add.n	a2, a3, a2
	extui	a2, a2, 0, 8
	s16i	a3, a4, 162
	s16i	a2, a4, 0
	addi.n	a4, a4, 2
	bne	a8, a5, .L517
	l32i.n	a4, a1, 8
	l32i.n	a2, a1, 4
	l16ui	a3, a4, 212
	movi	a8, 0x534
	add.n	a8, a2, a8
	addi.n	a3, a3, 1
	s32i	a8, a4, 240
	extui	a3, a3, 0, 16
	movi.n	a2, 0
	movi	a6, 0x298
	movi.n	a4, 0x2c
	mov.n	a7, a8
.L519:
	l32r	a8, .LC10
	extui	a5, a3, 0, 3
	addx4	a5, a5, a8
	l32i.n	a8, a5, 0
	extui	a5, a3, 3, 2
	addx4	a5, a5, a8
	l32i.n	a11, a5, 0
	addi.n	a3, a3, 1
	mov.n	a10, a11
	s32i.n	a11, a1, 12
	movi	a8, strlen
	callx8	a8
	add.n	a5, a10, a2
	addi.n	a8, a5, 1
	mov.n	a12, a10
	l32i.n	a11, a1, 12
	add.n	a10, a7, a2
	extui	a3, a3, 0, 16
	bltu	a6, a8, .L518
	s32i.n	a8, a1, 12
	add.n	a5, a7, a5
	movi	a8, memcpy
	callx8	a8
	s8i	a4, a5, 0
	l32i.n	a8, a1, 12
	mov.n	a2, a8
	j	.L519
.L518:
	l32i.n	a4, a1, 4
	mov.n	a8, a7
	movi	a7, 0x534
	add.n	a7, a2, a7
	add.n	a3, a4, a7
	movi	a5, 0x299
	neg	a9, a3
	movi	a4, 0x29a
	sub	a5, a5, a2
	sub	a4, a4, a2
	extui	a6, a9, 0, 2
	bgeui	a5, 6, .L520
	movi.n	a4, 0
	addi.n	a3, a2, 1
	s8i	a4, a10, 0
	j	.L521
.L520:
	mov.n	a5, a2
	beqz	a6, .L522
	movi.n	a10, 0
	s8i	a10, a3, 0
	addi.n	a5, a2, 1
	bbci	a9, 1, .L522
	add.n	a5, a8, a5
	addi.n	a3, a3, -1
	addi.n	a9, a2, 2
	s8i	a10, a5, 0
	extui	a3, a3, 0, 2
	mov.n	a5, a9
	bnez	a3, .L522
	add.n	a9, a8, a9
	addi.n	a5, a2, 3
	s8i	a3, a9, 0
.L522:
	sub	a3, a4, a6
	l32i.n	a4, a1, 4
	add.n	a6, a6, a7
	add.n	a2, a4, a6
	srli	a4, a3, 2
	addx4	a4, a4, a2
	movi.n	a6, 0
.L524:
	s32i.n	a6, a2, 0
	addi.n	a2, a2, 4
	bne	a2, a4, .L524
	movi.n	a2, -4
	and	a2, a3, a2
	extui	a3, a3, 0, 2
	add.n	a2, a2, a5
	beqz	a3, .L490
	add.n	a4, a8, a2
	s8i	a6, a4, 0
	addi.n	a3, a2, 1
	movi	a4, 0x29a
	beq	a3, a4, .L490
.L521:
	add.n	a4, a8, a3
	movi.n	a3, 0
	s8i	a3, a4, 0
	addi.n	a5, a2, 2
	movi	a4, 0x29a
	beq	a5, a4, .L490
	add.n	a6, a8, a5
	s8i	a3, a6, 0
	addi.n	a5, a2, 3
	beq	a5, a4, .L490
	add.n	a6, a8, a5
	s8i	a3, a6, 0
	addi.n	a5, a2, 4
	beq	a5, a4, .L490
	add.n	a5, a8, a5
	addi.n	a2, a2, 5
	s8i	a3, a5, 0
	beq	a2, a4, .L490
	add.n	a8, a8, a2
	s8i	a3, a8, 0
.L490:
	retw.n
	.align	4
	.globl	iterate
.Literate:
iterate:
	entry	a1, 32
	addmi	a4, a2, 0x700
	movi.n	a5, 0
	s32i	a5, a4, 244
	s32i	a5, a4, 248
	beq	a3, a5, .L558
	movi.n	a6, 1
.L562:
	mov.n	a11, a6
	mov.n	a10, a2
	call8	list_part
	l16ui	a11, a4, 244
	call8	crc_half
	s16i	a10, a4, 244
	movi.n	a11, -1
	mov.n	a10, a2
	call8	list_part
	l16ui	a11, a4, 244
	call8	crc_half
	s16i	a10, a4, 244
	bnez	a5, .L560
	s16i	a10, a4, 246
	bnei	a3, 1, .L563
	j	.L558
.L560:
	addi.n	a5, a5, 1
	bne	a3, a5, .L562
	j	.L558
.L563:
	movi.n	a5, 1
	j	.L562
.L558:
	retw.n
	.align	4
crc_seeds:
	entry	a1, 32
	addmi	a2, a2, 0x700
	l16si	a10, a2, 212
	movi.n	a11, 0
	call8	crc_signed
	mov.n	a11, a10
	l16si	a10, a2, 214
	call8	crc_signed
	mov.n	a11, a10
	l16si	a10, a2, 216
	call8	crc_signed
	mov.n	a11, a10
	movi	a10, 0x29a
	call8	crc_signed
	mov.n	a2, a10
	retw.n
	.p2align 2
	.literal_position
	.literal .LC11, -5643
	.literal .LC12, -6380
	.literal .LC13, 1908793385
	.align	4
	.globl	passed
.Lpassed:
passed:
	entry	a1, 32
	addmi	a3, a2, 0x700
	l16si	a10, a3, 212
	movi.n	a11, 0
	call8	crc_signed
	mov.n	a11, a10
	l16si	a10, a3, 214
	movi.n	a2, 0
	call8	crc_signed
	mov.n	a11, a10
	l16si	a10, a3, 216
	call8	crc_signed
	mov.n	a11, a10
	movi	a10, 0x29a
	call8	crc_signed
	l32r	a8, .LC11
	extui	a8, a8, 0, 16
	bne	a10, a8, .L568
	l32r	a8, .LC12
	l16ui	a9, a3, 246
	extui	a8, a8, 0, 16
	bne	a9, a8, .L568
	l32r	a8, .LC13
	l32i	a3, a3, 248
	add.n	a3, a3, a8
	movi.n	a8, 1
	moveqz	a2, a8, a3
.L568:
	retw.n
	.section	.rodata.str1.4
	.align	4
.LC14:
	.string	"self-check passed\n"
	.align	4
.LC16:
	.string	"self-check FAILED\n"
	.align	4
.LC20:
	.string	"count  "
	.align	4
.LC22:
	.string	"seeds  "
	.align	4
.LC24:
	.string	"list   "
	.align	4
.LC26:
	.string	"matrix "
	.align	4
.LC28:
	.string	"state  "
	.align	4
.LC30:
	.string	"final  "
	.text
	.p2align 2
	.literal_position
	.literal .LC15, .LC14
	.literal .LC17, .LC16
	.literal .LC18, iterations
	.literal .LC19, first_run
	.literal .LC21, .LC20
	.literal .LC23, .LC22
	.literal .LC25, .LC24
	.literal .LC27, .LC26
	.literal .LC29, .LC28
	.literal .LC31, .LC30
	.literal .LC32, -5643
	.literal .LC33, -6380
	.literal .LC34, -1908793385
	.align	4
	.globl	main
.Lmain:
main:
	entry	a1, 32
	l32r	a3, .LC19
	l32r	a2, .LC18
	mov.n	a10, a3
	memw
	l32i.n	a5, a2, 0
	call8	.Lprepare
	mov.n	a10, a3
	mov.n	a11, a5
	call8	.Literate
	l32r	a10, .LC21
	mov.n	a11, a5
	call8	put_hex
	mov.n	a10, a3
	call8	crc_seeds
	mov.n	a11, a10
	l32r	a10, .LC23
	addmi	a4, a3, 0x700
	call8	put_hex
	l16ui	a11, a4, 246
	l32r	a10, .LC25
	movi.n	a2, 1
	call8	put_hex
	l16ui	a11, a4, 248
	l32r	a10, .LC27
	call8	put_hex
	l16ui	a11, a4, 250
	l32r	a10, .LC29
	call8	put_hex
	l16ui	a11, a4, 244
	l32r	a10, .LC31
	call8	put_hex
	mov.n	a10, a3
	call8	crc_seeds
	l32r	a3, .LC32
	l32r	a6, .LC17
	extui	a3, a3, 0, 16
	bne	a10, a3, .L573
	l32r	a3, .LC33
	l16ui	a8, a4, 246
	extui	a3, a3, 0, 16
	bne	a8, a3, .L573
	l32r	a3, .LC34
	l32i	a8, a4, 248
	bne	a8, a3, .L573
	l32r	a6, .LC15
	movi.n	a2, 0
	bnei	a5, 10, .L573
	movi	a3, -0x351
	l16ui	a4, a4, 244
	extui	a3, a3, 0, 16
	l32r	a6, .LC17
	movi.n	a2, 1
	bne	a4, a3, .L573
	l32r	a6, .LC15
	movi.n	a2, 0
.L573:
	mov.n	a10, a6
	movi	a8, strlen
	callx8	a8
	mov.n	a12, a10
	mov.n	a11, a6
	movi.n	a10, 1
	movi	a8, host_write
	callx8	a8
	retw.n
	.section	.rodata
	.align	4
kinds$0:
	.long	integers
	.long	integers
	.long	integers
	.long	fractions
	.long	fractions
	.long	scientific
	.long	scientific
	.long	wrong
	.globl	second_run
	.section	.bss
	.align	4
.Lsecond_run:
second_run:
	.zero	2044
	.globl	first_run
	.align	4
.Lfirst_run:
first_run:
	.zero	2044
	.section	.rodata.str1.4
	.align	4
.LC35:
	.string	"T0.3e-1F"
	.align	4
.LC36:
	.string	"-T.T++Tq"
	.align	4
.LC37:
	.string	"1T3.4e4z"
	.align	4
.LC38:
	.string	"34.0e-T^"
	.section	.rodata
	.align	4
wrong:
	.long	.LC35
	.long	.LC36
	.long	.LC37
	.long	.LC38
	.section	.rodata.str1.4
	.align	4
.LC39:
	.string	"5.500e+3"
	.align	4
.LC40:
	.string	"-.123e-2"
	.align	4
.LC41:
	.string	"-87e+832"
	.align	4
.LC42:
	.string	"+0.6e-12"
	.section	.rodata
	.align	4
scientific:
	.long	.LC39
	.long	.LC40
	.long	.LC41
	.long	.LC42
	.section	.rodata.str1.4
	.align	4
.LC43:
	.string	"35.54400"
	.align	4
.LC44:
	.string	".1234500"
	.align	4
.LC45:
	.string	"-110.700"
	.align	4
.LC46:
	.string	"+0.64400"
	.section	.rodata
	.align	4
fractions:
	.long	.LC43
	.long	.LC44
	.long	.LC45
	.long	.LC46
	.section	.rodata.str1.4
	.align	4
.LC47:
	.string	"5012"
	.align	4
.LC48:
	.string	"1234"
	.align	4
.LC49:
	.string	"-874"
	.align	4
.LC50:
	.string	"+122"
	.section	.rodata
	.align	4
integers:
	.long	.LC47
	.long	.LC48
	.long	.LC49
	.long	.LC50
	.globl	iterations
	.data
	.align	4
.Literations:
iterations:
	.long	10
