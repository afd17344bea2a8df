	.macro both a, b=2
	.byte \a, \b
	.endm
	.text
1:	jmp 1f
	.rept 3
	nop
	.endr
	.p2align 4,,10
1:	call there
	jmp 1b
	.pushsection .rodata.cst8,"aM",@progbits,8
c:	.quad 5
	.popsection
	lea c(%rip), %rax
	.data
before:
	both 1
	both 3, 4
	.irp x, 5, 6
	both \x
	.endr
	.if . - before > 4
	.quad start
	.else
	.quad 0
	.endif
	.subsection 1
	.uleb128 300
	.subsection 0
start:	.string "text"
	.fill 3, 2, 0x1234
	.org start + 32
	.comm shared, 40, 32
	.symver there, there@V1
	.set alias, start
	.globl alias
