	.file	"p.c"
	.text
.Ltext0:
	.cfi_sections	.debug_frame
	.file 0 "/work/wt/gasi" "p.c"
	.type	sum.constprop.0, @function
sum.constprop.0:
.LFB3:
	.file 1 "p.c"
	.loc 1 3 38 view -0
	.cfi_startproc
.LVL0:
.LBB3:
	.loc 1 3 88 view .LVU1
.LBE3:
	.loc 1 3 38 is_stmt 0 view .LVU2
	xorl	%eax, %eax
	.loc 1 3 63 view .LVU3
	xorl	%edx, %edx
.LBB4:
	.loc 1 3 104 view .LVU4
	leaq	table(%rip), %rsi
.LVL1:
.L2:
	.loc 1 3 98 is_stmt 1 view .LVU5
	.loc 1 3 108 is_stmt 0 view .LVU6
	movl	(%rsi,%rax,4), %ecx
	imull	%eax, %ecx
	.loc 1 3 88 view .LVU7
	incq	%rax
.LVL2:
	.loc 1 3 100 view .LVU8
	addl	%ecx, %edx
.LVL3:
	.loc 1 3 94 is_stmt 1 view .LVU9
	.loc 1 3 88 view .LVU10
	cmpq	$10, %rax
	jne	.L2
.LBE4:
	.loc 1 3 113 view .LVU11
	.loc 1 3 123 is_stmt 0 view .LVU12
	movl	%edx, %eax
	ret
	.cfi_endproc
.LFE3:
	.size	sum.constprop.0, .-sum.constprop.0
	.section	.rodata.str1.1,"aMS",@progbits,1
.LC0:
	.string	"five"
	.text
	.globl	work
	.type	work, @function
work:
.LVL4:
.LFB1:
	.loc 1 4 28 is_stmt 1 view -0
	.cfi_startproc
	.loc 1 4 30 view .LVU14
	leal	-1(%rdi), %eax
	cmpl	$5, %eax
	ja	.L6
	leaq	.L8(%rip), %rdx
	movslq	(%rdx,%rax,4), %rax
	addq	%rdx, %rax
	jmp	*%rax
	.section	.rodata
	.align 4
	.align 4
.L8:
	.long	.L13-.L8
	.long	.L12-.L8
	.long	.L16-.L8
	.long	.L10-.L8
	.long	.L9-.L8
	.long	.L7-.L8
	.text
.L6:
	movslq	%edi, %rax
	.loc 1 4 28 is_stmt 0 view .LVU15
	pushq	%rcx
	.cfi_def_cfa_offset 16
	jmp	.L14
.L13:
	.cfi_def_cfa_offset 8
	.loc 1 4 51 is_stmt 1 discriminator 1 view .LVU16
	.loc 1 4 58 is_stmt 0 discriminator 1 view .LVU17
	jmp	sum.constprop.0
.LVL5:
.L12:
	.loc 1 4 82 is_stmt 1 discriminator 2 view .LVU18
	.loc 1 4 89 is_stmt 0 discriminator 2 view .LVU19
	movq	16+names(%rip), %rsi
.LVL6:
	.loc 1 4 89 discriminator 2 view .LVU20
	movl	$2, %edi
.LVL7:
	.loc 1 4 89 discriminator 2 view .LVU21
	jmp	.L20
.LVL8:
.L10:
	.loc 1 5 11 is_stmt 1 view .LVU22
	xorl	%eax, %eax
	movq	%rsi, %rdi
.LVL9:
	.loc 1 5 11 is_stmt 0 view .LVU23
	movl	$25, %ecx
	rep stosl
	.loc 1 5 32 is_stmt 1 view .LVU24
	.loc 1 5 39 is_stmt 0 view .LVU25
	movl	$9, %eax
	ret
