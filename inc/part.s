	.byte 42
