	.text
	.intel_syntax noprefix
	.file	"u.c"
	.globl	walk                            # -- Begin function walk
	.p2align	4, 0x90
	.type	walk,@function
walk:                                   # @walk
	.cfi_startproc
# %bb.0:
	test	esi, esi
	jle	.LBB0_1
# %bb.3:
	mov	r8d, esi
	xor	r11d, r11d
	lea	r9, [rip + table]
	xor	ecx, ecx
	jmp	.LBB0_4
	.p2align	4, 0x90
.LBB0_6:                                #   in Loop: Header=BB0_4 Depth=1
	cqo
	idiv	rsi
.LBB0_7:                                #   in Loop: Header=BB0_4 Depth=1
	vmovss	xmm0, dword ptr [rdi + 16]      # xmm0 = mem[0],zero,zero,zero
	vcvtss2sd	xmm0, xmm0, xmm0
	vmulsd	xmm0, xmm0, qword ptr [rdi + 24]
	vcvttsd2si	rdx, xmm0
	add	rcx, r10
	add	rcx, rax
	add	rcx, rdx
	mov	eax, r11d
	and	eax, 63
	xor	dword ptr [r9 + 4*rax], ecx
	add	r11, 1
	add	rdi, 32
	cmp	r8, r11
	je	.LBB0_2
.LBB0_4:                                # =>This Inner Loop Header: Depth=1
	movsx	rax, byte ptr [rdi]
	movsx	r10, word ptr [rdi + 2]
	imul	r10, rax
	movsxd	rax, dword ptr [rdi + 4]
	mov	rsi, qword ptr [rdi + 8]
	mov	rdx, rax
	or	rdx, rsi
	or	rsi, 1
	shr	rdx, 32
	jne	.LBB0_6
# %bb.5:                                #   in Loop: Header=BB0_4 Depth=1
                                        # kill: def $eax killed $eax killed $rax
	xor	edx, edx
	div	esi
                                        # kill: def $eax killed $eax def $rax
	jmp	.LBB0_7
.LBB0_1:
	xor	ecx, ecx
.LBB0_2:
	mov	rax, rcx
	ret
.Lfunc_end0:
	.size	walk, .Lfunc_end0-walk
	.cfi_endproc
                                        # -- End function
	.section	.rodata.cst8,"aM",@progbits,8
	.p2align	3                               # -- Begin function pick
.LCPI1_0:
	.quad	0x4004000000000000              # double 2.5
	.text
	.globl	pick
	.p2align	4, 0x90
	.type	pick,@function
pick:                                   # @pick
	.cfi_startproc
# %bb.0:
	push	rax
	.cfi_def_cfa_offset 16
	cmp	edi, 5
	ja	.LBB1_7
# %bb.1:
	mov	eax, 3
	mov	ecx, edi
	lea	rdx, [rip + .LJTI1_0]
	movsxd	rcx, dword ptr [rdx + 4*rcx]
	add	rcx, rdx
	jmp	rcx
.LBB1_2:
	vmovsd	xmm0, qword ptr [rip + .LCPI1_0] # xmm0 = mem[0],zero
	mov	edi, 1
	mov	al, 1
	pop	rcx
	.cfi_def_cfa_offset 8
	jmp	other@PLT                       # TAILCALL
.LBB1_7:
	.cfi_def_cfa_offset 16
	mov	eax, edi
	and	eax, 63
	lea	rcx, [rip + table]
	mov	eax, dword ptr [rcx + 4*rax]
	mov	ecx, edi
	shl	eax, cl
.LBB1_8:
                                        # kill: def $eax killed $eax killed $rax
	pop	rcx
	.cfi_def_cfa_offset 8
	ret
.LBB1_3:
	.cfi_def_cfa_offset 16
	mov	rdi, qword ptr [rip + name]
	call	strlen@PLT
                                        # kill: def $eax killed $eax killed $rax
	pop	rcx
	.cfi_def_cfa_offset 8
	ret
.LBB1_4:
	.cfi_def_cfa_offset 16
	mov	eax, 9
                                        # kill: def $eax killed $eax killed $rax
	pop	rcx
	.cfi_def_cfa_offset 8
	ret
.LBB1_5:
	.cfi_def_cfa_offset 16
	mov	eax, 7
                                        # kill: def $eax killed $eax killed $rax
	pop	rcx
	.cfi_def_cfa_offset 8
	ret
.LBB1_6:
	.cfi_def_cfa_offset 16
	mov	eax, 1
                                        # kill: def $eax killed $eax killed $rax
	pop	rcx
	.cfi_def_cfa_offset 8
	ret
.Lfunc_end1:
	.size	pick, .Lfunc_end1-pick
	.cfi_endproc
	.section	.rodata,"a",@progbits
	.p2align	2
.LJTI1_0:
	.long	.LBB1_2-.LJTI1_0
	.long	.LBB1_8-.LJTI1_0
	.long	.LBB1_3-.LJTI1_0
	.long	.LBB1_4-.LJTI1_0
	.long	.LBB1_5-.LJTI1_0
	.long	.LBB1_6-.LJTI1_0
                                        # -- End function
	.text
	.globl	mix                             # -- Begin function mix
	.p2align	4, 0x90
	.type	mix,@function
mix:                                    # @mix
	.cfi_startproc
# %bb.0:
	fld	tbyte ptr [rsp + 8]
	vcvtss2sd	xmm1, xmm1, xmm1
	fstp	qword ptr [rsp - 8]
	vmulsd	xmm0, xmm0, xmm1
	vaddsd	xmm0, xmm0, qword ptr [rsp - 8]
	ret
.Lfunc_end2:
	.size	mix, .Lfunc_end2-mix
	.cfi_endproc
                                        # -- End function
	.type	.L.str,@object                  # @.str
	.section	.rodata.str1.1,"aMS",@progbits,1
.L.str:
	.asciz	"x"
	.size	.L.str, 2

	.type	name,@object                    # @name
	.data
	.globl	name
	.p2align	3
name:
	.quad	.L.str
	.size	name, 8

	.type	table,@object                   # @table
	.local	table
	.comm	table,256,16
	.ident	"Debian clang version 14.0.6"
	.section	".note.GNU-stack","",@progbits
