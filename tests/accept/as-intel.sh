# .intel_syntax in files, in inline asm and at file level gives GNU as's bytes; what compilers write with -masm=intel as well.
. "$ROOT/tests/accept/common.sh"; need as; need_cc
command -v gcc > /dev/null || missing gcc
text() { objcopy -O binary -j .text "$1" "$1.bin" && { cat "$1.bin" | od -An -tx1; readelf -rW "$1" | awk '/^[0-9a-f]{12}/ {print $1, $3, $5, $6, $7}' | sort; }; }
equal() { if ! as "$2" -o theirs.o > last.out 2>&1; then no "$1: GNU as: $(head -c 200 last.out)"; return; fi
  if ! $KIT as "$2" -o ours.o > last.out 2>&1; then no "$1: $(head -c 300 last.out | tr '\n' ' ')"; return; fi
  text theirs.o > theirs.txt; text ours.o > ours.txt; if cmp -s theirs.txt ours.txt; then ok; else no "$1: $(diff theirs.txt ours.txt | head -4 | tr '\n' ' ')"; fi; }
n=0; each() { while IFS= read -r line; do n=$((n+1)); printf '\t.intel_syntax noprefix\n\t.text\nhere:\n\t%s\n\t.data\nvalue: .quad 0\n' "$line" > l.s; equal "$line" l.s; done; }
each <<'L'
mov eax, dword ptr [rbp-20]
mov eax, dword ptr [rsp+8*((3) % 2)+(17)%4]
mov eax, 7 % 4
mov rax, qword ptr [rip+value]
mov rax, value[rip]
lea rdi, value[rip+8]
mov byte ptr [rax+rcx*4+16], 7
mov word ptr [r12], 0x1234
movzx eax, byte ptr [rsi]
movsx rax, word ptr 2[rsi]
movsxd rdx, dword ptr [rdi+r8*8]
add qword ptr [rsp+128], -1
imul eax, dword ptr [rax], 1000
shl rax, cl
sar dword ptr [rbx], 3
call printf
call qword ptr printf@GOTPCREL[rip]
jmp rax
jmp qword ptr [rax*8+value]
jne here
push 5
push offset value
mov rax, offset value
mov eax, offset flat:value
movabs rax, 0x1122334455667788
rep movsb
rep stosq
lock cmpxchg qword ptr [rdi], rsi
cmovle ecx, edx
setne al
bswap r11
test byte ptr [rax], 0x80
xchg rax, r9
movss xmm0, dword ptr [rip+value]
movsd qword ptr [rsp], xmm15
cvtsi2sd xmm1, qword ptr [rax]
pshufd xmm3, xmmword ptr [rsi], 0x1b
vaddps ymm1, ymm2, ymmword ptr [rax+32]
vfmadd231sd xmm0, xmm1, qword ptr [rdi]
vpcmpeqd k1, zmm2, zmmword ptr [rax]
vaddpd zmm0{k1}{z}, zmm1, qword ptr [rax]{1to8}
vaddps zmm0, zmm1, zmm2, {rn-sae}
fld tbyte ptr [rsp]
fstp st(1)
fild qword ptr [rax]
mov eax, fs:[0x28]
mov rax, qword ptr fs:40
out dx, al
int 3
nop dword ptr [rax+rax*1+0]
L
cat > u.c <<'C'
#include <string.h>
struct s { char c; short h; int i; long l; float f; double d; };
static int table[64]; extern int other(int, ...); const char *name = "x";
long walk(struct s *p, int n) { long sum = 0; for (int i = 0; i < n; i++) { sum += p[i].c * p[i].h + p[i].i / (p[i].l | 1) + (long)(p[i].f * p[i].d); table[i & 63] ^= (int)sum; } return sum; }
int pick(int x) { switch (x) { case 0: return other(1, 2.5); case 1: return 3; case 2: return strlen(name); case 3: return 9; case 4: return 7; case 5: return 1; } return table[x & 63] << (x & 31); }
double mix(double a, float b, long double c) { return a * b + (double)c; }
C
for o in -O0 -O1 -O2 -O3 -Os '-O2 -fPIC' '-O3 -mavx2' '-O3 -mavx512f'; do gcc $o -masm=intel -S u.c -o u.s; equal "gcc $o -masm=intel" u.s; done
if command -v clang > /dev/null; then for o in -O0 -O2 '-O3 -mavx2'; do clang $o -masm=intel -fno-addrsig -S u.c -o u.s; equal "clang $o -masm=intel" u.s; done; fi
# In C: the text says which syntax it has, and gives AT&T's back.
agree 'inline and at file level' << 'C'
#include <stdio.h>
__asm__(".intel_syntax noprefix\n.globl seven\nseven:\n\tmov eax, 7\n\tret\n.att_syntax prefix\n");
int seven(void);
int main(void) { long a = 5, b; __asm__(".intel_syntax noprefix\n\tlea rax, [rax+rax*4+2]\n\t.att_syntax prefix" : "=a"(b) : "0"(a)); printf("%d %ld\n", seven(), b); return 0; }
C
# Options add to each other, and the last of a kind counts.
printf '\tmov eax, 1\n' > o.s; check 'two options' $KIT as -msyntax=intel -mnaked-reg o.s -o o.o; check 'in the other order' $KIT as -mnaked-reg -msyntax=intel o.s -o o.o
as -mnaked-reg -msyntax=intel -msyntax=att o.s -o t.o; check 'the last counts' $KIT as -mnaked-reg -msyntax=intel -msyntax=att o.s -o o.o; same 'the last as with GNU as' "$(text t.o)" "$(text o.o)"; as -mnaked-reg -msyntax=intel o.s -o t.o; $KIT as -mnaked-reg -msyntax=intel o.s -o o.o; same 'as GNU as' "$(text t.o)" "$(text o.o)"
printf '\t.intel_syntax noprefix\n\tmov eax, dword qtr [rax]\n' > w.s; fails 'a wrong word' $KIT as w.s -o w.o; says 'names the line' 'w\.s:2: Error'
finish
