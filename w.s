	.intel_syntax noprefix
	mov eax, dword qtr [rax]
