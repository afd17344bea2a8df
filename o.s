	mov eax, 1