.LVL10:
.L9:
	.loc 1 5 50 is_stmt 1 view .LVU26
	.loc 1 5 57 is_stmt 0 view .LVU27
	leaq	.LC0(%rip), %rsi
.LVL11:
	.loc 1 5 57 view .LVU28
	movl	$5, %edi
.LVL12:
.L20:
	.loc 1 5 57 view .LVU29
	jmp	other@PLT
.LVL13:
.L7:
	.loc 1 5 83 is_stmt 1 view .LVU30
	.loc 1 5 95 is_stmt 0 view .LVU31
	movl	24+table(%rip), %eax
	ret
.L14:
	.cfi_def_cfa_offset 16
	.loc 1 5 113 is_stmt 1 discriminator 1 view .LVU32
	.loc 1 5 110 is_stmt 0 discriminator 1 view .LVU33
	decl	%edi
.LVL14:
	.loc 1 5 113 discriminator 1 view .LVU34
	cmpl	$10, %eax
	jle	.L21
	.loc 1 5 119 is_stmt 1 discriminator 2 view .LVU35
	.loc 1 5 126 is_stmt 0 discriminator 2 view .LVU36
	movb	%dil, -1(%rsi,%rax)
	decq	%rax
	jmp	.L14
.L21:
	.loc 1 5 131 is_stmt 1 discriminator 3 view .LVU37
	.loc 1 5 138 is_stmt 0 discriminator 3 view .LVU38
	movq	%rsi, %rdi
.LVL15:
	.loc 1 5 138 discriminator 3 view .LVU39
	call	strlen@PLT
.LVL16:
	.loc 1 5 151 discriminator 3 view .LVU40
	popq	%rdx
	.cfi_def_cfa_offset 8
	ret
.LVL17:
.L16:
	.loc 1 4 30 view .LVU41
	movl	$7, %eax
	.loc 1 5 151 view .LVU42
	ret
	.cfi_endproc
.LFE1:
	.size	work, .-work
	.weak	weak
	.type	weak, @function
weak:
.LFB2:
	.loc 1 6 124 is_stmt 1 view -0
	.cfi_startproc
	.loc 1 6 126 view .LVU44
	.loc 1 6 137 is_stmt 0 view .LVU45
	movl	common(%rip), %eax
	addl	%fs:tls@tpoff, %eax
	.loc 1 6 147 view .LVU46
	ret
	.cfi_endproc
.LFE2:
	.size	weak, .-weak
	.globl	tls
	.section	.tdata,"awT",@progbits
	.align 4
	.type	tls, @object
	.size	tls, 4
tls:
	.long	4
	.globl	address
	.section	.data.rel.local,"aw"
	.align 8
	.type	address, @object
	.size	address, 8
address:
	.quad	zero+20
	.local	zero
	.comm	zero,400,32
	.globl	common
	.bss
	.align 4
	.type	common, @object
	.size	common, 4
common:
	.zero	4
	.globl	names
	.section	.rodata.str1.1
.LC1:
	.string	"a"
.LC2:
	.string	"bc"
.LC3:
	.string	"def"
	.section	.data.rel.local
	.align 16
	.type	names, @object
	.size	names, 24
names:
	.quad	.LC1
	.quad	.LC2
	.quad	.LC3
	.data
	.align 32
	.type	table, @object
	.size	table, 40
table:
	.long	1
	.long	2
	.long	3
	.zero	28
	.text
.Letext0:
	.file 2 "/usr/include/string.h"
	.file 3 "/usr/lib/gcc/x86_64-linux-gnu/12/include/stddef.h"
	.section	.debug_info,"",@progbits
