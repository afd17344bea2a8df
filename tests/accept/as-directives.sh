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
# One option of x86 each, with the least that shows it: the same object as GNU as's.
option() { n=$((n+1)); printf "$2" > opt.s; as $1 opt.s -o theirs.o 2> as.err || { no "$1: GNU as: $(head -2 as.err)"; return; }
  if ! $KIT as $1 opt.s -o ours.o > last.out 2>&1; then no "$1: $(head -c 300 last.out | tr '\n' ' ')"; return; fi
  shape theirs.o > theirs.txt; shape ours.o > ours.txt
  if cmp -s theirs.txt ours.txt; then ok; else no "$1: $(diff theirs.txt ours.txt | head -6 | tr '\n' ' ')"; fi; }
option '-mevexlig=256 -mevexrcig=rd' 'vaddss %%xmm17,%%xmm1,%%xmm2\nvcmpss $1,{sae},%%xmm1,%%xmm2,%%k1\n'
option -mevexwig=1 'vpmovzxbw %%xmm17,%%xmm1\nvpextrb $1,%%xmm17,%%eax\n'
option '-mvexwig=1 -mavxscalar=256' 'vpaddb %%xmm1,%%xmm2,%%xmm3\nvaddss %%xmm1,%%xmm2,%%xmm3\nvpmovmskb %%xmm1,%%eax\n'
option -msse2avx 'addps %%xmm9,%%xmm1\nmovss (%%rax),%%xmm1\nmovss %%xmm1,%%xmm2\npblendvb %%xmm0,%%xmm1,%%xmm2\ncvtpd2dq (%%rax),%%xmm1\n'
option -muse-unaligned-vector-move 'movaps (%%rax),%%xmm1\nvmovdqa64 %%zmm1,%%zmm2\n'
for level in -O -O2 -Os; do option $level 'test $1,%%rbx\nmov $-1,%%rax\nmov $5,%%rax\nxor %%r9,%%r9\nand %%al,%%al\nlea (%%rax),%%rbx\nvpxord %%zmm1,%%zmm1,%%zmm2\nvmovdqu8 1(%%rax),%%xmm2\nvpand %%xmm9,%%xmm1,%%xmm2\n{nooptimize} mov $5,%%rax\n'; done
option -mx86-used-note=yes 'vaddps %%ymm1,%%ymm2,%%ymm3\nfsin\ncmove %%eax,%%ebx\n'
option -mintel64 'data16 jmp f\nlcallq *(%%rax)\nmovsxd %%ax,%%cx\n'
option -mfence-as-lock-add=yes 'mfence\n'
option -mrelax-relocations=no 'mov f@GOTPCREL(%%rip),%%rax\n'
option '' 'data16 jmp f\nmov f@GOTPCREL,%%rax\nxcryptecb\nvrcp28ps %%zmm1,%%zmm2\nlar %%dx,%%rdx\nclrq %%rax\naddb $300,%%al\naddb.s %%dl,%%cl\n'
option '-march=generic64+avx' 'vaddps %%ymm1,%%ymm2,%%ymm3\n.arch push\n.arch .avx2\nvpaddb %%ymm1,%%ymm2,%%ymm3\n.arch pop\n'
# What they refuse is refused, at the same lines.
refused() { n=$((n+1)); printf "$2" > opt.s; as $1 opt.s -o theirs.o 2>&1 | grep -o '^opt.s:[0-9]*: Error' > theirs.txt; $KIT as $1 opt.s -o ours.o 2>&1 | grep -o '^opt.s:[0-9]*: Error' > ours.txt
  if [ -s theirs.txt ] && cmp -s theirs.txt ours.txt; then ok; else no "refused by $1: $(diff theirs.txt ours.txt | head -6 | tr '\n' ' ')"; fi; }
refused '-march=generic64+avx' 'vaddps %%ymm1,%%ymm2,%%ymm3\nvpermq $1,%%ymm1,%%ymm2\nlzcnt %%eax,%%ebx\n'
refused '' '.arch .noavx512vl\nvpternlogd $1,%%xmm1,%%xmm2,%%xmm3\nvpternlogd $1,%%zmm1,%%zmm2,%%zmm3\n'
refused '' 'rep add %%eax,%%ebx\nbnd incl (%%rax)\nlock add (%%rax),%%eax\nxacquire incl (%%rax)\nxrelease mov (%%rax),%%eax\nnotrack ret\ndata16 paddb %%mm0,%%mm1\n'
refused '' 'lcallq *(%%rax)\nmovsxd %%ax,%%cx\nmovl %%ds,(%%rax)\nmov 0x80000000(%%rax),%%ebx\nshl %%cxl,%%eax\n{rex} vmovaps %%xmm7,%%xmm2\ncalll *(%%rax)\n'
refused -mintel64 'retw\ncallw *%%ax\nmovsxd %%eax,%%cx\n'
refused '-moperand-check=error -msse-check=error' 'vgatherdps %%xmm2,(%%rax,%%xmm1,2),%%xmm2\naddps %%xmm1,%%xmm2\nextrq $0,$0,%%xmm0\n'
refused '' 'vaddps %%zmm3,%%zmm1{%%k3},%%zmm2\nvcvtps2pd (%%rax),%%zmm1{1to8}\ntileloadd (%%rip),%%tmm1\nkmovq f@gottpoff(%%rip),%%k0\n'
mkdir -p inc; printf '\t.byte 42\n' > inc/part.s; printf 'xyz' > inc/b.bin; printf '\t.include "part.s"\n\t.incbin "b.bin", 1, 1\n' > i.s
check '-I, .include, .incbin, --MD' $KIT as -Iinc --MD i.d i.s -o i.o; same 'bytes' "$(objdump -s -j .text i.o | tail -1 | awk '{print $2}')" 2a79
same '--MD' "$(cat i.d)" 'i.o: i.s inc/part.s inc/b.bin'
printf '\tnop\n' > s.s; check 'standard input' sh -c "$KIT as - -o s.o < s.s"; check '@file' sh -c "echo '-o s2.o s.s' > r; $KIT as @r"; same 'the same' "$(cksum < s.o)" "$(cksum < s2.o)"
check '--noexecstack' $KIT as --noexecstack s.s -o s3.o; check 'a note of the stack' sh -c 'readelf -SW s3.o | grep -q GNU-stack'
check 'kit cc of .s' $CC -c d.s -o cc.o; $KIT as d.s -o as.o; same 'kit cc is kit as' "$(cksum < cc.o)" "$(cksum < as.o)"
echo "figure: objects $n"
finish
