# kit as gives what GNU as gives: sections, bytes, relocations, symbols, for what gcc writes and for a text of directives.
. "$ROOT/tests/accept/common.sh"; need as
command -v as > /dev/null || missing "GNU as"; command -v gcc > /dev/null || missing gcc
n=0
# Sections with flags and bytes, relocations in order of place, symbols by name.
shape() { { readelf -SW "$1" | grep -E '^ +\[ *[0-9]+\]' | grep -vE 'symtab|strtab' | awk '{sub(/^ *\[ *[0-9]+\] */, ""); print $1, $2, $5, $6, $7, $NF}'
  readelf -rW "$1" | awk '/^Relocation/ {print $3} /^[0-9a-f]{12}/ {print $1, $3, $5, $6, $7}' | sort
  nm -a "$1" | sort; objdump -s "$1" | tail -n +4; } 2> /dev/null | grep -v "$1"; }
equal() { n=$((n+1)); as "$2" -o theirs.o 2> as.err || { no "$1: GNU as: $(head -2 as.err)"; return; }
  if ! $KIT as "$2" -o ours.o > last.out 2>&1; then no "$1: $(head -c 300 last.out | tr '\n' ' ')"; return; fi
  shape theirs.o > theirs.txt; shape ours.o > ours.txt
  if cmp -s theirs.txt ours.txt; then ok; else no "$1: $(diff theirs.txt ours.txt | head -6 | tr '\n' ' ')"; fi; }
cat > p.c <<'C'
#include <string.h>
static int table[10] = {1, 2, 3}; const char *names[] = {"a", "bc", "def"}; extern int other(int, const char *);
static __attribute__((noinline)) int sum(int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i] * i; return s; }
int work(int n, char *buf) { switch (n) { case 1: return sum(table, 10); case 2: return other(n, names[n]); case 3: return 7;
  case 4: memset(buf, 0, 100); return 9; case 5: return other(5, "five"); case 6: return table[n]; } while (n-- > 10) buf[n] = n; return strlen(buf); }
int common; static int zero[100]; int *address = &zero[5]; _Thread_local int tls = 4; __attribute__((weak)) int weak(void) { return tls + common; }
C
for options in -O0 -O2 '-O2 -fPIC' '-O1 -ffunction-sections -fdata-sections' '-O2 -g' '-O0 -g -fPIC' '-Os -g -fno-asynchronous-unwind-tables'; do
  gcc $options -S p.c -o p.s && equal "gcc $options" p.s
done
cat > d.s <<'S'
	.macro both a, b=2
	.byte \a, \b
	.endm
	.text
1:	jmp 1f
	.rept 3
	nop
	.endr
	.p2align 4,,10
1:	call there
	jmp 1b
	.pushsection .rodata.cst8,"aM",@progbits,8
c:	.quad 5
	.popsection
	lea c(%rip), %rax
	.data
before:
	both 1
	both 3, 4
	.irp x, 5, 6
	both \x
	.endr
	.if . - before > 4
	.quad start
	.else
	.quad 0
	.endif
	.subsection 1
	.uleb128 300
	.subsection 0
start:	.string "text"
	.fill 3, 2, 0x1234
	.org start + 32
	.comm shared, 40, 32
	.symver there, there@V1
	.set alias, start
	.globl alias
S
equal directives d.s
printf '\t.long second\n' > one.s; printf 'second:\t.long value\n' > two.s
as --defsym value=7 one.s two.s -o theirs.o; check 'several files, --defsym' $KIT as --defsym value=7 one.s two.s -o ours.o
same 'several files, --defsym' "$(shape theirs.o)" "$(shape ours.o)"
# Symbols that stand for registers, registers that conditions compare, padding behind which code goes on with a jump, numbers of 128 bits.
cat > regs.s <<'S'
	state = %rdi
	.set A, %ecx
	.set B, A
	.macro hint base=%rsp
	.if \base == %rsp
	mov B, (state)
	.elseif \base != %rbp
	.byte 2
	.else
	mov state, \base
	.endif
	.endm
	hint
	hint %rbp
	hint %rax
	A = %edx
	add A, B
	x = 5
	mov $x, A
	mulxq %rax, %r8, %r9
	rorxl $25, %r8d, %r13d
	andnq (state), %rax, %rbx
	blsrl %ecx, %edx
	.balign 128
	jmp 1f
	.balign 1024
1:	movdqu ones-mask(%rax), %xmm0
	.nops 200
	.section .rodata
mask: .octa 0x0000000000000000ffffffffffffffff, -1, 0xffffffffffffffff, 5
ones: .octa 0xffffffffffffffff0000000000000000
	.text
	movdqu ones-mask(%rax), %xmm0
S
equal 'symbols for registers' regs.s
mkdir -p inc; printf '\t.byte 42\n' > inc/part.s; printf 'xyz' > inc/b.bin; printf '\t.include "part.s"\n\t.incbin "b.bin", 1, 1\n' > i.s
check '-I, .include, .incbin, --MD' $KIT as -Iinc --MD i.d i.s -o i.o; same 'bytes' "$(objdump -s -j .text i.o | tail -1 | awk '{print $2}')" 2a79
same '--MD' "$(cat i.d)" 'i.o: i.s inc/part.s inc/b.bin'
printf '\tnop\n' > s.s; check 'standard input' sh -c "$KIT as - -o s.o < s.s"; check '@file' sh -c "echo '-o s2.o s.s' > r; $KIT as @r"; same 'the same' "$(cksum < s.o)" "$(cksum < s2.o)"
check '--noexecstack' $KIT as --noexecstack s.s -o s3.o; check 'a note of the stack' sh -c 'readelf -SW s3.o | grep -q GNU-stack'
check 'kit cc of .s' $CC -c d.s -o cc.o; $KIT as d.s -o as.o; same 'kit cc is kit as' "$(cksum < cc.o)" "$(cksum < as.o)"
echo "figure: objects $n"
finish
