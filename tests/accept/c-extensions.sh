# GNU's extensions of the language: each small program says and ends as gcc's does.
. "$ROOT/tests/accept/common.sh"; need_cc
agree 'statement expressions' <<'C'
#include <stdio.h>
struct s { int a[5]; }; static struct s mk(int n) { return ({ struct s t = { { n, n + 1 } }; t; }); }
#define MAX(a, b) ({ __typeof__(a) x_ = (a); __typeof__(b) y_ = (b); x_ > y_ ? x_ : y_; })
int main(void) { int i = 3; int v = ({ int t = 0; for (int k = 0; k < 4; k++) { if (k == 2) continue; t += k; } t; }) + MAX(i++, 2); printf("%d %d %d\n", v, i, mk(4).a[1]); printf("%d\n", ({ goto in; int z = 1; in: z = 9; z; })); return ({ switch (i) { case 4: i = 7; } i; }); }
C
agree 'typeof and __auto_type' <<'C'
#include <stdio.h>
int main(void) { const int a = 3; __typeof__(a) *p = &a; typeof(int[4]) arr = { 1, 2 }; __auto_type d = 1.5f; __auto_type q = arr; __auto_type f = main; typeof(*q) z = 7; static typeof(1 ? 1L : 2) l = 5; printf("%d %zu %zu %d %d %ld %d\n", *p, sizeof arr, sizeof d, q[1], z, l, f == main); return 0; }
C
agree 'labels as values' <<'C'
#include <stdio.h>
static int run(const unsigned char *p) { static const void *const t[] = { &&add, &&dbl, &&end }; int a = 0; goto *t[*p]; add: a += 3; goto *t[*++p]; dbl: a *= 2; goto *t[*++p]; end: return a; }
static int rel(int i) { static const int d[] = { &&a - &&a, &&b - &&a, &&c - &&a }; goto *(&&a + d[i]); a: return 10; b: return 20; c: return 30; }
int main(void) { unsigned char p[] = { 0, 1, 0, 1, 1, 2 }; printf("%d %d %d %d\n", run(p), rel(0), rel(1), rel(2)); return 0; }
C
agree '<unwind.h>: the stack walked, its layout' <<'C'
#include <stdio.h>
#include <stddef.h>
#include <unwind.h>
static int n; static _Unwind_Reason_Code seen(struct _Unwind_Context *c, void *p) { int before; (void)before; if (_Unwind_GetIP(c) && n < *(int *)p) { n++; return _URC_NO_REASON; } return _URC_NORMAL_STOP; }
__attribute__((noinline)) static int walk(int most) { n = 0; return _Unwind_Backtrace(seen, &most); }
int main(void) { int r = walk(2); printf("%d %d %zu %zu %zu %d %d\n", r, n, sizeof(struct _Unwind_Exception), _Alignof(struct _Unwind_Exception), offsetof(struct _Unwind_Exception, private_2), _URC_CONTINUE_UNWIND, _UA_END_OF_STACK); printf("%d\n", _Unwind_FindEnclosingFunction((char *)main + 4) == (void *)main); return 0; }
C
agree 'case ranges' <<'C'
#include <stdio.h>
static int f(int c) { switch (c) { case 'a' ... 'z': return 1; case '0' ... '9': return 2; case -5 ... -1: return 3; case 1000 ... 2000000: return 4; default: return 0; } }
int main(void) { printf("%d%d%d%d%d%d%d%d\n", f('a'), f('q'), f('5'), f(-1), f(-6), f(1000), f(2000000), f(2000001)); return 0; }
C
agree 'local labels' <<'C'
#define FIND(x, n) ({ __label__ out; int r_ = -1; for (int i_ = 0; i_ < n; i_++) if (a[i_] == x) { r_ = i_; goto out; } out: r_; })
int main(void) { int a[] = { 5, 6, 7 }; return FIND(7, 3) * 10 + FIND(5, 3) + (FIND(9, 3) == -1); }
C
agree 'nested functions: captured variables' <<'C'
#include <stdio.h>
static int outer(int n, const char *s) { int t = 0; long arr[3] = { 1, 2, 3 }; void add(int k) { t += k * n; arr[1] += k; } int len(void) { int l = 0; while (s[l]) l++; return l; } for (int i = 0; i < 4; i++) add(i); return t * 100 + len() * 10 + arr[1]; }
int main(void) { printf("%d\n", outer(3, "abcd")); return 0; }
C
agree 'nested functions: as callbacks' <<'C'
#include <stdio.h>
#include <stdlib.h>
static int each(int *p, int n, int (*f)(int)) { int s = 0; while (n--) s = s * 3 + f(*p++); return s; }
int main(void) { int k = 5, dir = -1, a[] = { 3, 1, 2, 9 }; int mul(int x) { return x * k++; } int cmp(const void *x, const void *y) { return dir * (*(int *)x - *(int *)y); } printf("%d %d\n", each(a, 4, mul), k); qsort(a, 4, sizeof *a, cmp); printf("%d %d %d %d\n", a[0], a[1], a[2], a[3]); return 0; }
C
agree 'nested functions: within one another, recursion' <<'C'
#include <stdio.h>
static int f(int x) { int y = 1; int g(int a) { int z = a + y; int h(int b) { if (b == 0) return z; y++; return h(b - 1) + x; } return h(a) + y; } return g(3) * 100 + y; }
static int fib(int n) { auto int go(int); int calls = 0; int go(int k) { calls++; return k < 2 ? k : go(k - 1) + go(k - 2); } return go(n) * 10 + (calls > 10); }
int main(void) { printf("%d %d\n", f(2), fib(10)); return 0; }
C
agree 'nested functions: jumps to outer labels' <<'C'
#include <stdio.h>
static int find(int *p, int n, int what) { __label__ found; int at = -1, seen = 0; void walk(int i) { if (i == n) return; seen++; if (p[i] == what) { at = i; goto found; } walk(i + 1); } walk(0); return -seen; found: return at * 10 + seen; }
int main(void) { int a[] = { 4, 5, 6, 7 }; printf("%d %d\n", find(a, 4, 6), find(a, 4, 9)); return 0; }
C
agree 'nested functions: aggregates, variable arrays, varargs, K&R' <<'C'
#include <stdio.h>
#include <stdarg.h>
struct s { int a[8]; };
static int f(struct s v, int n) { int m[n][n + 1]; struct s twice(struct s x) { for (int i = 0; i < 8; i++) x.a[i] += v.a[i]; return x; } int at(i, j) int i; char j; { return m[i][j] + sizeof m[0]; } int sum(int k, ...) { va_list ap; va_start(ap, k); int t = n; while (k--) t += va_arg(ap, int); va_end(ap); return t; } for (int i = 0; i < n; i++) for (int j = 0; j <= n; j++) m[i][j] = i * 10 + j; return twice(v).a[3] * 10000 + at(1, 2) * 10 + sum(3, 1, 2, 3); }
int main(void) { struct s s = { { 1, 2, 3, 4 } }; printf("%d\n", f(s, 3)); return 0; }
C
agree 'variable-length arrays, alloca' <<'C'
#include <stdio.h>
#include <string.h>
static int f(int n) { int t = 0; for (int i = 1; i < n; i++) { char b[i * 100]; memset(b, i, sizeof b); char *p = __builtin_alloca(16); p[3] = i; t += b[sizeof b - 1] + p[3]; if (i == 5) goto out; } out: return t; }
int main(void) { int n = 4; int (*p)[n] = &(int[4]){ 1, 2, 3, 4 }; printf("%d %d %zu\n", f(9), (*p)[2], sizeof *p); return 0; }
C
agree 'members of variable size' <<'C'
#include <stdio.h>
static int f(int n) { struct s { char c; int a[n]; short b; double d; int x; char e[n + 1]; } v, w; v.c = 1; for (int i = 0; i < n; i++) v.a[i] = i; v.b = 7; v.x = -3; v.d = 2.5; v.e[n] = 'z'; w = v; struct s t[2]; t[1] = w; printf("%zu %zu %zu %zu\n", sizeof v, __builtin_offsetof(struct s, b), __builtin_offsetof(struct s, d), __builtin_offsetof(struct s, e)); return t[1].a[n - 1] + t[1].b + t[1].x + (int)(t[1].d * 2) + t[1].e[n]; }
int main(void) { int a = f(3), b = f(10); printf("%d %d\n", a, b); return 0; }
C
agree 'empty structures, zero-length and flexible arrays' <<'C'
#include <stdio.h>
struct e {}; struct z { int n; int a[0]; }; struct f { char c; short a[]; }; static struct f g = { 1, { 2, 3, 4 } }; struct n { struct e e; int x; struct z z; } v = { {}, 5 };
static struct e id(struct e a, int k) { return a; }
int main(void) { struct e a = {}; id(a, 3); printf("%zu %zu %zu %zu %d %d %d\n", sizeof a, sizeof(struct z), sizeof g, sizeof v, g.a[2], v.x, (int)((char *)v.z.a - (char *)&v)); struct e arr[3]; return sizeof arr; }
C
agree 'conditionals without a middle, lvalue oddities' <<'C'
#include <stdio.h>
static int n; static int side(void) { return ++n; }
int main(void) { int a = side() ?: 9, b = 0 ?: 4; char *s = 0; const char *t = s ?: "none"; int x[3] = { 1, 2, 3 }; int i = 1; printf("%d %d %s %d %d\n", a, b, t, 2[x], i[x]); void *p = x; p += 4; printf("%d %zu %zu\n", *(int *)p, sizeof(void), sizeof main); return n; }
C
agree 'designators: ranges, old style, nested, overriding' <<'C'
#include <stdio.h>
struct p { int x, y; struct { int a[4]; } in; }; int t[10] = { [2 ... 5] = 7, [4] = 1, 2, [9] = 3 }; struct p q = { y: 4, x: 3, .in.a[1 ... 2] = 6 }, r[] = { [1].y = 5, [0] = { 1, 2 }, [2].in = { { 9 } } };
int main(void) { for (int i = 0; i < 10; i++) printf("%d ", t[i]); printf("%d %d %d %d %d %d %zu\n", q.x, q.y, q.in.a[2], r[1].y, r[0].y, r[2].in.a[0], sizeof r / sizeof *r); int k = 2, v[] = { k, [3] = k * 2, k + 1 }; return v[3] + v[4]; }
C
agree 'compound literals' <<'C'
#include <stdio.h>
struct s { int a, b; }; static struct s *gp = &(struct s){ 1, 2 }; static int *ga = (int[]){ 5, 6, 7 }; static int sum(struct s s) { return s.a + s.b; }
int main(void) { int t = 0; for (int i = 0; i < 3; i++) { int *p = (int[2]){ i }; p[1]++; t += p[0] + p[1]; } (int){ 5 }++; struct s x = (struct s){ .b = 4 }; printf("%d %d %d %d %d %s\n", gp->b, ga[2], t, sum((struct s){ 3, 4 }), x.b, (char[]){ "lit" } + 1); return 0; }
C
agree 'cast to union, transparent unions' <<'C'
#include <stdio.h>
union u { int i; double d; char *s; }; typedef union { int *i; float *f; } both __attribute__((transparent_union)); static int take(both b) { return *b.i; } static double get(union u u) { return u.d; }
int main(void) { int x = 6; float f = 1.0f; printf("%d %x %g\n", take(&x), take(&f), get((union u)2.5)); return 0; }
C
agree '_Generic' <<'C'
#include <stdio.h>
#define T(x) _Generic((x), char: 1, signed char: 2, int: 3, const int *: 4, int *: 5, float: 6, double: 7, default: 8, void (*)(void): 9, long double: 10, char *: 11, struct s *: 12)
struct s { const int c; }; static void f(void) {}
int main(void) { const int c = 1; char ch = 'a'; struct s s = { 1 }; printf("%d %d %d %d %d %d %d %d %d %d\n", T(c), T(ch), T('a'), T(&c), T((int *)0), T(1.0L), T("x"), T(f), T(&s), T(s.c)); return _Generic(&(int[3]){ 1 }, int (*)[3]: 4, default: 5); }
C
agree '_Static_assert in structures and functions' <<'C'
struct s { int a; _Static_assert(sizeof(int) == 4, "int"); char b; }; _Static_assert(__builtin_offsetof(struct s, b) == 4, "");
int main(void) { _Static_assert(1, "one"); for (int i = 0; i < 1; i++) { _Static_assert(sizeof(struct s) == 8); } return 0; }
C
agree 'anonymous members' <<'C'
#include <stdio.h>
struct a { int x; union { int i; float f; struct { short lo, hi; }; }; struct { int y : 4; int z; }; }; struct a g = { 1, { 0x30002 }, { 3, 4 } }, h = { .hi = 5, .z = 6 };
int main(void) { printf("%d %d %d %d %d %d\n", g.lo, g.hi, g.y, g.z, h.hi, h.z); return 0; }
C
agree 'K&R definitions and gnu89' -std=gnu89 <<'C'
int printf(); static d = 3; struct s { short a; }; f(a, b, c, s) char a; float b; struct s s; { return a + (int)b + c + s.a + d; }
static inline int g(x) register int x; { return x ? g(x - 1) + 1 : 0; }
main() { struct s s; int (*p)() = f; s.a = 4; printf("%d %d %d\n", f('a', 2.5, 3, s), p(1, 2.0, 3, s), g(5)); { extern int abs(); return abs(-7); } }
C
agree 'implicit declarations and functions of old headers' -std=gnu89 <<'C'
main() { char b[20]; int n = sprintf(b, "%d-%s", 42, "x"); puts(b); return n + strlen(b) + h(2); } h(k) { return k * 2; }
C
agree 'hexadecimal floats, binary constants, escapes' <<'C'
#include <stdio.h>
int main(void) { printf("%g %d %d %d %d %d\n", 0x1.8p3, 0b1011, '\e', '\x41', '\101', sizeof("a\0b")); printf("%d %d %d\n", L'\u20ac', u'\u20ac', U'\U0001F600'); printf("%zu %s\n", sizeof u8"\u20ac", u8"\u20ac"); return L"ab"[1]; }
C
agree 'pointers to constants of casts' <<'C'
#include <stdio.h>
struct s { int a; struct { char c[4]; int d; } in; } g; static char *p = (char *)&g.in.c[2], *q = (char *)(&g + 1) - 1; static long diff = (char *)&((struct s *)0)->in.d - (char *)0; static unsigned long n = (unsigned long)&g + 4; int *e = &g.in.d; static int first = 1 ? 2 : 1 / 1, *z = (int *)0x1000; static _Bool b = &g; static char c = (char)300;
int main(void) { printf("%ld %ld %ld %d %d %d %ld %d %d\n", p - (char *)&g, q - (char *)&g, diff, n - (unsigned long)&g == 4, e == &g.in.d, first, (long)z, b, c); return 0; }
C
agree 'goto into and out of scopes with variable arrays and cleanups' <<'C'
#include <stdio.h>
static void done(int *p) { printf("done %d\n", *p); }
static int f(int n) { int k = 0; again: { int x __attribute__((cleanup(done))) = k; char b[n + k]; b[0] = 1; if (k++ < 2) goto again; { int y __attribute__((cleanup(done))) = 100; if (n > 3) goto out; return sizeof b; } } out: return -k; }
int main(void) { printf("%d\n", f(2)); printf("%d\n", f(5)); for (int i = 0; i < 2; i++) { int z __attribute__((cleanup(done))) = i + 50; if (i) break; continue; } return 0; }
C
agree 'prototypes in blocks, tags in parameters, shadowing' <<'C'
#include <stdio.h>
int x = 1; static int f(int x) { { extern int x; int g(void); return x + g(); } } int g(void) { return 40; }
int main(void) { int x = 5; { int x = x = 3; typedef int T; { T T = 4; printf("%d %d %d\n", x, T, f(9)); } } enum { A = 7 }; { enum { A = 8 }; printf("%d\n", A); } return A + (sizeof(enum { B = 2 }) ? B : 0); }
C
agree 'switch corner cases' <<'C'
#include <stdio.h>
static int f(unsigned long v) { switch (v) { case 0xffffffffffffffff: return 1; case 1UL << 40: return 2; case -2: return 3; default: return 0; case 'a': ; } return 9; }
static int g(int n) { int t = 0; switch (n) { int k; case 1: k = 5; while (n < 4) { t += k; case 2: t++; n++; k = 2; } break; { case 3: t = 77; } } return t; }
static int h(signed char c) { switch (c) { case 200: return 1; case -56: return 2; } return 3; }
int main(void) { printf("%d %d %d %d %d %d %d %d %d\n", f(-1), f(1UL << 40), f(-2), f(5), f('a'), g(1), g(2), g(3), h(200)); return 0; }
C
agree 'built-in names: __func__ and friends, counters' <<'C'
#include <stdio.h>
static const char *name(void) { static const char *const s = "x"; return sizeof(__func__) == 5 ? __func__ : s; }
int main(void) { printf("%s %s %s %d %d\n", name(), __FUNCTION__, __PRETTY_FUNCTION__, __COUNTER__, __COUNTER__); printf("%d %s\n", __LINE__, __builtin_strrchr("/" __FILE__, '/')); return __INCLUDE_LEVEL__; }
C
agree 'arithmetic flags: -fwrapv' -fwrapv <<'C'
int f(int x) { return x + 1 < x; } int main(void) { return f(0x7fffffff) * 2 + (-__INT_MAX__ - 1 - 1 > 0); }
C
agree 'char flags: -funsigned-char -fshort-enums' -funsigned-char -fshort-enums <<'C'
enum e { A, B }; enum f { C = 300 }; char c = -1; int main(void) { return (c > 0) + 2 * (sizeof(enum e) == 1) + 4 * (sizeof(enum f) == 2) + 8 * ('\xff' > 0); }
C
agree 'layout flags: -fpack-struct' -fpack-struct=2 <<'C'
#include <stdio.h>
struct s { char c; int i; short h; double d; }; int main(void) { printf("%zu %zu %zu\n", sizeof(struct s), __builtin_offsetof(struct s, i), _Alignof(struct s)); return 0; }
C
agree 'freestanding' -ffreestanding <<'C'
int abs(int x) { return x + 100; } int main(void) { return abs(-1) + __STDC_HOSTED__; }
C
takes 'long chains and deep nesting' <<C
int f(int x) { return $(printf 'x + %.0s' $(seq 1000)) 1; } int g(int x) { return $(printf '(%.0s' $(seq 150)) x $(printf ')%.0s' $(seq 150)); }
C
finish