.Ldebug_info0:
	.long	0x29e
	.value	0x5
	.byte	0x1
	.byte	0x8
	.long	.Ldebug_abbrev0
	.uleb128 0xe
	.long	.LASF13
	.byte	0x1d
	.long	.LASF0
	.long	.LASF1
	.quad	.Ltext0
	.quad	.Letext0-.Ltext0
	.long	.Ldebug_line0
	.uleb128 0xf
	.long	.LASF14
	.byte	0x3
	.byte	0xd6
	.byte	0x17
	.long	0x3a
	.uleb128 0x2
	.byte	0x8
	.byte	0x7
	.long	.LASF2
	.uleb128 0x2
	.byte	0x2
	.byte	0x7
	.long	.LASF3
	.uleb128 0x10
	.byte	0x4
	.byte	0x5
	.string	"int"
	.uleb128 0x3
	.long	0x5b
	.uleb128 0x2
	.byte	0x1
	.byte	0x6
	.long	.LASF4
	.uleb128 0x11
	.long	0x54
	.uleb128 0x4
	.long	0x48
	.long	0x70
	.uleb128 0x5
	.long	0x3a
	.byte	0x9
	.byte	0
	.uleb128 0x7
	.long	.LASF7
	.byte	0x2
	.byte	0xc
	.long	0x60
	.uleb128 0x9
	.byte	0x3
	.quad	table
	.uleb128 0x4
	.long	0x4f
	.long	0x95
	.uleb128 0x5
	.long	0x3a
	.byte	0x2
	.byte	0
	.uleb128 0x6
	.long	.LASF5
	.byte	0x2
	.byte	0x2f
	.long	0x85
	.uleb128 0x9
	.byte	0x3
	.quad	names
	.uleb128 0x6
	.long	.LASF6
	.byte	0x6
	.byte	0x5
	.long	0x48
	.uleb128 0x9
	.byte	0x3
	.quad	common
	.uleb128 0x4
	.long	0x48
	.long	0xcf
	.uleb128 0x5
	.long	0x3a
	.byte	0x63
	.byte	0
	.uleb128 0x7
	.long	.LASF8
	.byte	0x6
	.byte	0x18
	.long	0xbf
	.uleb128 0x9
	.byte	0x3
	.quad	zero
	.uleb128 0x6
	.long	.LASF9
	.byte	0x6
	.byte	0x28
	.long	0xf9
	.uleb128 0x9
	.byte	0x3
	.quad	address
	.uleb128 0x3
	.long	0x48
	.uleb128 0x12
	.string	"tls"
	.byte	0x1
	.byte	0x6
	.byte	0x4e
	.long	0x48
	.uleb128 0xa
	.byte	0xe
	.long	tls@dtpoff, 0
	.byte	0x9b
	.uleb128 0x13
	.long	.LASF10
	.byte	0x2
	.value	0x197
	.byte	0xf
	.long	0x2e
	.long	0x12c
	.uleb128 0x1
	.long	0x4f
	.byte	0
	.uleb128 0x8
	.long	.LASF11
	.byte	0x2
	.byte	0x3d
	.byte	0xe
	.long	0x14c
	.long	0x14c
	.uleb128 0x1
	.long	0x14c
	.uleb128 0x1
	.long	0x48
	.uleb128 0x1
	.long	0x2e
	.byte	0
	.uleb128 0x14
	.byte	0x8
	.uleb128 0x8
	.long	.LASF12
	.byte	0x1
	.byte	0x2
	.byte	0x58
	.long	0x48
	.long	0x169
	.uleb128 0x1
	.long	0x48
	.uleb128 0x1
	.long	0x4f
	.byte	0
	.uleb128 0x15
	.long	.LASF15
	.byte	0x1
	.byte	0x6
	.byte	0x71
	.long	0x48
	.quad	.LFB2
	.quad	.LFE2-.LFB2
	.uleb128 0x1
	.byte	0x9c
	.uleb128 0x16
	.long	.LASF16
	.byte	0x1
	.byte	0x4
	.byte	0x5
	.long	0x48
	.quad	.LFB1
	.quad	.LFE1-.LFB1
	.uleb128 0x1
	.byte	0x9c
	.long	0x216
	.uleb128 0x9
	.string	"n"
	.byte	0xe
	.long	0x48
	.long	.LLST3
	.long	.LVUS3
	.uleb128 0x9
	.string	"buf"
	.byte	0x17
	.long	0x216
	.long	.LLST4
	.long	.LVUS4
	.uleb128 0x17
	.quad	.LVL5
	.long	0x24f
	.long	0x1f3
	.uleb128 0xa
	.long	0x22c
	.uleb128 0x9
	.byte	0x3
	.quad	table
	.uleb128 0xa
	.long	0x234
	.uleb128 0x1
	.byte	0x3a
	.byte	0
	.uleb128 0x18
	.quad	.LVL13
	.long	0x14e
	.uleb128 0x19
	.quad	.LVL16
	.long	0x115
	.uleb128 0x1a
	.uleb128 0x1
	.byte	0x55
	.uleb128 0x3
	.byte	0xa3
	.uleb128 0x1
	.byte	0x54
	.byte	0
	.byte	0
	.uleb128 0x3
	.long	0x54
	.uleb128 0x1b
	.string	"sum"
	.byte	0x1
	.byte	0x3
	.byte	0x26
	.long	0x48
	.byte	0x1
	.long	0x24f
	.uleb128 0xb
	.string	"p"
	.byte	0x2f
	.long	0xf9
	.uleb128 0xb
	.string	"n"
	.byte	0x36
	.long	0x48
	.uleb128 0xc
	.string	"s"
	.byte	0x3f
	.long	0x48
	.uleb128 0x1c
	.uleb128 0xc
	.string	"i"
	.byte	0x4f
	.long	0x48
	.byte	0
	.byte	0
	.uleb128 0x1d
	.long	0x21b
	.quad	.LFB3
	.quad	.LFE3-.LFB3
	.uleb128 0x1
	.byte	0x9c
	.uleb128 0xd
	.long	0x23c
	.long	.LLST0
	.long	.LVUS0
	.uleb128 0x1e
	.long	0x234
	.byte	0xa
	.uleb128 0x1f
	.long	0x22c
	.uleb128 0xa
	.byte	0x3
	.quad	table
	.byte	0x9f
	.uleb128 0x20
	.long	0x244
	.long	.LLRL1
	.uleb128 0xd
	.long	0x245
	.long	.LLST2
	.long	.LVUS2
	.byte	0
	.byte	0
	.byte	0
	.section	.debug_abbrev,"",@progbits
