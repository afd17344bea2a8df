# C11 and K&R definitions: a broad program, compiled by kit and by gcc, says the same.
. "$ROOT/tests/accept/common.sh"; need_cc
cat > k.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdarg.h>
#include <setjmp.h>
int old(a, b, c) int a; char b; double c; { return a + b + (int)c; }
static int (*table[3])(int, char, double) = { old, 0, &old };
typedef struct { unsigned a : 3, b : 7; signed c : 5; long long d : 40; _Bool e : 1; } bits;
union u { float f; unsigned i; struct { short lo, hi; }; };
struct big { int n; double v[5]; char tail; } give(int n) { struct big x = { .n = n, .v = { [2] = 2.5, 3.5 }, .tail = 't' }; return x; }
static int sum(struct big b, ...) { va_list ap; va_start(ap, b); int t = b.n; struct big c = va_arg(ap, struct big); t += c.n + va_arg(ap, int) + (int)va_arg(ap, double) + (int)va_arg(ap, long double); va_end(ap); return t; }
_Static_assert(sizeof(struct big) == 56, "layout");
_Thread_local int per_thread = 5; static _Alignas(64) char aligned[10];
enum { A, B = 10, C, D = -1 };
#define STR2(x) #x
#define STR(x) STR2(x)
#define CAT(a, b) a##b
#define VA(f, ...) printf(f "\n", ##__VA_ARGS__)
#define TYPE(x) _Generic((x), int: "int", long: "long", unsigned: "unsigned", float: "float", double: "double", char *: "char *", default: "other")
static inline int vla(int n) { int a[n][n + 1], t = 0; for (int i = 0; i < n; i++) for (int j = 0; j <= n; j++) a[i][j] = i * j; for (int i = 0; i < n; i++) t += a[i][n]; return t + (int)sizeof a; }
static jmp_buf env; static void jump(int n) { if (n == 0) longjmp(env, 7); jump(n - 1); }
static int duff(int n) { int c = 0; switch (n % 4) { do { case 0: c++; case 3: c++; case 2: c++; case 1: c++; } while ((n -= 4) > 0); } return c; }
static int cmp(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
int main(void) {
  VA("%d %d", old(1, 'a', 2.9), table[2](1, 2, 3)); bits b = { 7, 100, -16, -1LL << 38, 1 }; b.a++; b.c--; VA("%d %d %d %lld %d", b.a, b.b, b.c, (long long)b.d, b.e);
  union u u = { 1.0f }; VA("%x %d", u.i, u.hi); struct big g = give(4); VA("%d %g %g %c %d", g.n, g.v[2], g.v[3], g.tail, sum(g, give(5), 6, 7.5, 8.5L));
  VA("%d %d %d %d %s %s", A, B, C, D, STR(B + CAT(1, 2)), STR(__LINE__)); VA("%s %s %s %s %s", TYPE(1), TYPE(1L), TYPE(1.0f), TYPE("x"), TYPE((char)1));
  VA("%d %d %d", vla(5), duff(11), per_thread++ + per_thread); VA("%d", (int)((unsigned long)aligned % 64)); int r = setjmp(env); if (r == 0) jump(5); VA("jumped %d", r);
  VA("%u %d %ld %lu", -1u / 2, -7 / 2, -7L % 3, 1UL << 63); VA("%d %d %d", (signed char)200, (short)70000, (int)3e9f == (int)3e9f); VA("%.3f %.10Lg %a", 1 / 3.0, 1 / 3.0L, 0.1f);
  int arr[] = { 5, 3, 9, 1, [6] = 4 }; qsort(arr, 7, sizeof *arr, cmp); for (int i = 0; i < 7; i++) printf("%d ", arr[i]); VA("%zu", sizeof arr / sizeof *arr);
  char s[] = "con" "cat\x41\101\n", *p = s; while (*p) p++; VA("%d %s", (int)(p - s), (char[]){ "lit" }); VA("%d", (int[]){ 1, 2, 3 }[1] + *(int *)&(int){ 40 }); goto end; VA("never");
end:; long long big = 0x7fffffffffffffff; unsigned char c = 255; c++; VA("%lld %d %d %d", big, c, 5 > 3 == 1, (1, 2, 3)); const char *f = __func__; VA("%s %d", f, sizeof(char) == sizeof 'a'); return 0; }
C
check 'by gcc' gcc -w k.c -o ref; ./ref > ref.txt
for o in '' -O2 -std=gnu89 -std=gnu99 -std=c11 -fPIC -no-pie -static -ffunction-sections; do s='-std=gnu11'; case $o in -std*) s=;; esac; [ "$o" = -std=gnu89 ] && s=-std=gnu17
  check "by kit $o" $CC -w $s ${o#-std=gnu89} k.c -o prog; rm -f ours.txt; ./prog > ours.txt 2>&1; check "equal $o" cmp ref.txt ours.txt; done
printf 'int main() { int i, n = 0; for (i = 0; i < 3; i++) n += f(i); return n - 6; } f(x) { return x * 2; }\n' > old.c; check 'implicit int and declarations' $CC -w -std=gnu89 old.c -o old; check runs ./old
echo 'int x = 1; int main(void) { return nosuch; }' > w.c; fails 'undeclared' $CC -c w.c; says 'first line' '^w\.c:1:[0-9]+: error: '; says 'caret' '\^'
printf '#define ADD(a) ((a) + missing)\nint f(void) { return ADD(1); }\nint g(void) { return 2 +; }\nint h(void) { int *p = "x"; return undeclared2; }\n' > many.c
fails 'many errors' $CC -c many.c; same 'several errors in a run' 1 "$([ "$(grep -c 'error:' last.out)" -ge 3 ] && echo 1)"; says 'macro note' 'note:.*(macro|expan)'
cat > aligned.c <<'C'
#include <stdint.h>
__attribute__((aligned(64))) int on_the_definition(void) { return 1; }
int on_the_declaration(void) __attribute__((aligned(128)));
int on_the_declaration(void) { return 2; }
static int on_both(void) __attribute__((aligned(256)));
static __attribute__((aligned(32))) int on_both(void) { return 3; }
int main(void) { return (uintptr_t)on_the_definition % 64 || (uintptr_t)on_the_declaration % 128 || (uintptr_t)on_both % 256; }
C
check 'aligned functions' $CC -w aligned.c -o aligned; check 'are aligned' ./aligned
cat > lengths.c <<'C'
int n = 3;
int both(int a[const n++], int b[static n++]) { return n; }
int rows(int x, int a[const x][n++]) { return sizeof a[0] / sizeof **a; }
static inline int unused(int x) { __asm__("nosuch %0" : "+r"(x)); return x; }
int main(void) { int a[64]; return both(a, a) != 5 || rows(2, (void *)a) != 5 || n != 6; }
C
check 'lengths of parameters are evaluated; what no one calls may use what is to come' $CC -w lengths.c -o lengths; check 'as often as said' ./lengths
finish
