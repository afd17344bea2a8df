#include <complex.h>
#include <stdio.h>
#include <stdlib.h>
#include <limits.h>
void *alloca(size_t);
static int evaluated;
static signed char third(void) { evaluated++; return 0; }
enum { FITS = __builtin_add_overflow_p(100, 27, (signed char)0), NOT = __builtin_mul_overflow_p(16, 8, (signed char)0) };
static int (abs_of)(int x) { return abs(x); }
int main(void)
{
    volatile int a = INT_MAX, b = 1, minus = -7;
    volatile long long big = LLONG_MIN + 1;
    printf("%d %d\n", FITS, NOT);
    printf("%d %d\n", __builtin_add_overflow_p(a, b, (int)0), __builtin_add_overflow_p(a, b, (long)0));
    printf("%d %d\n", __builtin_sub_overflow_p(b, a, (unsigned)0), __builtin_mul_overflow_p(a, a, (long)0));
    printf("%d %d\n", __builtin_mul_overflow_p(a, 2, third()), evaluated);
    double _Complex z = 1.5 + 2.5i;
    z = __builtin_conj(z);
    float _Complex f = __builtin_conjf(1.0f - 3.0if);
    printf("%g %g %g\n", creal(z), cimag(z), cimagf(f));
    char *p = alloca(20);
    sprintf(p, "%d %d %ld %lld", abs(minus), abs_of(minus), labs(minus), llabs(big));
    puts(p);
    printf("%Lg\n", __builtin_copysignl(3.0L, -0.0L));
    volatile long double small = -1e-4000L, nothing = -0.0L, huge = 1e4000L;
    printf("%d %d %d\n", !!__builtin_signbit(small), !!__builtin_signbit(nothing), !!__builtin_signbit(huge));
    return 0;
}
// output:
// 0 1
// 1 0
// 1 0
// 1 0
// 1.5 -2.5 3
// 7 7 7 9223372036854775807
// -3
// 1 1 0
