# Types beyond the plain ones: each small program says what gcc's says.
. "$ROOT/tests/accept/common.sh"; need_cc
H='#include <stdio.h>
#include <string.h>
#include <stdarg.h>
#include <complex.h>
typedef int v4si __attribute__((vector_size(16))); typedef float v4sf __attribute__((vector_size(16))); typedef double v2df __attribute__((vector_size(16)));
typedef short v8hi __attribute__((vector_size(16))); typedef signed char v16qi __attribute__((vector_size(16))); typedef int v2si __attribute__((vector_size(8))); typedef long v4di __attribute__((vector_size(32)));
static void show(int a, int b, int c, int d) { printf("%d %d %d %d\n", a, b, c, d); }
#define V(...) do { __typeof__(__VA_ARGS__) v_ = (__VA_ARGS__); show(v_[0], v_[1], v_[2], v_[3]); } while (0)
'
P() { { echo "$H"; cat; } > p.c; agree "$@" < p.c; }
P 'int128 arithmetic' <<'C'
unsigned __int128 f(unsigned __int128 n) { return n < 2 ? 1 : n * f(n - 1); }
int main(void) { unsigned __int128 x = f(30); printf("%lu %lu\n", (long)(x >> 64), (long)x); __int128 y = -(__int128)x / 1000003; printf("%ld %ld\n", (long)(y >> 64), (long)y); printf("%d %d\n", y < 0, (int)(x % 97)); return sizeof x; }
C
P 'int128 arguments, results and varargs' <<'C'
__int128 mix(int a, __int128 b, int c, __int128 d, __int128 e, __int128 f) { return a + b * c - d + e - f; }
static __int128 va(int n, ...) { va_list ap; va_start(ap, n); __int128 t = 0; while (n--) { t += va_arg(ap, __int128); t += va_arg(ap, int); } va_end(ap); return t; }
int main(void) { __int128 r = mix(1, 2, 3, 4, (__int128)1 << 100, 6); printf("%lx %lx\n", (long)(r >> 64), (long)r); r = va(4, (__int128)1 << 70, 1, (__int128)2, 3, (__int128)4, 5, (__int128)6, 7); printf("%lx %lx\n", (long)(r >> 64), (long)r); return 0; }
C
P 'int128 constants fold' <<'C'
enum { A = (int)(((__int128)1 << 100) >> 98) }; static unsigned __int128 g = ((unsigned __int128)0x1234 << 64) | 0x5678; _Static_assert((__int128)1 << 64 > 0xffffffffffffffff, "");
int main(void) { printf("%d %lx %lx\n", A, (long)(g >> 64), (long)g); switch ((int)(g >> 64)) { case 0x1234: return 3; } return 1; }
C
P 'long double' <<'C'
static long double va(int n, ...) { va_list ap; va_start(ap, n); long double t = 0; while (n--) t = t * 3 + va_arg(ap, long double); va_end(ap); return t; }
int main(void) { long double a = 1.0L / 3, b = va(3, 1.5L, 2.25L, a); printf("%.20Lg %.20Lg %d %zu\n", a, b, (int)(b * 100), sizeof b); printf("%d %d\n", a < b, a == a); unsigned long u = (unsigned long)1.8e19L; printf("%lu %Lg\n", u, (long double)u); return 0; }
C
P 'complex double and float' <<'C'
double complex f(double complex a, float complex b) { return a * b / (a + 1) - ~a; }
int main(void) { double complex z = f(1 + 2i, 3.5f - 1.0if); printf("%.12g %.12g\n", __real__ z, __imag__ z); z *= 2i; z++; printf("%.12g %.12g %d\n", creal(z), cimag(z), z == 0); long double complex w = z; w /= 3; printf("%.12Lg\n", cimagl(w)); return 0; }
C
P 'complex integers' <<'C'
_Complex int mul(_Complex int a, _Complex int b) { return a * b; }
static _Complex short g = 3 + 4i; struct s { _Complex char c; int i; } h = { 1 + 2i, 5 };
int main(void) { _Complex int a = 3 - 4i, b = mul(a, 1 + 2i); printf("%d %d\n", __real__ b, __imag__ b); b = b / (2 + 1i); printf("%d %d\n", __real__ b, __imag__ b); b = -b + ~a; printf("%d %d %d\n", __real__ b, __imag__ b, a == 3 - 4i); g *= 2; printf("%d %d %d %zu\n", __real__ g, __imag__ g, __imag__ h.c, sizeof h); _Complex long l = 7; l += 5i; l--; printf("%ld %ld\n", __real__ l, __imag__ l); _Complex unsigned u = -1; printf("%u %u\n", __real__ u, __imag__ u); double complex d = a; printf("%g %g\n", creal(d), cimag(d)); return a ? 4 : 5; }
C
P 'vectors: arithmetic' <<'C'
int main(void) { v4si a = { 1, -2, 3, 4 }, b = { 10, 20, 30, -40 }; V(a + b); V(a - b); V(a * b); V(b / a); V(b % a); V(a & b); V(a | b); V(a ^ b); V(-a); V(~a); V(a + 5); V(5 - a); v4sf f = { 1.5f, 2, 3, 4 }; f = f * 2 + 1; printf("%g %g\n", f[0], f[3]); v2df d = { 1, 2 }; d /= 3; printf("%g %g\n", d[0], d[1]); return 0; }
C
P 'vectors: shifts and comparisons' <<'C'
int main(void) { v4si a = { 1, -2, 3, 4 }, b = { 1, 2, 3, 0 }; V(a << b); V(a >> 1); V(a < b); V(a == b); V(a != b); V(a >= b); v4sf f = { 1, 2, 3, 4 }; V(f > 2.0f); v8hi h = { 1, -2, 3, -4 }; h = h >> 1; h <<= 3; V(h); V(h == (v8hi){ 0, -8, 8, -16 }); unsigned x __attribute__((vector_size(16))) = { 1, ~0u }; V(x >> 1); return 0; }
C
P 'vectors: subscripts, steps, compound assignment' <<'C'
v4si g[2] = { { 1, 2 }, { 5, 6, 7, 8 } }; static const v16qi q = { 1, 2, 3 };
int main(void) { int i = 2; v4si a = { 1, 2, 3, 4 }, *p = &g[1]; a[i] = 9; a[i + 1] += 4; V(a); V(a++); V(++a); V(a--); a += g[1]; a <<= 1; V(a); (*p)[0]--; V(*p); V(q); printf("%d\n", (a + 1)[2]); return 0; }
C
P 'vectors: casts and conversions' <<'C'
int main(void) { v2si x = { 3, 4 }; long l = (long)x; printf("%lx\n", l); x = (v2si)(l + 1); printf("%d %d\n", x[0], x[1]); v4sf f = { 1, 2, 3, -4 }; V((v4si)f); V(__builtin_convertvector(f, v4si)); v4si i = { 1, 2, 3, 4 }; f = __builtin_convertvector(i, v4sf); printf("%g %g\n", f[0], f[3]); return 0; }
C
P 'vectors: shuffles' <<'C'
int main(void) { v4si a = { 1, 2, 3, 4 }, b = { 5, 6, 7, 8 }, m = { 3, 0, 6, 13 }; V(__builtin_shuffle(a, m)); V(__builtin_shuffle(a, b, m)); V(__builtin_shufflevector(a, b, 0, 4, 1, 5)); v8hi h = __builtin_shufflevector((v8hi){ 1, 2, 3, 4 }, (v8hi){ 9 }, 8, 0, 1, 2, 3, 3, 3, 3); V(h); return 0; }
C
P 'vectors: arguments, results, members, varargs' <<'C'
struct s { v4si v; }; struct t { v2si a; int b; }; union u { v4si v; long l; };
v4si f(v4si a, v2si b, v4di c, float d, v4sf e) { a[0] += b[1]; a[1] += c[3]; a[2] += d; a[3] += e[2]; return a; } struct s fs(struct s a) { a.v *= 2; return a; } struct t ft(struct t a) { a.b += a.a[1]; return a; } union u fu(union u a) { a.v++; return a; } v4di fd(v4di a) { return a + a; }
static int va(int n, ...) { va_list ap; va_start(ap, n); int t = 0; while (n--) { v4si v = va_arg(ap, v4si); v2si w = va_arg(ap, v2si); struct t q = va_arg(ap, struct t); t = t * 3 + v[3] + w[1] + q.b; } va_end(ap); return t; }
int main(void) { v4si a = { 1, 2, 3, 4 }; v2si b = { 5, 6 }; V(f(a, b, (v4di){ 1, 2, 3, 4 }, 2.5f, (v4sf){ 1, 2, 3, 4 })); V(fs((struct s){ a }).v); printf("%d\n", ft((struct t){ b, 1 }).b); V(fu((union u){ a }).v); V(fd((v4di){ 1, 2, 3, 4 })); struct t q = { b, 9 }; printf("%d\n", va(5, a, b, q, a, b, q, a, b, q, a, b, q, a, b, q)); return 0; }
C
P 'vectors: sizes and alignments' <<'C'
typedef char v32 __attribute__((vector_size(32))); struct a { char c; v4si v; }; struct b { char c; v32 v; }; struct p { char c; v4si v; } __attribute__((packed)); typedef int i4 __attribute__((mode(V4SI)));
int main(void) { printf("%zu %zu %zu %zu %zu %zu %zu\n", sizeof(v2si), sizeof(struct a), sizeof(struct b), sizeof(struct p), _Alignof(v4si), __alignof__(v32), sizeof(i4)); return 0; }
C
{ echo "$H"; echo 'v4si add(v4si a, v4si b, v2si c) { return a + b * c[0]; } v4sf mulf(v4sf a, float b) { return a * b; } v4di wide(int k, v4di a) { return a + k; }'; } > vlib.c
{ echo "$H"; echo 'v4si add(v4si, v4si, v2si); v4sf mulf(v4sf, float); v4di wide(int, v4di); int main(void) { V(add((v4si){1,2,3,4}, (v4si){5,6,7,8}, (v2si){9,1})); V(mulf((v4sf){1,2,3,4}, 3)); V(wide(4, (v4di){1,2,3,4})); return 0; }'; } > vmain.c
gcc -w -Wno-psabi vlib.c vmain.c -o v && ./v > v.ref
for a in gcc "$CC"; do for b in gcc "$CC"; do check "vectors: ${a##*/} calls ${b##*/}" sh -c "$b -w -Wno-psabi -c vlib.c -o vlib.o && $a -w -Wno-psabi -c vmain.c -o vmain.o && gcc vlib.o vmain.o -o v && ./v > v.out && cmp v.ref v.out"; done; done
P '_Thread_local and static TLS' -pthread <<'C'
#include <pthread.h>
static _Thread_local int a = 5; __thread char b[3] = "xy"; static void *run(void *p) { a += *(int *)p; b[0]++; printf("%d %s\n", a, b); return &a; }
int main(void) { pthread_t t; int x = 7; void *r; pthread_create(&t, 0, run, &x); pthread_join(t, &r); printf("%d %s %d\n", a, b, r != &a); return 0; }
C
P '_Atomic' <<'C'
#include <stdatomic.h>
_Atomic int a = 3; _Atomic double d = 1.5; atomic_uint u; struct { _Atomic short s; } m;
int main(void) { a += 4; a++; d = d * 3; u--; m.s |= 0x11; int e = 8; printf("%d %g %u %d\n", a, d, u, m.s); int k = atomic_compare_exchange_strong(&a, &e, 9); printf("%d %d\n", k, a); printf("%d\n", atomic_fetch_sub(&a, 2)); return a; }
C
P 'enumerations with large values and underlying types' <<'C'
enum big { A = 1, B = 0x100000000 }; enum neg { C = -1, D = 0x80000000 }; enum __attribute__((packed)) small { E, F = 200 };
int main(void) { printf("%zu %zu %zu %zu %zu\n", sizeof(enum big), sizeof(enum neg), sizeof(enum small), sizeof B, sizeof A); printf("%ld %d %d\n", (long)B, C < 0, (enum neg)D > 0); return 0; }
C
P 'mode attributes' <<'C'
typedef int q __attribute__((mode(QI))); typedef unsigned h __attribute__((mode(HI))); typedef int d __attribute__((__mode__(__DI__))); typedef float x __attribute__((mode(XF))); typedef int t __attribute__((mode(TI))); typedef int w __attribute__((mode(word))); typedef _Complex float dc __attribute__((mode(DC))); typedef unsigned p __attribute__((mode(pointer)));
int main(void) { printf("%zu %zu %zu %zu %zu %zu %zu %zu\n", sizeof(q), sizeof(h), sizeof(d), sizeof(x), sizeof(t), sizeof(w), sizeof(dc), sizeof(p)); h a = -1; q b = 200; printf("%d %d\n", a, b); return 0; }
C
P 'bit-fields of all kinds' <<'C'
struct a { long long x : 40; unsigned y : 3; _Bool z : 1; signed char c : 5; long long : 0; int w : 17; }; struct b { char a; int b : 7; short c : 9; long d : 33; } __attribute__((packed)); enum e { P, Q, R }; struct c { enum e e : 2; unsigned long long u : 64; };
int main(void) { struct a a = { -5, 6, 1, -3, -100 }; a.x <<= 20; a.y++; a.c -= 14; a.w *= 3; printf("%lld %u %d %d %d %zu\n", (long long)a.x, a.y, a.z, a.c, a.w, sizeof a); struct b b = { 1, -3, 200, -7 }; b.d *= 5; printf("%d %d %ld %zu\n", b.b, b.c, (long)b.d, sizeof b); struct c c = { R, -1 }; c.u >>= 3; printf("%d %llx\n", c.e, (long long)c.u); return 0; }
C
P 'variable arrays and their types' <<'C'
static int sum(int n, int m, int a[n][m]) { int t = 0; for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) t += a[i][j]; return t * 100 + sizeof a[0]; }
int main(void) { int n = 3, m = 4, a[n][m]; typedef int row[n + 1]; row r, *p = &r; n = 10; for (int i = 0; i < 12; i++) a[0][i] = i; printf("%d %zu %zu %zu\n", sum(3, 4, a), sizeof a, sizeof r, sizeof *p); int (*q)[m] = a; printf("%d\n", q[2][1]); return 0; }
C
agree 'bit-fields behind commas and assignments are promoted' <<'C'
#include <stdio.h>
struct S { unsigned f0 : 28; int s : 5; long w : 40; unsigned long u : 35; } s = { 5, -3, -7, 9 };
long g = -1; int i = -1; volatile int z;
int main(void) {
  printf("%d %d %d\n", (z, s.f0) >= g, (z, s.f0) > i, (z, s.u) > i);
  printf("%d %d %d\n", (z, s.f0) - 6 < 0, (z, s.u) - 10 < 0, (z, s.w) < (unsigned)0);
  printf("%zu %zu %zu\n", sizeof((z, s.f0) + 0), sizeof((z, s.u) + 0), sizeof((z, s.w) + 0));
  printf("%d %d\n", (z ? 1 : s.f0) > i, (z ? 1u : s.f0) > i);
  printf("%d %d\n", ((z, s.f0) | 0) > i, (s.f0 = 3) > i);
  return 0; }
C
agree 'bit-fields of results are promoted' <<'C'
#include <stdio.h>
struct S { unsigned f0 : 28; unsigned long u : 35; } s = { 5, 9 }; int i = -1;
static struct S f(void) { return s; }
int main(void) { printf("%d %d %zu %zu\n", f().f0 > i, f().u > i, sizeof(f().f0 + 0), sizeof(f().u + 0)); return 0; }
C
finish