.Ldebug_abbrev0:
	.uleb128 0x1
	.uleb128 0x5
	.byte	0
	.uleb128 0x49
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0x2
	.uleb128 0x24
	.byte	0
	.uleb128 0xb
	.uleb128 0xb
	.uleb128 0x3e
	.uleb128 0xb
	.uleb128 0x3
	.uleb128 0xe
	.byte	0
	.byte	0
	.uleb128 0x3
	.uleb128 0xf
	.byte	0
	.uleb128 0xb
	.uleb128 0x21
	.sleb128 8
	.uleb128 0x49
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0x4
	.uleb128 0x1
	.byte	0x1
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x1
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0x5
	.uleb128 0x21
	.byte	0
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x2f
	.uleb128 0xb
	.byte	0
	.byte	0
	.uleb128 0x6
	.uleb128 0x34
	.byte	0
	.uleb128 0x3
	.uleb128 0xe
	.uleb128 0x3a
	.uleb128 0x21
	.sleb128 1
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x3f
	.uleb128 0x19
	.uleb128 0x2
	.uleb128 0x18
	.byte	0
	.byte	0
	.uleb128 0x7
	.uleb128 0x34
	.byte	0
	.uleb128 0x3
	.uleb128 0xe
	.uleb128 0x3a
	.uleb128 0x21
	.sleb128 1
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x2
	.uleb128 0x18
	.byte	0
	.byte	0
	.uleb128 0x8
	.uleb128 0x2e
	.byte	0x1
	.uleb128 0x3f
	.uleb128 0x19
	.uleb128 0x3
	.uleb128 0xe
	.uleb128 0x3a
	.uleb128 0xb
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x27
	.uleb128 0x19
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x3c
	.uleb128 0x19
	.uleb128 0x1
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0x9
	.uleb128 0x5
	.byte	0
	.uleb128 0x3
	.uleb128 0x8
	.uleb128 0x3a
	.uleb128 0x21
	.sleb128 1
	.uleb128 0x3b
	.uleb128 0x21
	.sleb128 4
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x2
	.uleb128 0x17
	.uleb128 0x2137
	.uleb128 0x17
	.byte	0
	.byte	0
	.uleb128 0xa
	.uleb128 0x49
	.byte	0
	.uleb128 0x80
	.uleb128 0x13
	.uleb128 0x7e
	.uleb128 0x18
	.byte	0
	.byte	0
	.uleb128 0xb
	.uleb128 0x5
	.byte	0
	.uleb128 0x3
	.uleb128 0x8
	.uleb128 0x3a
	.uleb128 0x21
	.sleb128 1
	.uleb128 0x3b
	.uleb128 0x21
	.sleb128 3
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x49
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0xc
	.uleb128 0x34
	.byte	0
	.uleb128 0x3
	.uleb128 0x8
	.uleb128 0x3a
	.uleb128 0x21
	.sleb128 1
	.uleb128 0x3b
	.uleb128 0x21
	.sleb128 3
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x49
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0xd
	.uleb128 0x34
	.byte	0
	.uleb128 0x31
	.uleb128 0x13
	.uleb128 0x2
	.uleb128 0x17
	.uleb128 0x2137
	.uleb128 0x17
	.byte	0
	.byte	0
	.uleb128 0xe
	.uleb128 0x11
	.byte	0x1
	.uleb128 0x25
	.uleb128 0xe
	.uleb128 0x13
	.uleb128 0xb
	.uleb128 0x3
	.uleb128 0x1f
	.uleb128 0x1b
	.uleb128 0x1f
	.uleb128 0x11
	.uleb128 0x1
	.uleb128 0x12
	.uleb128 0x7
	.uleb128 0x10
	.uleb128 0x17
	.byte	0
	.byte	0
	.uleb128 0xf
	.uleb128 0x16
	.byte	0
	.uleb128 0x3
	.uleb128 0xe
	.uleb128 0x3a
	.uleb128 0xb
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x49
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0x10
	.uleb128 0x24
	.byte	0
	.uleb128 0xb
	.uleb128 0xb
	.uleb128 0x3e
	.uleb128 0xb
	.uleb128 0x3
	.uleb128 0x8
	.byte	0
	.byte	0
	.uleb128 0x11
	.uleb128 0x26
	.byte	0
	.uleb128 0x49
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0x12
	.uleb128 0x34
	.byte	0
	.uleb128 0x3
	.uleb128 0x8
	.uleb128 0x3a
	.uleb128 0xb
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x3f
	.uleb128 0x19
	.uleb128 0x2
	.uleb128 0x18
	.byte	0
	.byte	0
	.uleb128 0x13
	.uleb128 0x2e
	.byte	0x1
	.uleb128 0x3f
	.uleb128 0x19
	.uleb128 0x3
	.uleb128 0xe
	.uleb128 0x3a
	.uleb128 0xb
	.uleb128 0x3b
	.uleb128 0x5
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x27
	.uleb128 0x19
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x3c
	.uleb128 0x19
	.uleb128 0x1
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0x14
	.uleb128 0xf
	.byte	0
	.uleb128 0xb
	.uleb128 0xb
	.byte	0
	.byte	0
	.uleb128 0x15
	.uleb128 0x2e
	.byte	0
	.uleb128 0x3f
	.uleb128 0x19
	.uleb128 0x3
	.uleb128 0xe
	.uleb128 0x3a
	.uleb128 0xb
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x27
	.uleb128 0x19
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x11
	.uleb128 0x1
	.uleb128 0x12
	.uleb128 0x7
	.uleb128 0x40
	.uleb128 0x18
	.uleb128 0x7a
	.uleb128 0x19
	.byte	0
	.byte	0
	.uleb128 0x16
	.uleb128 0x2e
	.byte	0x1
	.uleb128 0x3f
	.uleb128 0x19
	.uleb128 0x3
	.uleb128 0xe
	.uleb128 0x3a
	.uleb128 0xb
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x27
	.uleb128 0x19
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x11
	.uleb128 0x1
	.uleb128 0x12
	.uleb128 0x7
	.uleb128 0x40
	.uleb128 0x18
	.uleb128 0x7a
	.uleb128 0x19
	.uleb128 0x1
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0x17
	.uleb128 0x48
	.byte	0x1
	.uleb128 0x7d
	.uleb128 0x1
	.uleb128 0x82
	.uleb128 0x19
	.uleb128 0x7f
	.uleb128 0x13
	.uleb128 0x1
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0x18
	.uleb128 0x48
	.byte	0
	.uleb128 0x7d
	.uleb128 0x1
	.uleb128 0x82
	.uleb128 0x19
	.uleb128 0x7f
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0x19
	.uleb128 0x48
	.byte	0x1
	.uleb128 0x7d
	.uleb128 0x1
	.uleb128 0x7f
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0x1a
	.uleb128 0x49
	.byte	0
	.uleb128 0x2
	.uleb128 0x18
	.uleb128 0x7e
	.uleb128 0x18
	.byte	0
	.byte	0
	.uleb128 0x1b
	.uleb128 0x2e
	.byte	0x1
	.uleb128 0x3
	.uleb128 0x8
	.uleb128 0x3a
	.uleb128 0xb
	.uleb128 0x3b
	.uleb128 0xb
	.uleb128 0x39
	.uleb128 0xb
	.uleb128 0x27
	.uleb128 0x19
	.uleb128 0x49
	.uleb128 0x13
	.uleb128 0x20
	.uleb128 0xb
	.uleb128 0x1
	.uleb128 0x13
	.byte	0
	.byte	0
	.uleb128 0x1c
	.uleb128 0xb
	.byte	0x1
	.byte	0
	.byte	0
	.uleb128 0x1d
	.uleb128 0x2e
	.byte	0x1
	.uleb128 0x31
	.uleb128 0x13
	.uleb128 0x11
	.uleb128 0x1
	.uleb128 0x12
	.uleb128 0x7
	.uleb128 0x40
	.uleb128 0x18
	.uleb128 0x7a
	.uleb128 0x19
	.byte	0
	.byte	0
	.uleb128 0x1e
	.uleb128 0x5
	.byte	0
	.uleb128 0x31
	.uleb128 0x13
	.uleb128 0x1c
	.uleb128 0xb
	.byte	0
	.byte	0
	.uleb128 0x1f
	.uleb128 0x5
	.byte	0
	.uleb128 0x31
	.uleb128 0x13
	.uleb128 0x2
	.uleb128 0x18
	.byte	0
	.byte	0
	.uleb128 0x20
	.uleb128 0xb
	.byte	0x1
	.uleb128 0x31
	.uleb128 0x13
	.uleb128 0x55
	.uleb128 0x17
	.byte	0
	.byte	0
	.byte	0
	.section	.debug_loclists,"",@progbits
	.long	.Ldebug_loc3-.Ldebug_loc2
