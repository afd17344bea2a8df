	.bss
	.long 1
