/* Integers of two machine words, and the functions on smaller ones that have always come with them ("GCC Internals",
   "Routines for integer arithmetic"). Each unit is one of the parts below. Nothing here may be written with the very
   operation that it stands for. */

typedef int si;
typedef unsigned usi;
typedef long long di;
typedef unsigned long long udi;
typedef __int128 ti;
typedef unsigned __int128 uti;

#define EXPORT __attribute__((weak))
#define LOW(x) ((udi)(x))
#define HIGH(x) ((udi)((uti)(x) >> 64))
#define JOIN(high, low) ((uti)(udi)(high) << 64 | (udi)(low))

#ifdef DIVISION

/* Two words by one; the quotient fits a word (Knuth, volume 2, 4.3.1, algorithm D, with digits of half a word). */
static udi divide_words(udi high, udi low, udi divisor, udi *rest)
{
    int shift = __builtin_clzll(divisor);
    udi d1, d0, n1, n0, q1, q0, r;

    divisor <<= shift;
    high = shift ? high << shift | low >> (64 - shift) : high;
    low <<= shift;
    d1 = divisor >> 32;
    d0 = divisor & 0xffffffff;
    n1 = low >> 32;
    n0 = low & 0xffffffff;
    q1 = high / d1;
    r = high - q1 * d1;
    while (q1 >> 32 || q1 * d0 > (r << 32 | n1)) {
        q1--;
        r += d1;
        if (r >> 32)
            break;
    }
    high = (high << 32 | n1) - q1 * divisor;
    q0 = high / d1;
    r = high - q0 * d1;
    while (q0 >> 32 || q0 * d0 > (r << 32 | n0)) {
        q0--;
        r += d1;
        if (r >> 32)
            break;
    }
    *rest = ((high << 32 | n0) - q0 * divisor) >> shift;
    return q1 << 32 | q0;
}

static uti divide(uti n, uti d, uti *rest)
{
    udi high = HIGH(n), low = LOW(n), r;

    if (HIGH(d) == 0) {
        /* A divisor of zero traps in here. */
        udi by = LOW(d), q1 = high >= by ? high / by : 0, q0;

        high -= q1 * by;
        if (high == 0) {
            q0 = low / by;
            r = low - q0 * by;
        } else {
            q0 = divide_words(high, low, by, &r);
        }
        *rest = r;
        return JOIN(q1, q0);
    }
    {
        /* The divisor's upper word gives a quotient that is at most one too large (Hacker's Delight, 9-5). */
        int shift = __builtin_clzll(HIGH(d));
        uti half = n >> 1;
        udi q = divide_words(HIGH(half), LOW(half), HIGH(d << shift), &r);

        q = q >> (63 - shift);
        if (q)
            q--;
        n -= q * d;
        if (n >= d) {
            q++;
            n -= d;
        }
        *rest = n;
        return q;
    }
}

EXPORT uti __udivmodti4(uti n, uti d, uti *rest)
{
    uti r, q = divide(n, d, &r);

    if (rest)
        *rest = r;
    return q;
}

EXPORT uti __udivti3(uti n, uti d)
{
    uti r;

    return divide(n, d, &r);
}

EXPORT uti __umodti3(uti n, uti d)
{
    uti r;

    divide(n, d, &r);
    return r;
}

EXPORT ti __divmodti4(ti n, ti d, ti *rest)
{
    uti r, q = divide(n < 0 ? -(uti)n : n, d < 0 ? -(uti)d : d, &r);

    *rest = n < 0 ? -r : r;
    return (n < 0) != (d < 0) ? -q : q;
}

EXPORT ti __divti3(ti n, ti d)
{
    uti r, q = divide(n < 0 ? -(uti)n : n, d < 0 ? -(uti)d : d, &r);

    return (n < 0) != (d < 0) ? -q : q;
}

EXPORT ti __modti3(ti n, ti d)
{
    uti r;

    divide(n < 0 ? -(uti)n : n, d < 0 ? -(uti)d : d, &r);
    return n < 0 ? -r : r;
}

#endif

#ifdef ARITHMETIC

