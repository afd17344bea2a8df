	.long second
