	.intel_syntax noprefix
	.text
here:
	nop dword ptr [rax+rax*1+0]
	.data
value: .quad 0