EXPORT ti __multi3(ti a, ti b)
{
    udi a1 = LOW(a) >> 32, a0 = LOW(a) & 0xffffffff, b1 = LOW(b) >> 32, b0 = LOW(b) & 0xffffffff;
    udi low = a0 * b0, middle = a1 * b0 + (low >> 32), other = a0 * b1 + (middle & 0xffffffff);
    udi high = a1 * b1 + (middle >> 32) + (other >> 32);

    high += LOW(a) * HIGH(b) + HIGH(a) * LOW(b);
    return JOIN(high, other << 32 | (low & 0xffffffff));
}

EXPORT ti __negti2(ti a)
{
    udi low = 0 - LOW(a);

    return JOIN(0 - HIGH(a) - (low != 0), low);
}

EXPORT ti __ashlti3(ti a, int by)
{
    if (by >= 64)
        return JOIN(LOW(a) << (by - 64), 0);
    return by ? JOIN(HIGH(a) << by | LOW(a) >> (64 - by), LOW(a) << by) : a;
}

EXPORT ti __lshrti3(ti a, int by)
{
    if (by >= 64)
        return JOIN(0, HIGH(a) >> (by - 64));
    return by ? JOIN(HIGH(a) >> by, LOW(a) >> by | HIGH(a) << (64 - by)) : a;
}

EXPORT ti __ashrti3(ti a, int by)
{
    di high = (di)HIGH(a);

    if (by >= 64)
        return JOIN(high >> 63, high >> (by - 64));
    return by ? JOIN(high >> by, LOW(a) >> by | HIGH(a) << (64 - by)) : a;
}

/* 0, 1, 2 for less, equal, greater, as a word. */
EXPORT long __cmpti2(ti a, ti b)
{
    if (HIGH(a) != HIGH(b))
        return (di)HIGH(a) < (di)HIGH(b) ? 0 : 2;
    return LOW(a) == LOW(b) ? 1 : LOW(a) < LOW(b) ? 0 : 2;
}

EXPORT long __ucmpti2(uti a, uti b)
{
    if (HIGH(a) != HIGH(b))
        return HIGH(a) < HIGH(b) ? 0 : 2;
    return LOW(a) == LOW(b) ? 1 : LOW(a) < LOW(b) ? 0 : 2;
}

#endif

#ifdef OVERFLOW

EXPORT di __mulodi4(di a, di b, int *overflow)
{
    ti product = (ti)a * b;

    *overflow = product != (di)product;
    return product;
}

EXPORT ti __muloti4(ti a, ti b, int *overflow)
{
    uti x = a < 0 ? -(uti)a : a, y = b < 0 ? -(uti)b : b;
    uti low = (uti)LOW(x) * LOW(y), middle = (uti)HIGH(x) * LOW(y) + (uti)LOW(x) * HIGH(y);
    uti size = low + (middle << 64), limit = (uti)1 << 127;
    int negative = (a < 0) != (b < 0);

    /* One of the upper words is zero, or the product is too large anyway; then the sum in `middle` cannot wrap. */
    *overflow = (HIGH(x) && HIGH(y)) || HIGH(middle) || size < low || (negative ? size > limit : size >= limit);
    return negative ? -size : size;
}

/* Those that abort when the result does not fit (-ftrapv). */
#define TRAPPING(type, wide, mode, digit) \
    EXPORT type __addv##mode##3(type a, type b) \
    { \
        type sum = (unsigned wide)a + (unsigned wide)b; \
        if (b < 0 ? sum >= a : sum < a) \
            __builtin_trap(); \
        return sum; \
    } \
    EXPORT type __subv##mode##3(type a, type b) \
    { \
        type rest = (unsigned wide)a - (unsigned wide)b; \
        if (b < 0 ? rest <= a : rest > a) \
            __builtin_trap(); \
        return rest; \
    } \
    EXPORT type __negv##mode##2(type a) \
    { \
        type other = -(unsigned wide)a; \
        if (a < 0 && other < 0) \
            __builtin_trap(); \
        return other; \
    } \
    EXPORT type __absv##mode##2(type a) \
    { \
        type size = a < 0 ? -(unsigned wide)a : a; \
        if (size < 0) \
            __builtin_trap(); \
        return size; \
    }