.Ldebug_loc2:
	.value	0x5
	.byte	0x8
	.byte	0
	.long	0
.Ldebug_loc0:
.LVUS3:
	.uleb128 0
	.uleb128 .LVU21
	.uleb128 .LVU21
	.uleb128 .LVU22
	.uleb128 .LVU22
	.uleb128 .LVU23
	.uleb128 .LVU23
	.uleb128 .LVU26
	.uleb128 .LVU26
	.uleb128 .LVU29
	.uleb128 .LVU29
	.uleb128 .LVU30
	.uleb128 .LVU30
	.uleb128 .LVU39
	.uleb128 .LVU41
	.uleb128 0
.LLST3:
	.byte	0x4
	.uleb128 .LVL4-.Ltext0
	.uleb128 .LVL7-.Ltext0
	.uleb128 0x1
	.byte	0x55
	.byte	0x4
	.uleb128 .LVL7-.Ltext0
	.uleb128 .LVL8-.Ltext0
	.uleb128 0x4
	.byte	0xa3
	.uleb128 0x1
	.byte	0x55
	.byte	0x9f
	.byte	0x4
	.uleb128 .LVL8-.Ltext0
	.uleb128 .LVL9-.Ltext0
	.uleb128 0x1
	.byte	0x55
	.byte	0x4
	.uleb128 .LVL9-.Ltext0
	.uleb128 .LVL10-.Ltext0
	.uleb128 0x4
	.byte	0xa3
	.uleb128 0x1
	.byte	0x55
	.byte	0x9f
	.byte	0x4
	.uleb128 .LVL10-.Ltext0
	.uleb128 .LVL12-.Ltext0
	.uleb128 0x1
	.byte	0x55
	.byte	0x4
	.uleb128 .LVL12-.Ltext0
	.uleb128 .LVL13-.Ltext0
	.uleb128 0x4
	.byte	0xa3
	.uleb128 0x1
	.byte	0x55
	.byte	0x9f
	.byte	0x4
	.uleb128 .LVL13-.Ltext0
	.uleb128 .LVL15-.Ltext0
	.uleb128 0x1
	.byte	0x55
	.byte	0x4
	.uleb128 .LVL17-.Ltext0
	.uleb128 .LFE1-.Ltext0
	.uleb128 0x1
	.byte	0x55
	.byte	0
