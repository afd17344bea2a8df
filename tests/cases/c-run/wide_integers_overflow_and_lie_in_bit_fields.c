/* Overflow checks in which 128-bit integers take part, and bit-fields of them. */
#include <stdio.h>

typedef __int128 ti;
typedef unsigned __int128 uti;

static void put(const char *what, int lost, uti x)
{
    printf("%s %d %016llx%016llx\n", what, lost, (unsigned long long)(x >> 64), (unsigned long long)x);
}

struct wide {
    uti a : 100;
    ti b : 27;
    unsigned c : 3;
    ti d : 65;
    ti e : 5;
    uti f : 128;
};

int main(void)
{
    volatile ti greatest = (ti)(~(uti)0 >> 1), least = -greatest - 1, one = 1, minus = -1;
    volatile uti all = ~(uti)0;
    volatile int small = -7;
    volatile unsigned long word = 1ul << 63;
    ti s;
    uti u;
    int i;
    unsigned char c;
    int lost;

    lost = __builtin_add_overflow(greatest, one, &s); put("add", lost, s);
    lost = __builtin_add_overflow(greatest, minus, &s); put("add", lost, s);
    lost = __builtin_add_overflow(all, one, &u); put("add", lost, u);
    lost = __builtin_add_overflow(all, minus, &u); put("add", lost, u);
    lost = __builtin_sub_overflow(one, all, &u); put("sub", lost, u);
    lost = __builtin_sub_overflow(least, one, &s); put("sub", lost, s);
    lost = __builtin_sub_overflow(small, least, &s); put("sub", lost, s);
    lost = __builtin_mul_overflow(word, (ti)word, &s); put("mul", lost, s);
    lost = __builtin_mul_overflow(word, (ti)word * 2, &s); put("mul", lost, s);
    lost = __builtin_mul_overflow(word, (ti)word * 2, &u); put("mul", lost, u);
    lost = __builtin_mul_overflow(least, minus, &s); put("mul", lost, s);
    lost = __builtin_mul_overflow(least, one, &s); put("mul", lost, s);
    lost = __builtin_mul_overflow(least, minus, &u); put("mul", lost, u);
    lost = __builtin_mul_overflow(small, all, &s); put("mul", lost, s);
    lost = __builtin_mul_overflow((ti)small, 3, &i); put("mul", lost, i);
    lost = __builtin_mul_overflow((ti)small, small, &c); put("mul", lost, c);
    lost = __builtin_add_overflow((ti)small, small, &c); put("add", lost, c);

    struct wide w = { .a = ((uti)1 << 99) + 5, .b = -3, .c = 6, .d = -((ti)1 << 64), .e = -16, .f = all };
    put("a", w.c, w.a); put("b", w.c, w.b); put("d", w.c, w.d); put("e", w.c, w.e); put("f", w.c, w.f);
    w.a += (uti)1 << 99; w.d--; w.e++; w.b *= 2; w.f >>= 1; w.c++;
    put("a", w.c, w.a); put("b", w.c, w.b); put("d", w.c, w.d); put("e", w.c, w.e); put("f", w.c, w.f);
    static const struct wide k = { 1, -1, 2, -2, 3, 4 };
    put("k", k.c, k.a + k.b + k.d + k.e + k.f);
    printf("%d\n", (int)sizeof(struct wide));
    return 0;
}
// output:
// add 1 80000000000000000000000000000000
// add 0 7ffffffffffffffffffffffffffffffe
// add 1 00000000000000000000000000000000
// add 0 fffffffffffffffffffffffffffffffe
// sub 1 00000000000000000000000000000002
// sub 1 7fffffffffffffffffffffffffffffff
// sub 0 7ffffffffffffffffffffffffffffff9
// mul 0 40000000000000000000000000000000
// mul 1 80000000000000000000000000000000
// mul 0 80000000000000000000000000000000
// mul 1 80000000000000000000000000000000
// mul 0 80000000000000000000000000000000
// mul 0 80000000000000000000000000000000
// mul 1 00000000000000000000000000000007
// mul 0 ffffffffffffffffffffffffffffffeb
// mul 0 00000000000000000000000000000031
// add 1 000000000000000000000000000000f2
// a 6 00000008000000000000000000000005
// b 6 fffffffffffffffffffffffffffffffd
// d 6 ffffffffffffffff0000000000000000
// e 6 fffffffffffffffffffffffffffffff0
// f 6 ffffffffffffffffffffffffffffffff
// a 7 00000000000000000000000000000005
// b 7 fffffffffffffffffffffffffffffffa
// d 7 0000000000000000ffffffffffffffff
// e 7 fffffffffffffffffffffffffffffff1
// f 7 7fffffffffffffffffffffffffffffff
// k 2 00000000000000000000000000000005
// 48
