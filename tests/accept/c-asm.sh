# Inline and file-level asm: small programs print what gcc's print; wrong ones are told with their place.
. "$ROOT/tests/accept/common.sh"; need_cc
# agree NAME: NAME.c, compiled by gcc and by kit with the further options, prints the same.
agree() { local n=$1; shift
  if ! gcc -w "$@" "$n.c" -o ref -lm > last.out 2>&1; then no "$n by gcc: $(head -c 300 last.out)"; return; fi
  ./ref > ref.txt 2>&1; local want=$?
  for o in '' -O1 -g -fPIC -no-pie; do
    if ! $CC -w $o "$@" "$n.c" -o prog -lm > last.out 2>&1; then no "$n $o: $(head -c 300 last.out | tr '\n' ' ')"; return; fi
    ./prog > ours.txt 2>&1; local got=$?
    if [ $want != $got ] || ! cmp -s ref.txt ours.txt; then no "$n $o: status $got, not $want: $(diff ref.txt ours.txt | head -5 | tr '\n' ' ')"; return; fi
  done; ok; }
# wrong NAME PATTERN: NAME.c is refused with a first line that names the place.
wrong() { fails "$1" $CC -w -c "$1.c"; says "$1 said" "$2"; }
# main BODY: a program around statements.
program() { { echo '#include <stdio.h>
#include <stdint.h>
#include <string.h>'; cat; } > "$1.c"; }

program bswap <<'C'
static inline uint32_t swap32(uint32_t x) { __asm__("bswap %0" : "+r"(x)); return x; }
static inline uint64_t swap64(uint64_t x) { __asm__("bswapq %0" : "=r"(x) : "0"(x)); return x; }
static inline uint16_t swap16(uint16_t x) { __asm__("rorw $8, %w0" : "=r"(x) : "0"(x) : "cc"); return x; }
int main(void) { printf("%x %lx %x\n", swap32(0x11223344), swap64(0x1122334455667788), swap16(0x1234)); }
C
agree bswap
program fixed <<'C'
int main(void) { unsigned a, b, c, d; __asm__ volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "0"(0), "2"(0));
  char s[13]; memcpy(s, &b, 4); memcpy(s + 4, &d, 4); memcpy(s + 8, &c, 4); s[12] = 0; printf("%s %d\n", s, a > 0);
  int q, r; __asm__("cltd; idivl %4" : "=a"(q), "=&d"(r) : "0"(17), "1"(0), "r"(5)); printf("%d %d\n", q, r);
  long n = 3; char buf[8] = "abcdefg", to[8] = ""; const void *from = buf; void *dst = to; __asm__ volatile("rep movsb" : "+S"(from), "+D"(dst), "+c"(n) :: "memory"); printf("%s %ld\n", to, n); }
C
agree fixed
program syscalls <<'C'
static long call6(long n, long a, long b, long c, long d, long e, long f) { long r; register long r10 __asm__("r10") = d; register long r8 __asm__("r8") = e; register long r9 __asm__("r9") = f;
  __asm__ __volatile__("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory"); return r; }
int main(void) { char *p = (char *)call6(9, 0, 4096, 3, 0x22, -1, 0); p[5] = 7; printf("%d\n", p[5]); fflush(stdout); call6(1, 1, (long)"direct\n", 7, 0, 0, 0); return call6(11, (long)p, 4096, 0, 0, 0, 0); }
C
agree syscalls
program memory <<'C'
struct pair { long a, b; }; static int global[4] = { 1, 2, 3, 4 };
int main(void) { int x = 5, arr[3] = { 7, 8, 9 }; struct pair p = { 1, 2 }, *pp = &p;
  __asm__("addl $3, %0" : "+m"(x)); __asm__("incl %0" : "+m"(arr[1])); __asm__("addq %1, %0" : "+m"(p.b) : "r"(10L)); __asm__("lock; xaddl %0, %1" : "+r"(x), "+m"(global[2]) :: "memory");
  __asm__("movq 8%1, %0" : "=r"(pp->a) : "m"(*pp)); __asm__("notl %0" : "=m"(global[0]) : "m"(global[0])); __asm__("movq %H1, %0" : "=r"(pp->b) : "o"(p));
  printf("%d %d %ld %ld %d %d\n", x, arr[1], p.a, p.b, global[2], global[0]); }
C
agree memory
program names <<'C'
int main(void) { int a = 6, b = 7, c; __asm__("movl %[left], %[out]\n\timull %[right], %[out]" : [out] "=&r"(c) : [left] "r"(a), [right] "rm"(b) : "cc"); printf("%d\n", c);
  __asm__("leal (%q[x],%q[y],2), %[x]" : [x] "+r"(a) : [y] "r"(b)); printf("%d\n", a); long tied; __asm__("addq $1, %0" : [t] "=r"(tied) : "[t]"(41L)); printf("%ld\n", tied); }
C
agree names
program modifiers <<'C'
int main(void) { unsigned x = 0x11223344; unsigned char lo, hi; __asm__("movb %b2, %0; movb %h2, %1" : "=&q"(lo), "=&q"(hi) : "Q"(x)); printf("%x %x\n", lo, hi);
  unsigned short w; unsigned long q; __asm__("movw %w1, %w0" : "=r"(w) : "r"(x)); __asm__("movl %k1, %k0" : "=r"(q) : "r"(x)); printf("%x %lx\n", w, q);
  int n; __asm__("movl %1, %0; addl $%c2, %0; addl $%n3, %0" : "=&r"(n) : "r"(1), "i"(40), "i"(-2)); printf("%d\n", n); __asm__("add%z0 %1, %0" : "+r"(q) : "r"(1L)); printf("%lx\n", q);
  __asm__("lea %a1, %0" : "=r"(q) : "p"(&x)); printf("%d\n", q == (unsigned long)&x); __asm__("mov{l|}\t{%1, %0|%0, %1}" : "=r"(n) : "r"(9)); printf("%d %%\n", n); }
C
agree modifiers
program unique <<'C'
static int count(int n) { int r = 0; __asm__("jmp .Lend%=\n.Lloop%=: addl $2, %0\n.Lend%=: decl %1\n\tjns .Lloop%=" : "+r"(r), "+r"(n)); return r; }
static int other(int n) { int r = 0; __asm__("1: addl $3, %0\n decl %1\n jnz 1b\n jmp 2f\n 1: addl $100, %0\n 2:" : "+r"(r), "+r"(n)); return r; }
int main(void) { printf("%d %d %d\n", count(5), count(7), other(4)); }
C
agree unique
program flags <<'C'
static int carry(unsigned a, unsigned b) { int c; __asm__("addl %2, %1" : "=@ccc"(c), "+r"(a) : "r"(b)); return c; }
static int both(int a, int b) { _Bool z; char l; __asm__("cmpl %3, %2" : "=@ccz"(z), "=@ccl"(l) : "r"(a), "r"(b)); return z * 10 + l; }
static int bit(unsigned long *p, long n) { _Bool c; __asm__ volatile("btsq %2, %1" : "=@ccc"(c), "+m"(*p) : "Ir"(n)); return c; }
int main(void) { unsigned long w = 4; printf("%d %d %d %d %d\n", carry(-1u, 1), carry(1, 2), both(1, 1), both(1, 2), both(2, 1)); int old = bit(&w, 2), fresh = bit(&w, 5); printf("%d %d %lx\n", old, fresh, w);
#ifdef __GCC_ASM_FLAG_OUTPUTS__
  puts("flags");
#endif
}
C
agree flags
program goto <<'C'
static int sign(int x) { __asm__ goto("testl %0, %0\n\tjs %l[minus]\n\tjz %l1" : : "r"(x) : "cc" : zero, minus); return 1; zero: return 0; minus: return -1; }
static int loop(int n) { int t = 0; again: t += n--; __asm__ goto("testl %0, %0; jnz %l1" : : "r"(n) : : again); return t; }
int main(void) { int y; printf("%d %d %d %d\n", sign(-5), sign(0), sign(9), loop(10));
  __asm__ goto("movl $7, %0; cmpl $3, %1; je %l[three]" : "=&r"(y) : "r"(3) : "cc" : three); printf("not %d\n", y); return 1; three: printf("three %d\n", y); return 0; }
C
agree goto
program clobbers <<'C'
static long sum(long a, long b, long c, long d) { long e = a * 2, f = b * 3; __asm__ volatile("xor %%eax, %%eax; mov %%rax, %%rbx; mov %%rax, %%r12; mov %%rax, %%r13; mov %%rax, %%r14; mov %%rax, %%r15; mov %%rax, %%rcx; mov %%rax, %%rdx; mov %%rax, %%rsi; mov %%rax, %%rdi; mov %%rax, %%r8; mov %%rax, %%r9; mov %%rax, %%r10; mov %%rax, %%r11; pxor %%xmm0, %%xmm0"
  ::: "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm0", "cc", "memory"); return a + b * 10 + c * 100 + d * 1000 + e * 7 + f; }
static double keep(double x, int n) { double s = 0; for (int i = 0; i < n; i++) { s += x * i; __asm__ volatile("xorps %%xmm0, %%xmm0; xorps %%xmm1, %%xmm1" ::: "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5"); } return s; }
int main(void) { long t = 0; for (long i = 0; i < 5; i++) { t += sum(i, i + 1, i + 2, i + 3); __asm__ volatile("movl $0, %%ebx; movl $1, %%r12d" ::: "rbx", "r12"); } printf("%ld %g\n", t, keep(1.5, 6)); }
C
agree clobbers
program pressure <<'C'
int main(void) { int a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8, i = 9, j = 10, r; for (int n = 0; n < 3; n++) {
  __asm__("movl %1, %0; addl %2, %0; addl %3, %0; addl %4, %0; addl %5, %0; addl %6, %0; addl %7, %0; addl %8, %0; addl %9, %0; addl %10, %0" : "=&r"(r) : "r"(a), "r"(b), "r"(c), "r"(d), "r"(e), "r"(f), "r"(g), "r"(h), "r"(i), "r"(j)); a += r; }
  printf("%d %d\n", r, a); __asm__("movl %1, %0; addl %2, %0; addl %3, %0" : "=&a"(r) : "g"(a), "rm"(b), "mr"(c)); printf("%d\n", r); }
C
agree pressure
program immediates <<'C'
static int table[10]; enum { SHIFT = 5 };
int main(void) { unsigned x = 1; __asm__("shll %1, %0" : "+r"(x) : "I"(SHIFT)); __asm__("addl %1, %0" : "+r"(x) : "i"(sizeof table)); __asm__("addl %1, %0" : "+r"(x) : "Ir"(100)); __asm__("subl %1, %0" : "+r"(x) : "n"(3 + 4 * 2)); printf("%u\n", x);
  long y; __asm__("movq %1, %0" : "=r"(y) : "e"(-5L)); printf("%ld\n", y); __asm__("movabsq %1, %0" : "=r"(y) : "i"(0x123456789abcdefL)); printf("%lx\n", y); __asm__("movl %1, %k0" : "=r"(y) : "Z"(0xfffffff0L)); printf("%lx\n", y);
  __asm__("btl %1, %0" : : "r"(x), "J"(3)); __asm__("addq %1, %0" : "+r"(y) : "re"(1L << 40)); printf("%lx\n", y); }
C
agree immediates
program wide <<'C'
static uint64_t mulhi(uint64_t a, uint64_t b) { uint64_t h, l; __asm__("mulq %3" : "=d"(h), "=a"(l) : "1"(a), "rm"(b) : "cc"); return h ^ l; }
static unsigned __int128 both(uint64_t a, uint64_t b) { unsigned __int128 r; __asm__("mulq %2" : "=A"(r) : "a"(a), "r"(b)); return r; }
static uint64_t shifted(uint64_t h, uint64_t l, unsigned n) { __asm__("shldq %%cl, %1, %0" : "+r"(h) : "r"(l), "c"(n) : "cc"); return h; }
int main(void) { unsigned __int128 r = both(0xffffffffffff1234, 0x123456789abcdef); printf("%lx %lx %lx %lx\n", mulhi(0xfedcba9876543210, 12345678901), (long)(r >> 64), (long)r, shifted(1, 0xf000000000000000, 4));
  unsigned lo = 1, hi = 2; __asm__("addl $-1, %0; adcl $0, %1" : "+r"(lo), "+r"(hi)); printf("%u %u\n", lo, hi); __asm__("subl $1, %0; sbbl $0, %1" : "+&r"(lo), "+r"(hi)); printf("%u %u\n", lo, hi); }
C
agree wide
program x87 <<'C'
static long double sine(long double x) { __asm__("fsin" : "+t"(x)); return x; }
static double logarithm(double x) { double r; __asm__("fldln2; fxch; fyl2x" : "=t"(r) : "0"(x) : "st(1)"); return r; }
static double arctan(double y, double x) { double r; __asm__("fpatan" : "=t"(r) : "0"(x), "u"(y) : "st(1)"); return r; }
static double rest(double x, double y) { double r; __asm__("1: fprem; fnstsw %%ax; testb $4, %%ah; jnz 1b" : "=t"(r) : "0"(x), "u"(y) : "ax", "cc"); return r; }
int main(void) { double c, s; __asm__("fsincos" : "=t"(c), "=u"(s) : "0"(0.5)); printf("%.10Lf %.10f %.10f %.10f %.10f %.10f\n", sine(1.0L), logarithm(10), arctan(1, 2), rest(10.5, 3), s, c);
  short cw; __asm__ volatile("fnstcw %0" : "=m"(cw)); int n; __asm__("fistpl %0" : "=m"(n) : "t"(3.75) : "st"); long double big = 2; __asm__("fadd %%st, %%st" : "+t"(big)); printf("%x %d %Lg\n", cw & 0xffff, n, big); for (int i = 0; i < 20; i++) s += rest(i, 4); printf("%.6f\n", s); }
C
agree x87
program sse <<'C'
int main(void) { double a = 2, r; __asm__("sqrtsd %1, %0" : "=x"(r) : "x"(a)); printf("%.12f\n", r); float f = 1.5f; __asm__("addss %1, %0" : "+x"(f) : "xm"(2.25f)); printf("%g\n", f); int n; __asm__("cvttsd2si %1, %0" : "=r"(n) : "x"(9.75)); printf("%d\n", n);
  unsigned char x[16] = "sixteen bytes..", y[16]; __asm__("movdqu %1, %%xmm1; pshufd $0x1b, %%xmm1, %%xmm1; movdqu %%xmm1, %0" : "=m"(y) : "m"(x) : "xmm1"); printf("%.16s\n", y); long bits; __asm__("movq %1, %0" : "=r"(bits) : "x"(1.0)); printf("%lx\n", bits);
  unsigned mask; __asm__("movdqu %1, %%xmm2; pmovmskb %%xmm2, %0" : "=r"(mask) : "m"(x) : "xmm2"); printf("%x\n", mask); unsigned mx; __asm__ volatile("stmxcsr %0" : "=m"(mx)); printf("%x\n", mx & 0x1f80); }
C
agree sse
program alternatives <<'C'
int main(void) { int x = 5, y; __asm__("movl %1, %0" : "=a,r"(y) : "r,a"(x)); printf("%d\n", y); __asm__("addl %1, %0" : "+r,m"(y) : "ri,r"(3)); printf("%d\n", y); __asm__("addl %2, %0" : "=r"(y) : "%0"(y), "g"(7)); printf("%d\n", y); __asm__("" : "=rm"(x) : "0"(y)); printf("%d\n", x); int z; __asm__("movl $1, %0; movl $2, %1" : "=r,m"(x), "=m,r"(z)); printf("%d %d\n", x, z); }
C
agree alternatives
program atomic <<'C'
static int cas(int *p, int old, int new) { int r; __asm__ volatile("lock; cmpxchgl %2, %1" : "=a"(r), "+m"(*p) : "r"(new), "0"(old) : "memory", "cc"); return r; }
static int swap(volatile int *p, int v) { __asm__ volatile("xchgl %0, %1" : "+r"(v), "+m"(*p) :: "memory"); return v; }
int main(void) { int x = 1; printf("%d", cas(&x, 1, 5)); printf(" %d %d\n", cas(&x, 1, 9), x); printf("%d", swap(&x, 8)); printf(" %d\n", x); __asm__ volatile("mfence; lfence; sfence; pause" ::: "memory");
  struct { long a, b; } __attribute__((aligned(16))) w = { 1, 2 }; char ok; long a = 1, d = 2; __asm__ volatile("lock cmpxchg16b %1; sete %0" : "=q"(ok), "+m"(w), "+a"(a), "+d"(d) : "b"(7L), "c"(9L) : "cc", "memory"); printf("%d %ld %ld\n", ok, w.a, w.b); }
C
agree atomic
program bits <<'C'
int main(void) { unsigned long v = 0x10010, r; int i; __asm__("bsfq %1, %0" : "=r"(r) : "rm"(v)); printf("%lu", r); __asm__("bsrq %1, %0" : "=r"(r) : "rm"(v)); printf(" %lu", r); __asm__("popcnt %1, %0" : "=r"(r) : "r"(v)); printf(" %lu\n", r);
  __asm__("crc32b %1, %0" : "=r"(i) : "rm"((char)'x'), "0"(0)); printf("%x\n", i); unsigned c = 3; __asm__("roll %%cl, %0" : "+r"(i) : "c"(c)); __asm__("cmovg %2, %0" : "=r"(i) : "0"(i), "r"(5)); unsigned char b; __asm__("setc %0" : "=q"(b)); struct { unsigned f : 5, g : 9; } s = { 3, 4 }; int t; __asm__("movl $17, %0" : "=r"(t)); s.g = t; unsigned q = s.g; __asm__("incl %0" : "+r"(q)); printf("%u\n", q); }
C
agree bits
program structures <<'C'
struct small { int a, b; }; struct small pass(struct small s) { __asm__("" : "+r"(s)); return s; } union u { long l; struct small s; };
int main(void) { struct small s = { 1, 2 }; s = pass(s); union u u = { .s = s }; __asm__("addq $1, %0" : "+r"(u.l)); printf("%d %d %d\n", s.a, s.b, u.s.a); int a[2][3] = { { 1 } }; __asm__("movl $9, %0" : "=m"(a[1][2])); int *p = &a[1][2]; __asm__("movl $8, (%0)" :: "r"(p - 1) : "memory"); printf("%d %d\n", a[1][2], a[1][1]);
  volatile int v = 3; __asm__ volatile("addl $1, %0" : "+r"(v)); static int st = 4; __asm__("addl $1, %0" : "+r"(st)); _Bool t; __asm__("movb $1, %0" : "=r"(t)); printf("%d %d %d\n", v, st, t); }
C
agree structures
cat > file.c <<'C'
#include <stdio.h>
__asm__(".text\n.globl twice\n.type twice, @function\ntwice: leal (%rdi,%rdi), %eax\n\tret\n.size twice, . - twice\n"
        ".data\n.globl number\n.align 8\nnumber: .quad 42, twice\n.type number, @object\n.size number, 16\n.section .rodata\nmessage: .asciz \"hello\"\n.text\n");
__asm__(".globl thrice\n.type thrice, @function\nthrice: call twice\n\taddl %edi, %eax\n\tjmp 1f\n\tud2\n1: ret\n\t.p2align 4\n.globl words\nwords: lea message(%rip), %rax; ret");
int twice(int), thrice(int); const char *words(void); extern struct { long n; int (*f)(int); } number;
static int __attribute__((used)) helper(int x) { return x * 10; }
__asm__(".globl through\n.type through, @function\nthrough: push %rbx; call helper; pop %rbx; ret");
int through(int); __asm__(".set alias, thrice; .globl alias"); int alias(int);
__asm__(".bss\n.local scratch\n.comm scratch, 64, 32\n.text\n.globl place\nplace: leaq scratch(%rip), %rax\n ret"); long place(void);
int main(void) { printf("%d %d %ld %d %s %d %d %ld\n", twice(4), thrice(5), number.n, number.f(6), words(), through(7), alias(3), place() % 32); return 0; }
C
agree file
cat > weak.c <<'C'
#include <stdio.h>
__asm__(".weak maybe\n.weak def\n.type def,@function\ndef: mov $5, %eax; ret\n.hidden secret\n.globl secret\nsecret: mov $6, %eax; ret"); int def(void), secret(void);
__asm__(".pushsection .init_array, \"aw\"\n.quad early\n.popsection"); static int done; static void __attribute__((used)) early(void) { done = 1; }
int main(void) { __asm__ volatile("1: nop\n.pushsection .mine, \"a\", @progbits\n.globl mine\nmine: .long 1b - ., 2f - 1b\n.popsection\n2:"); extern const int mine[]; printf("%d %d %d %d %d\n", def(), secret(), done, mine[1], 0); return 0; }
C
agree weak
cat > version.c <<'C'
int old_name(void) { return 1; } int new_name(void) { return 2; }
__asm__(".symver old_name, name@V1"); __asm__(".symver new_name, name@@V2");
int odd(void) __attribute__((alias("old_name"))); __asm__(".symver odd, other@V1");
extern __attribute__((symver("third@V1", "third_too@V1"))) int third_one(void); int third_one(void) { return 3; }
C
echo 'V1 { }; V2 { } V1;' > version.map
check 'symver compiles' $CC -c -fPIC version.c -o version.o; check 'symver links' gcc -shared -Wl,--version-script=version.map version.o -o libversion.so
same 'symver names' 'name@@V2 name@V1 other@V1 third@V1 third_too@V1' "$(nm -D libversion.so 2> /dev/null | grep -o '[a-z_]*@.*' | sort | tr '\n' ' ' | sed 's/ $//')"
cat > unwind.c <<'C'
#include <stdio.h>
#include <execinfo.h>
__asm__(".text\n.globl framed\n.type framed,@function\nframed: .cfi_startproc\n pushq %rbx\n .cfi_adjust_cfa_offset 8\n .cfi_rel_offset rbx, 0\n call inside\n popq %rbx\n .cfi_adjust_cfa_offset -8\n .cfi_restore rbx\n ret\n .cfi_endproc\n .size framed, .-framed");
int framed(void); int inside(void) { void *a[32]; return backtrace(a, 32); } int main(void) { int direct = inside(); printf("%d\n", framed() - direct); return 0; }
C
agree unwind
cat > io.c <<'C'
#include <stdio.h>
#include <sys/io.h>
#include <linux/swab.h>
#include <arpa/inet.h>
#include <byteswap.h>
unsigned port(void) { outb(1, 0x80); return inb(0x80) + inw(0x80) + inl(0x80); }
int main(void) { printf("%x %x %llx %x %x\n", __swab32(0x11223344), __swab16(0x1122), (unsigned long long)__swab64(0x1122334455667788), htonl(0x01020304), bswap_32(5)); return port == 0; }
C
agree io
if [ -e /usr/include/valgrind/valgrind.h ]; then cat > vg.c <<'C'
#include <stdio.h>
#include <valgrind/valgrind.h>
static long add(long a, long b) { return a + b; }
int main(void) { long r; OrigFn fn; fn.nraddr = (unsigned long)add; if (RUNNING_ON_VALGRIND) CALL_FN_W_WW(r, fn, 3, 4); VALGRIND_DISCARD_TRANSLATIONS(fn.nraddr, 4); printf("%d %ld\n", (int)RUNNING_ON_VALGRIND, add(3, 4)); return 0; }
C
agree vg; fi
program control <<'C'
int main(void) { int t = 0; for (int i = 0; i < 10; i++) { int x = i; if (i & 1) __asm__("negl %0" : "+r"(x)); else __asm__ volatile("" : "+r"(x) :: "memory"); t = t * 3 + x; } printf("%d\n", t); long sp1, sp2; __asm__("mov %%rsp, %0" : "=r"(sp1)); { __asm__ volatile("push %%rax; pop %%rcx" ::: "rcx"); } __asm__("mov %%rsp, %0" : "=r"(sp2)); printf("%d\n", sp1 == sp2); __asm__("nop"); __asm__ volatile("nop; nop # comment\n\t/* another */ nop" : : ); __asm__ inline("" ::: "memory"); printf("%s\n", ({ const char *s; __asm__("lea 1f(%%rip), %0; jmp 2f; 1: .asciz \"in code\"; 2:" : "=r"(s)); s; })); }
C
agree control

printf 'int f(void) {\n  __asm__("frobnicate %%eax");\n  return 0;\n}\n' > unknown.c; wrong unknown '^unknown\.c:2:.*error: .*no such instruction: ‘frobnicate’'
printf 'int f(int x) {\n  __asm__("" :: "r"(x) : "xyz");\n __asm__("nop" ::: "xyz"); return 0;\n}\n' > clobber.c; wrong clobber "unknown register name ‘xyz’ in ‘asm’"
printf 'int f(int x) { int y;\n  __asm__("mov %%1, %%0" : "=r"(y) : "i"(x));\n  return y;\n}\n' > constant.c; wrong constant '^constant\.c:2:.*error: impossible constraint in ‘asm’'
printf 'int f(int x) {\n  __asm__("mov %%0, %%1" : "r"(x));\n  return 0;\n}\n' > output.c; wrong output '^output\.c:2:.*error: output operand constraint lacks ‘=’'
printf 'int f(int x) {\n  __asm__("inc %%0" : : "=r"(x));\n  return 0;\n}\n' > input.c; wrong input '^input\.c:2:.*error: input operand constraint contains ‘=’'
printf 'int f(int x) {\n  __asm__("inc %%3" : "+r"(x));\n  return 0;\n}\n' > number.c; wrong number '^number\.c:2:.*operand number out of range'
printf 'int f(int x) {\n  __asm__("inc %%[z]" : [y] "+r"(x));\n  return 0;\n}\n' > name.c; wrong name "undefined named operand ‘z’"
printf 'int f(int x) {\n  __asm__("nop" : "=a"(x) : : "eax");\n  return x;\n}\n' > both.c; wrong both "^both\.c:2:.*error: .*impossible constraint"
printf 'int f(int x) {\n  __asm__("inc %%0" : "+r"(5));\n  return x;\n}\n' > lvalue.c; wrong lvalue '^lvalue\.c:2:.*error: lvalue required in ‘asm’ statement'
printf '__asm__(".globl x\\nx: .quux 5");\nint y;\n' > directive.c; wrong directive '^directive\.c:1:.*error: unknown pseudo-op: .\.quux.'
printf '__asm__("twice: ret\\ntwice: ret");\n' > twice.c; wrong twice '^twice\.c:1:.*already defined'
printf 'int f(void) {\n  __asm__("addb %%eax, %%ebx");\n  return 0;\n}\n' > operand.c; wrong operand "^operand\.c:2:.*operand size mismatch for ‘addb’"
cat > numbers.c <<'C'
#include <stdio.h>
int main(void) { unsigned long c = 7; unsigned d = 7; const char *n = "abc"; int x = 5, y = 6; __asm__("crc32b (%1), %0" : "=r"(c) : "r"(n), "0"(c)); __asm__("crc32b (%1), %0" : "=r"(d) : "r"(n), "0"(d)); __asm__ volatile("xor %%eax, %%eax\n\txor %%edx, %%edx\n\tpxor %%xmm0, %%xmm0" ::: "0", "1", "20", "cc"); printf("%lx %x %d\n", c, d, x + y); return 0; }
C
agree numbers
finish