.LVUS4:
	.uleb128 0
	.uleb128 .LVU18
	.uleb128 .LVU18
	.uleb128 .LVU18
	.uleb128 .LVU18
	.uleb128 .LVU20
	.uleb128 .LVU20
	.uleb128 .LVU22
	.uleb128 .LVU22
	.uleb128 .LVU28
	.uleb128 .LVU28
	.uleb128 .LVU30
	.uleb128 .LVU30
	.uleb128 .LVU40
	.uleb128 .LVU40
	.uleb128 .LVU41
	.uleb128 .LVU41
	.uleb128 0
.LLST4:
	.byte	0x4
	.uleb128 .LVL4-.Ltext0
	.uleb128 .LVL5-1-.Ltext0
	.uleb128 0x1
	.byte	0x54
	.byte	0x4
	.uleb128 .LVL5-1-.Ltext0
	.uleb128 .LVL5-.Ltext0
	.uleb128 0x4
	.byte	0xa3
	.uleb128 0x1
	.byte	0x54
	.byte	0x9f
	.byte	0x4
	.uleb128 .LVL5-.Ltext0
	.uleb128 .LVL6-.Ltext0
	.uleb128 0x1
	.byte	0x54
	.byte	0x4
	.uleb128 .LVL6-.Ltext0
	.uleb128 .LVL8-.Ltext0
	.uleb128 0x4
	.byte	0xa3
	.uleb128 0x1
	.byte	0x54
	.byte	0x9f
	.byte	0x4
	.uleb128 .LVL8-.Ltext0
	.uleb128 .LVL11-.Ltext0
	.uleb128 0x1
	.byte	0x54
	.byte	0x4
	.uleb128 .LVL11-.Ltext0
	.uleb128 .LVL13-.Ltext0
	.uleb128 0x4
	.byte	0xa3
	.uleb128 0x1
	.byte	0x54
	.byte	0x9f
	.byte	0x4
	.uleb128 .LVL13-.Ltext0
	.uleb128 .LVL16-1-.Ltext0
	.uleb128 0x1
	.byte	0x54
	.byte	0x4
	.uleb128 .LVL16-1-.Ltext0
	.uleb128 .LVL17-.Ltext0
	.uleb128 0x4
	.byte	0xa3
	.uleb128 0x1
	.byte	0x54
	.byte	0x9f
	.byte	0x4
	.uleb128 .LVL17-.Ltext0
	.uleb128 .LFE1-.Ltext0
	.uleb128 0x1
	.byte	0x54
	.byte	0
