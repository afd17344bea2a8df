# Builtin functions: folded or compiled, each small program says what gcc's says.
. "$ROOT/tests/accept/common.sh"; need_cc
H='#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdarg.h>
#include <limits.h>
static volatile int one = 1, zero; static volatile long lone = 1; static volatile double dz, d1 = 1.5;
'
# B LABEL BODY: the body of main.  P LABEL: the whole program.
B() { { echo "$H"; echo "int main(void) { $2 return 0; }"; } > p.c; agree "$1" < p.c; }
P() { { echo "$H"; cat; } > p.c; agree "$@" < p.c; }
B 'clz ctz' 'printf("%d %d %d %d %d %d\n", __builtin_clz(one << 5), __builtin_ctz(one << 5), __builtin_clzl(lone << 40), __builtin_ctzll(lone << 40), __builtin_clz(1), __builtin_ctzl(64));'
B 'popcount parity' 'printf("%d %d %d %d %d\n", __builtin_popcount(one * 0xff0), __builtin_popcountll(lone * -1), __builtin_parity(one * 7), __builtin_parityl(lone * 3), __builtin_popcount(0x1234));'
B 'ffs clrsb' 'printf("%d %d %d %d %d %d\n", __builtin_ffs(zero), __builtin_ffs(one << 9), __builtin_ffsll(lone << 50), __builtin_clrsb(-one), __builtin_clrsb(one << 20), __builtin_clrsbl(lone));'
B 'bswap' 'printf("%x %x %lx %x\n", __builtin_bswap16(one * 0x1234), __builtin_bswap32(one * 0x12345678), (long)__builtin_bswap64(lone * 0x1122334455667788), __builtin_bswap32(0x01020304));'
B 'add_overflow' 'int r, k; long l; unsigned char c; k = __builtin_add_overflow(INT_MAX, one, &r); printf("%d %d\n", k, r); k = __builtin_add_overflow(INT_MAX, one, &l); printf("%d %ld\n", k, l); k = __builtin_add_overflow(one * 250, 10, &c); printf("%d %d\n", k, c);'
B 'sub_overflow' 'unsigned u; long l; int k = __builtin_sub_overflow(one, 2, &u); printf("%d %u\n", k, u); k = __builtin_sub_overflow(LONG_MIN, lone, &l); printf("%d %ld\n", k, l); printf("%d\n", __builtin_usub_overflow(3, one * 2, &u));'
B 'mul_overflow' 'int r, k; long l; unsigned long u; k = __builtin_mul_overflow(one * 65536, 65536, &r); printf("%d %d\n", k, r); k = __builtin_mul_overflow(lone << 62, 2, &l); printf("%d %ld\n", k, l); k = __builtin_mul_overflow(lone * -1, 3ul, &u); printf("%d %lu\n", k, u); k = __builtin_smul_overflow(one * -7, 6, &r); printf("%d %d\n", k, r);'
B 'overflow_p' 'printf("%d %d %d\n", __builtin_add_overflow_p(INT_MAX, one, 0), __builtin_add_overflow_p(INT_MAX, one, 0L), __builtin_mul_overflow_p(one * 300, 1, (unsigned char)0));'
B 'expect, expect_with_probability' 'if (__builtin_expect(one == 1, 0)) puts("y"); printf("%ld %ld\n", __builtin_expect(lone * 7, 1), __builtin_expect_with_probability(lone * 9, 1, 0.5));'
B 'constant_p' 'printf("%d %d %d %d %d\n", __builtin_constant_p(3), __builtin_constant_p(one), __builtin_constant_p("x"), __builtin_constant_p(3 + 4 * 2), __builtin_constant_p(1.5));'
B 'choose_expr' 'printf("%d %zu\n", __builtin_choose_expr(sizeof(int) == 4, 11, "no"), sizeof(__builtin_choose_expr(0, 1, 2.0)));'
B 'types_compatible_p' 'printf("%d%d%d%d%d\n", __builtin_types_compatible_p(int, const int), __builtin_types_compatible_p(int, long), __builtin_types_compatible_p(int[], int[5]), __builtin_types_compatible_p(char *, const char *), __builtin_types_compatible_p(__typeof__(one + 1u), unsigned));'
B 'offsetof' 'struct s { char a; struct { int b[4]; } c; }; int i = 2; printf("%zu %zu %zu\n", __builtin_offsetof(struct s, c), __builtin_offsetof(struct s, c.b[3]), __builtin_offsetof(struct s, c.b[i]));'
B 'classify_type' 'struct s { int a; } s; union { int a; } u; printf("%d %d %d %d %d %d\n", __builtin_classify_type(1), __builtin_classify_type(1.0), __builtin_classify_type(&s), __builtin_classify_type(s), __builtin_classify_type(u), __builtin_classify_type(1.0i));'
B 'object_size' 'char b[10]; struct { char c[4]; int d; } s; char *p = malloc(5); printf("%zu %zu %zu %zu %zu\n", __builtin_object_size(b, 0), __builtin_object_size(b + 3, 0), __builtin_object_size(s.c, 1), __builtin_object_size(&s, 2), __builtin_object_size(&s.d, 0));'
B 'memory chk functions' 'char b[20]; __builtin___memcpy_chk(b, "hello", 6, __builtin_object_size(b, 0)); __builtin___strcat_chk(b, " you", 20); __builtin___memset_chk(b, 72, 1, 20); puts(b); __builtin___sprintf_chk(b, 0, 20, "%d-%s", one, "z"); puts(b); __builtin___snprintf_chk(b, 4, 0, 20, "%d", 12345); puts(b); __builtin___strcpy_chk(b, "abc", 20); printf("%s %d\n", b, (int)strlen(b));'
B 'frame and return address' 'printf("%d %d\n", __builtin_frame_address(0) != 0, __builtin_return_address(0) != 0); printf("%d\n", __builtin_extract_return_addr(__builtin_return_address(0)) == __builtin_return_address(0));'
P 'frame address, levels' <<'C'
__attribute__((noinline)) static void *g(void) { return __builtin_frame_address(1); } int main(void) { void *p = __builtin_frame_address(0); printf("%d\n", p == g()); return 0; }
C
P 'setjmp and longjmp' <<'C'
static void *buf[5]; static int depth; __attribute__((noinline)) static void dive(int n) { char pad[n]; pad[0] = n; depth += pad[0]; if (n == 1) __builtin_longjmp(buf, 1); dive(n - 1); }
int main(void) { volatile int n = 0; if (__builtin_setjmp(buf)) { printf("back %d %d\n", n, depth); if (n == 2) return 3; } n++; dive(5); return 1; }
C
P 'va_list builtins' <<'C'
static int f(int n, ...) { __builtin_va_list a, b; __builtin_va_start(a, n); __builtin_va_copy(b, a); int t = 0; while (n--) t += __builtin_va_arg(a, int) * (int)__builtin_va_arg(a, double); t += __builtin_va_arg(b, int); __builtin_va_end(a); __builtin_va_end(b); return t; }
int main(void) { return f(3, 1, 2.0, 3, 4.0, 5, 6.0); }
C
P 'va_arg of every kind' <<'C'
struct s1 { char c; }; struct s2 { double d; int i; }; struct s3 { long a[3]; }; struct s4 { float f[3]; }; struct s5 { long double l; }; struct s6 {}; enum e { E = 5 };
static void f(int n, ...) { va_list ap; va_start(ap, n); while (n--) { struct s1 a = va_arg(ap, struct s1); struct s2 b = va_arg(ap, struct s2); struct s3 c = va_arg(ap, struct s3); struct s4 d = va_arg(ap, struct s4); struct s5 e = va_arg(ap, struct s5); struct s6 g = va_arg(ap, struct s6); enum e h = va_arg(ap, enum e); __int128 i = va_arg(ap, __int128); void *p = va_arg(ap, void *); _Complex double z = va_arg(ap, _Complex double); printf("%c %g %d %ld %g %Lg %d %d %d %g\n", a.c, b.d, b.i, c.a[2], d.f[2], e.l, h, (int)i, p == 0, __imag__ z); } va_end(ap); }
int main(void) { struct s1 a = { 'x' }; struct s2 b = { 1.5, 2 }; struct s3 c = { { 1, 2, 3 } }; struct s4 d = { { 1, 2, 3 } }; struct s5 e = { 2.5L }; struct s6 g = {}; f(2, a, b, c, d, e, g, E, (__int128)7, (void *)0, 1 + 2.0i, a, b, c, d, e, g, E, (__int128)8, (void *)1, 3 + 4.0i); return 0; }
C
B 'alloca' 'char *p = __builtin_alloca(one * 100), *q = __builtin_alloca_with_align(50, 512); memset(p, 1, 100); memset(q, 2, 50); printf("%d %d %d\n", p[99], q[49], (int)((unsigned long)q % 64));'
B 'assume_aligned, speculation_safe_value' 'int x = 5, *p = __builtin_assume_aligned(&x, 4); printf("%d %d\n", *p, __builtin_speculation_safe_value(x));'
B 'unreachable and trap in dead code' 'switch (one) { case 1: puts("one"); break; default: __builtin_unreachable(); } if (zero) __builtin_trap();'
B 'prefetch' 'int a[100] = { 3 }; __builtin_prefetch(a); __builtin_prefetch(a + one, 1, 3); printf("%d\n", a[0]);'
B 'inf, nan, huge_val' 'printf("%g %g %f %d %d\n", __builtin_inf(), (double)__builtin_huge_valf(), __builtin_fabs(__builtin_nan("")), __builtin_isnan(__builtin_nanf("0x7")), __builtin_isinf(-__builtin_infl()));'
B 'float classification' 'double v[] = { 0, -0.0, 1, 1e-310, 1 / dz, -1 / dz, dz / dz }; for (int i = 0; i < 6; i++) printf("%d%d%d%d%d%d ", !!__builtin_isnan(v[i]), !!__builtin_isinf(v[i]), !!__builtin_isfinite(v[i]), !!__builtin_isnormal(v[i]), !!__builtin_signbit(v[i]), __builtin_isinf_sign(v[i])); printf("%d %d\n", __builtin_isnan(v[6]), __builtin_fpclassify(1, 2, 3, 4, 5, v[3]));'
B 'quiet comparisons' 'double n = dz / dz; printf("%d%d%d%d%d%d\n", __builtin_isgreater(d1, n), __builtin_isless(1.0, d1), __builtin_islessequal(d1, d1), __builtin_islessgreater(d1, 2), __builtin_isunordered(d1, n), __builtin_isgreaterequal(2.0f, d1));'
B 'fabs, copysign, sqrt' 'printf("%g %g %g %d %ld %Lg\n", __builtin_fabs(-d1), __builtin_copysign(d1, -0.0), (double)__builtin_copysignf(2, -d1), __builtin_abs(-one), __builtin_labs(-lone), __builtin_fabsl(-2.5L));'
B 'string functions' 'char b[20]; __builtin_strcpy(b, "hello"); printf("%zu %d %s %s %d\n", __builtin_strlen(b), __builtin_strcmp(b, "help") < 0, __builtin_strchr(b, 108), (char *)__builtin_memchr(b, 101, 5), __builtin_memcmp(b, "hellp", 5) < 0); __builtin_printf("%s\n", (char *)__builtin_memset(b, 65, 3)); __builtin_puts(b);'
B 'complex' '_Complex double z = __builtin_complex(1.0, d1); z = __builtin_conj(z); printf("%g %g\n", __real__ z, __imag__ z);'
B 'LINE FILE FUNCTION' 'printf("%d %s %s\n", __builtin_LINE() == __LINE__, __builtin_FUNCTION(), __builtin_FILE());'
B 'atomic load store exchange' 'int x = 5, y; __atomic_store_n(&x, 7, __ATOMIC_RELEASE); y = __atomic_exchange_n(&x, 9, __ATOMIC_ACQ_REL); printf("%d %d\n", y, __atomic_load_n(&x, __ATOMIC_ACQUIRE)); int z; __atomic_load(&x, &z, 5); __atomic_store(&y, &z, 5); printf("%d %d\n", y, z);'
B 'atomic arithmetic' 'short s = 5; long l = 100; char c = 1; printf("%d ", __atomic_fetch_add(&s, 3, 5)); printf("%d ", __atomic_add_fetch(&s, 3, 5)); printf("%ld ", __atomic_fetch_sub(&l, 1, 0)); printf("%ld ", __atomic_nand_fetch(&l, 6, 5)); printf("%d ", __atomic_or_fetch(&c, 6, 5)); printf("%d %d\n", __atomic_fetch_xor(&c, 1, 5), s);'
B 'atomic compare and exchange' 'int x = 5, e = 4; int k = __atomic_compare_exchange_n(&x, &e, 9, 0, 5, 5); printf("%d %d %d\n", k, e, x); k = __atomic_compare_exchange_n(&x, &e, 9, 1, 5, 0); printf("%d %d\n", k, x); int d = 3; k = __atomic_compare_exchange(&x, &x, &d, 0, 5, 5); printf("%d %d\n", k, x);'
B 'atomic flags and lock-free' 'char f = 0; int a = __atomic_test_and_set(&f, 5), b = __atomic_test_and_set(&f, 5); __atomic_clear(&f, 5); printf("%d %d %d %d %d\n", a, b, f, (int)__atomic_always_lock_free(8, 0), (int)__atomic_is_lock_free(4, 0)); __atomic_thread_fence(5); __atomic_signal_fence(5);'
B 'sync functions' 'int x = 5; long p = 0; printf("%d ", __sync_fetch_and_add(&x, 2)); printf("%d ", __sync_sub_and_fetch(&x, 1)); printf("%d ", __sync_bool_compare_and_swap(&x, 6, 8)); printf("%d\n", __sync_val_compare_and_swap(&x, 1, 2)); __sync_lock_test_and_set(&p, 3); __sync_synchronize(); printf("%d %ld\n", x, p); printf("%d\n", __sync_fetch_and_nand(&x, 3)); __sync_lock_release(&p); printf("%d %ld\n", x, p);'
B 'ia32 pause' '__builtin_ia32_pause(); __builtin_ia32_sfence(); __builtin_ia32_lfence(); __builtin_ia32_mfence(); puts("p");'
B 'stack_save and stack_restore' 'void *p = __builtin_stack_save(); char *a = __builtin_alloca(1000); a[0] = 1; __builtin_stack_restore(p); char *b = __builtin_alloca(1000); printf("%d\n", a == b);'
B 'has_builtin' '
#if __has_builtin(__builtin_clz) && __has_builtin(__builtin_shuffle) && !__has_builtin(__builtin_nosuch)
puts("has");
#endif
'
B 'rotates and isnan macros fold' 'unsigned x = one * 0x80000001u; printf("%x %x\n", x << 3 | x >> 29, (x >> 7) | (x << 25));'
refuses 'too few arguments' 'too few arguments' <<'C'
int f(void) { return __builtin_clz(); }
C
refuses 'a builtin is no pointer' 'directly called' <<'C'
int (*p)(unsigned) = __builtin_clz;
C
finish
