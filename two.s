second:	.long value