.LVUS0:
	.uleb128 .LVU1
	.uleb128 .LVU5
	.uleb128 .LVU5
	.uleb128 0
.LLST0:
	.byte	0x4
	.uleb128 .LVL0-.Ltext0
	.uleb128 .LVL1-.Ltext0
	.uleb128 0x2
	.byte	0x30
	.byte	0x9f
	.byte	0x4
	.uleb128 .LVL1-.Ltext0
	.uleb128 .LFE3-.Ltext0
	.uleb128 0x1
	.byte	0x51
	.byte	0
.LVUS2:
	.uleb128 .LVU1
	.uleb128 .LVU5
	.uleb128 .LVU5
	.uleb128 .LVU8
.LLST2:
	.byte	0x4
	.uleb128 .LVL0-.Ltext0
	.uleb128 .LVL1-.Ltext0
	.uleb128 0x2
	.byte	0x30
	.byte	0x9f
	.byte	0x4
	.uleb128 .LVL1-.Ltext0
	.uleb128 .LVL2-.Ltext0
	.uleb128 0x1
	.byte	0x50
	.byte	0
.Ldebug_loc3:
	.section	.debug_aranges,"",@progbits
	.long	0x2c
	.value	0x2
	.long	.Ldebug_info0
	.byte	0x8
	.byte	0
	.value	0
	.value	0
	.quad	.Ltext0
	.quad	.Letext0-.Ltext0
	.quad	0
	.quad	0
	.section	.debug_rnglists,"",@progbits
