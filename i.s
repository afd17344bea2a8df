	.include "part.s"
	.incbin "b.bin", 1, 1
