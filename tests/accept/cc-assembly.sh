# .s and .S go through kit's preprocessor to the system's assembler; inputs of all kinds in one link.
. "$ROOT/tests/accept/common.sh"; need_cc
printf '#define RET ret\n\t.globl answer\n\t.type answer,@function\nanswer:\tmovl $VALUE, %%eax\n\tRET\n\t.section .note.GNU-stack,"",@progbits\n' > a.S
printf '\t.globl one\n\t.type one,@function\none:\tmovl $1, %%eax\n\tret\n\t.section .note.GNU-stack,"",@progbits\n' > b.s
printf 'int three(void) { return 3; }\n' > c.c; printf 'int four(void) { return 4; }\n' > d.c; printf 'int five(void) { return 5; }\n' > e.c
printf 'int answer(void), one(void), three(void), four(void), five(void);\nint main(void) { return answer() + one() + three() + four() + five() != 42; }\n' > main.c
check '-c .S -D' $CC -DVALUE=29 -c a.S -o a.o; check '.o of c' $CC -c c.c; check '.o for ar' $CC -c d.c
ar rc libd.a d.o; check '.so' $CC -shared -fPIC e.c -o libe.so
check 'C, .s, .o, .a, .so together' $CC main.c b.s a.o c.o libd.a ./libe.so -o prog; check 'runs' ./prog
check 'by -l' $CC main.c b.s a.o c.o -L. -ld -le -Wl,-rpath,. -o prog2; check 'runs' ./prog2
check 'headers in .S' $CC -DVALUE=1 -E a.S; says '-E of .S' 'movl'
check '-Wa,-v' $CC -Wa,-v -c -o none.o -x assembler /dev/null; says 'what perlasm looks for' '^GNU assembler version [2-9]\.[0-9]+'
finish