.Ldebug_ranges0:
	.long	.Ldebug_ranges3-.Ldebug_ranges2
.Ldebug_ranges2:
	.value	0x5
	.byte	0x8
	.byte	0
	.long	0
.LLRL1:
	.byte	0x4
	.uleb128 .LBB3-.Ltext0
	.uleb128 .LBE3-.Ltext0
	.byte	0x4
	.uleb128 .LBB4-.Ltext0
	.uleb128 .LBE4-.Ltext0
	.byte	0
.Ldebug_ranges3:
	.section	.debug_line,"",@progbits
.Ldebug_line0:
	.section	.debug_str,"MS",@progbits,1
.LASF5:
	.string	"names"
.LASF14:
	.string	"size_t"
.LASF16:
	.string	"work"
.LASF9:
	.string	"address"
.LASF2:
	.string	"long unsigned int"
.LASF4:
	.string	"char"
.LASF7:
	.string	"table"
.LASF12:
	.string	"other"
.LASF13:
	.string	"GNU C17 12.2.0 -mtune=generic -march=x86-64 -g -Os -fno-asynchronous-unwind-tables"
.LASF10:
	.string	"strlen"
.LASF3:
	.string	"short unsigned int"
.LASF6:
	.string	"common"
.LASF15:
	.string	"weak"
.LASF8:
	.string	"zero"
.LASF11:
	.string	"memset"
	.section	.debug_line_str,"MS",@progbits,1
.LASF0:
	.string	"p.c"
.LASF1:
	.string	"/work/wt/gasi"
	.ident	"GCC: (Debian 12.2.0-14+deb12u1) 12.2.0"
	.section	.note.GNU-stack,"",@progbits
