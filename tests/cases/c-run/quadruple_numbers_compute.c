/* _Float128 in every role of a scalar: arithmetic, comparison, conversion, arguments, results, members, constants. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void put(const char *what, _Float128 x)
{
    unsigned long long words[2];

    memcpy(words, &x, 16);
    printf("%s %016llx%016llx\n", what, words[1], words[0]);
}

struct pair {
    char tag;
    _Float128 value;
};

static struct pair twice(struct pair p)
{
    p.value *= 2;
    p.tag++;
    return p;
}

static _Float128 sum(int n, ...)
{
    va_list list;
    _Float128 all = 0;

    va_start(list, n);
    while (n--)
        all += va_arg(list, _Float128);
    va_end(list);
    return all;
}

/* The last ones travel on the stack. */
static _Float128 many(int i, _Float128 a, double b, _Float128 c, _Float128 d, _Float128 e, _Float128 f, _Float128 g,
                      _Float128 h, _Float128 j, long double k)
{
    return a * b + c / d - e * f + g - h + i + j * (_Float128)k;
}

static const _Float128 table[] = { 1, 2.5Q, -1e-4940Q, 1.0Q / 3 };

int main(void)
{
    volatile _Float128 q = 1.1Q, r = -3;
    volatile double d = 0.1;
    volatile float f = 1e-40f;
    volatile long double e = 1e4000L;
    volatile long n = -1234567890123456789;
    volatile unsigned __int128 wide = ~(unsigned __int128)0;
    struct pair p = { 'a', q };
    _Float128 i = 0, *at = &i;

    put("add", q + r);
    put("sub", q - r);
    put("mul", q * r);
    put("div", q / r);
    put("neg", -q);
    put("from double", d);
    put("from float", f);
    put("from long double", e);
    put("from long", n);
    put("from unsigned", (unsigned)n);
    put("from 128 bits", wide);
    printf("%.17g %.9g %Lg %ld %d %u\n", (double)q, (float)q, (long double)q, (long)(q * 1e15Q), (int)r, (unsigned)(q * 3e9Q));
    printf("%llx\n", (unsigned long long)((unsigned __int128)(q * 1e30Q) >> 64));
    printf("%d%d%d%d%d%d\n", q < r, q <= q, q > r, r >= q, q == q, q != r);
    printf("%d%d%d\n", !q, q && r, q ? 1 : 0);
    put("sum", sum(3, q, r, q));
    p = twice(p);
    printf("%c ", p.tag);
    put("member", p.value);
    put("many", many(2, q, 3, r, q, r, q, q, r, q, 2));
    put("table", table[2]);
    put("folded", table[3]);
    for (int k = 0; k < 10; k++)
        *at += q;
    i++;
    --i;
    i /= 3;
    put("loop", q > 1 ? i : r);
    return 0;
}
// output:
// add bfffe666666666666666666666666666
// sub 40010666666666666666666666666666
// mul c000a666666666666666666666666667
// div bffd7777777777777777777777777778
// neg bfff199999999999999999999999999a
// from double 3ffb999999999999a000000000000000
// from float 3f7a16c2000000000000000000000000
// from long double 73e6a3750647fcab18c2000000000000
// from long c03b12210f47de981150000000000000
// from unsigned 401e042cfdd600000000000000000000
// from 128 bits 407f0000000000000000000000000000
// 1.1000000000000001 1.10000002 1.1 1100000000000000 -3 3300000000
// de24aac7e
// 011011
// 011
// sum bffe9999999999999999999999999998
// b member 4000199999999999999999999999999a
// many 40028586fb586fb586fb586fb586fb58
// table 80000000000cc64f1cc4376f7da08f39
// folded 3ffd5555555555555555555555555555
// loop 4000d555555555555555555555555554