TRAPPING(si, int, si, 3)
TRAPPING(di, long long, di, 3)
TRAPPING(ti, __int128, ti, 3)

EXPORT si __mulvsi3(si a, si b)
{
    di product = (di)a * b;

    if (product != (si)product)
        __builtin_trap();
    return product;
}

EXPORT di __mulvdi3(di a, di b)
{
    int overflow;
    di product = __mulodi4(a, b, &overflow);

    if (overflow)
        __builtin_trap();
    return product;
}

EXPORT ti __mulvti3(ti a, ti b)
{
    int overflow;
    ti product = __muloti4(a, b, &overflow);

    if (overflow)
        __builtin_trap();
    return product;
}

#endif

#ifdef BITS

/* Written with what every machine has, as builtins may be calls of these. */
static int leading(udi x, int width)
{
    int n = 0;

    for (; width > 1; ) {
        width /= 2;
        if (x >> width)
            x >>= width;
        else
            n += width;
    }
    return n;
}

static int trailing(udi x, int width)
{
    int n = 0;

    for (; width > 1; ) {
        width /= 2;
        if ((x & (((udi)1 << width) - 1)) == 0) {
            x >>= width;
            n += width;
        }
    }
    return n;
}

static int ones(udi x)
{
    x = x - (x >> 1 & 0x5555555555555555);
    x = (x & 0x3333333333333333) + (x >> 2 & 0x3333333333333333);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0f;
    return x * 0x0101010101010101 >> 56;
}

static udi swapped(udi x)
{
    x = (x & 0x00ff00ff00ff00ff) << 8 | (x >> 8 & 0x00ff00ff00ff00ff);
    x = (x & 0x0000ffff0000ffff) << 16 | (x >> 16 & 0x0000ffff0000ffff);
    return x << 32 | x >> 32;
}

EXPORT int __clzsi2(usi x) { return leading(x, 32); }
EXPORT int __clzdi2(udi x) { return leading(x, 64); }
EXPORT int __clzti2(uti x) { return HIGH(x) ? leading(HIGH(x), 64) : 64 + leading(LOW(x), 64); }
EXPORT int __ctzsi2(usi x) { return trailing(x, 32); }
EXPORT int __ctzdi2(udi x) { return trailing(x, 64); }
EXPORT int __ctzti2(uti x) { return LOW(x) ? trailing(LOW(x), 64) : 64 + trailing(HIGH(x), 64); }
EXPORT int __ffssi2(usi x) { return x ? trailing(x, 32) + 1 : 0; }
EXPORT int __ffsdi2(udi x) { return x ? trailing(x, 64) + 1 : 0; }
EXPORT int __ffsti2(uti x) { return x ? __ctzti2(x) + 1 : 0; }
EXPORT int __popcountsi2(usi x) { return ones(x); }
EXPORT int __popcountdi2(udi x) { return ones(x); }
EXPORT int __popcountti2(uti x) { return ones(HIGH(x)) + ones(LOW(x)); }
EXPORT int __paritysi2(usi x) { return ones(x) & 1; }
EXPORT int __paritydi2(udi x) { return ones(x) & 1; }
EXPORT int __parityti2(uti x) { return ones(HIGH(x) ^ LOW(x)) & 1; }

/* Copies of the sign bit behind it. */
EXPORT int __clrsbsi2(si x)
{
    usi y = x < 0 ? ~x : x;

    return y ? leading(y, 32) - 1 : 31;
}

EXPORT int __clrsbdi2(di x)
{
    udi y = x < 0 ? ~x : x;

    return y ? leading(y, 64) - 1 : 63;
}

EXPORT int __clrsbti2(ti x)
{
    uti y = x < 0 ? ~x : x;

    return y ? __clzti2(y) - 1 : 127;
}

EXPORT usi __bswapsi2(usi x) { return swapped(x) >> 32; }
EXPORT udi __bswapdi2(udi x) { return swapped(x); }
EXPORT uti __bswapti2(uti x) { return JOIN(swapped(LOW(x)), swapped(HIGH(x))); }

#endif
