/* Arithmetic of _Float128, which no machine of ours has (IEEE 754 binary128; names as in "GCC Internals", "Routines for
   floating point emulation"). Each unit is one of the parts below. Results are rounded to nearest, ties to even; no
   exception flags are raised. NaNs are kept as gcc's runtime keeps them: the larger fraction of two, quiet. */

typedef int si;
typedef unsigned usi;
typedef long long di;
typedef unsigned long long udi;
typedef __int128 ti;
typedef unsigned __int128 uti;
typedef _Float128 tf;
/* Comparisons give a word. */
typedef long word;

#define EXPORT __attribute__((weak))
#define ONE ((uti)1)
#define HIDDEN (ONE << 112)
#define FRACTION (HIDDEN - 1)
#define SIGN (ONE << 127)
#define QUIET (ONE << 111)
#define GREATEST 0x7fff
#define BIAS 16383
#define INFINITE_BITS ((uti)GREATEST << 112)
#define NAN_BITS (SIGN | INFINITE_BITS | QUIET)

static uti bits_of(tf x)
{
    union { tf f; uti i; } u;

    u.f = x;
    return u.i;
}

static tf of_bits(uti x)
{
    union { tf f; uti i; } u;

    u.i = x;
    return u.f;
}

static int exponent_of(uti x)
{
    return (int)(x >> 112) & GREATEST;
}

static int is_nan(uti x)
{
    return (x & ~SIGN) > INFINITE_BITS;
}

static tf choose_nan(uti a, uti b, int first)
{
    uti fa = is_nan(a) ? a & FRACTION : 0, fb = is_nan(b) ? b & FRACTION : 0;

    return of_bits((fa > fb || (fa == fb && first) ? a : b) | QUIET);
}

static int leading_zeros(uti x)
{
    udi high = x >> 64;

    return high ? __builtin_clzll(high) : 64 + __builtin_clzll((udi)x);
}

/* Lost bits show in the last one. */
static uti shifted_right(uti x, int by)
{
    if (by == 0)
        return x;
    if (by >= 128)
        return x != 0;
    return x >> by | (x << (128 - by) != 0);
}

/* The significand has three bits more than a result, its first bit is bit 115; below the least exponent it is made
   subnormal. */
static tf rounded(uti sign, int exponent, uti significand)
{
    int lost;
    uti x;

    if (exponent >= GREATEST)
        return of_bits(sign | INFINITE_BITS);
    if (exponent <= 0) {
        significand = shifted_right(significand, 1 - exponent);
        exponent = 0;
    }
    lost = (int)significand & 7;
    significand >>= 3;
    if (lost > 4 || (lost == 4 && ((int)significand & 1)))
        significand++;
    /* A carry goes on into the exponent. */
    x = exponent == 0 ? significand : ((uti)(unsigned)exponent << 112) + significand - HIDDEN;
    return of_bits(sign | x);
}

/* The significand of a number that is neither zero, infinite nor a NaN, first bit 112. */
static uti normal(uti x, int *exponent)
{
    uti fraction = x & FRACTION;
    int shift;

    *exponent = exponent_of(x);
    if (*exponent)
        return fraction | HIDDEN;
    shift = leading_zeros(fraction) - 15;
    *exponent = 1 - shift;
    return fraction << shift;
}

/* -1, 0, 1; 2 when unordered. */
static int order(tf x, tf y)
{
    uti a = bits_of(x), b = bits_of(y);

    if (is_nan(a) || is_nan(b))
        return 2;
    if (((a | b) & ~SIGN) == 0 || a == b)
        return 0;
    if ((a ^ b) & SIGN)
        return a & SIGN ? -1 : 1;
    return (a < b) != ((a & SIGN) != 0) ? -1 : 1;
}

#ifdef ADDITION

static tf sum(uti a, uti b, int negated)
{
    int ea, eb;
    uti sign, fa, fb, x;

    if (is_nan(a) || is_nan(b))
        return choose_nan(a, b, !negated);
    if (negated)
        b ^= SIGN;
    if ((a & ~SIGN) < (b & ~SIGN)) {
        x = a;
        a = b;
        b = x;
    }
    sign = a & SIGN;
    if (exponent_of(a) == GREATEST) {
        if (exponent_of(b) == GREATEST && sign != (b & SIGN))
            return of_bits(NAN_BITS);
        return of_bits(a);
    }
    if ((b & ~SIGN) == 0)
        return of_bits((a & ~SIGN) == 0 ? a & b : a);
    fa = normal(a, &ea) << 3;
    fb = normal(b, &eb) << 3;
    fb = shifted_right(fb, ea - eb);
    if (sign == (b & SIGN)) {
        x = fa + fb;
        if (x >> 116) {
            x = shifted_right(x, 1);
            ea++;
        }
    } else {
        int shift;

        x = fa - fb;
        if (x == 0)
            return of_bits(0);
        shift = leading_zeros(x) - 12;
        x <<= shift;
        ea -= shift;
    }
    return rounded(sign, ea, x);
}

EXPORT tf __addtf3(tf x, tf y)
{
    return sum(bits_of(x), bits_of(y), 0);
}

EXPORT tf __subtf3(tf x, tf y)
{
    return sum(bits_of(x), bits_of(y), 1);
}

#endif

#ifdef PRODUCT

EXPORT tf __multf3(tf x, tf y)
{
    uti a = bits_of(x), b = bits_of(y), sign = (a ^ b) & SIGN, low, high, middle, other;
    int ea, eb, shift;

    if (is_nan(a) || is_nan(b))
        return choose_nan(a, b, 1);
    a &= ~SIGN;
    b &= ~SIGN;
    if (a == INFINITE_BITS || b == INFINITE_BITS)
        return of_bits(a == 0 || b == 0 ? NAN_BITS : sign | INFINITE_BITS);
    if (a == 0 || b == 0)
        return of_bits(sign);
    a = normal(a, &ea);
    b = normal(b, &eb);
    low = (uti)(udi)a * (udi)b;
    middle = (uti)(udi)(a >> 64) * (udi)b;
    other = (uti)(udi)a * (udi)(b >> 64);
    high = (uti)(udi)(a >> 64) * (udi)(b >> 64);
    middle += other;
    high += middle >> 64;
    middle <<= 64;
    low += middle;
    high += low < middle;
    /* The product has 225 or 226 bits, 116 are wanted. */
    shift = high >> 97 ? 110 : 109;
    ea += eb - BIAS + (shift - 109);
    return rounded(sign, ea, high << (128 - shift) | shifted_right(low, shift));
}

#endif

#ifdef QUOTIENT

EXPORT tf __divtf3(tf x, tf y)
{
    uti a = bits_of(x), b = bits_of(y), sign = (a ^ b) & SIGN, q = 0;
    int ea, eb, n;

    if (is_nan(a) || is_nan(b))
        return choose_nan(a, b, 0);
    a &= ~SIGN;
    b &= ~SIGN;
    if (a == b && (a == 0 || a == INFINITE_BITS))
        return of_bits(NAN_BITS);
    if (a == INFINITE_BITS || b == 0)
        return of_bits(sign | INFINITE_BITS);
    if (a == 0 || b == INFINITE_BITS)
        return of_bits(sign);
    a = normal(a, &ea);
    b = normal(b, &eb);
    ea += BIAS - eb;
    if (a < b) {
        a <<= 1;
        ea--;
    }
    for (n = 0; n < 116; n++) {
        q <<= 1;
        if (a >= b) {
            a -= b;
            q |= 1;
        }
        a <<= 1;
    }
    return rounded(sign, ea, q | (a != 0));
}

#endif

#ifdef ORDER

EXPORT tf __negtf2(tf x) { return of_bits(bits_of(x) ^ SIGN); }
EXPORT word __eqtf2(tf x, tf y) { return order(x, y) != 0; }
EXPORT word __netf2(tf x, tf y) { return order(x, y) != 0; }
EXPORT word __lttf2(tf x, tf y) { return order(x, y); }
EXPORT word __letf2(tf x, tf y) { return order(x, y); }
EXPORT word __cmptf2(tf x, tf y) { return order(x, y); }
EXPORT word __unordtf2(tf x, tf y) { return order(x, y) == 2; }

EXPORT word __gttf2(tf x, tf y)
{
    int o = order(x, y);

    return o == 2 ? -2 : o;
}

EXPORT word __getf2(tf x, tf y)
{
    int o = order(x, y);

    return o == 2 ? -2 : o;
}

#endif

#ifdef EXTENSION

/* From a format with so many bits of fraction and exponent. */
static tf extended(udi x, int n_fraction, int n_exponent)
{
    int greatest = (1 << n_exponent) - 1, exponent = (int)(x >> n_fraction) & greatest;
    uti sign = (uti)(x >> (n_fraction + n_exponent)) << 127;
    uti fraction = (uti)(x & (((udi)1 << n_fraction) - 1)) << (112 - n_fraction);
    int shift;

    if (exponent == greatest)
        return of_bits(sign | INFINITE_BITS | fraction | (fraction ? QUIET : 0));
    exponent += BIAS - greatest / 2;
    if (exponent == BIAS - greatest / 2) {
        if (fraction == 0)
            return of_bits(sign);
        shift = leading_zeros(fraction) - 15;
        fraction = fraction << shift & FRACTION;
        exponent += 1 - shift;
    }
    return of_bits(sign | (uti)(unsigned)exponent << 112 | fraction);
}

EXPORT tf __extendsftf2(float x)
{
    union { float f; usi i; } u;

    u.f = x;
    return extended(u.i, 23, 8);
}

EXPORT tf __extenddftf2(double x)
{
    union { double f; udi i; } u;

    u.f = x;
    return extended(u.i, 52, 11);
}

#endif

#ifdef CUT

/* A NaN keeps the first bits of its fraction. */
static udi cut(uti x, int n_fraction, int n_exponent)
{
    int greatest = (1 << n_exponent) - 1, exponent = exponent_of(x) - BIAS + greatest / 2, shift = 112 - n_fraction;
    udi sign = (udi)(x >> 127) << (n_fraction + n_exponent), y;
    uti significand = (x & FRACTION) | HIDDEN, half, rest;

    if (is_nan(x))
        return sign | (udi)greatest << n_fraction | (udi)((x & FRACTION) >> shift) | (udi)1 << (n_fraction - 1);
    if (exponent >= greatest)
        return sign | (udi)greatest << n_fraction;
    if (exponent <= 0) {
        shift += 1 - exponent;
        exponent = 0;
        if (shift > 114)
            return sign;
    }
    y = significand >> shift;
    rest = significand & ((ONE << shift) - 1);
    half = ONE << (shift - 1);
    if (rest > half || (rest == half && y & 1))
        y++;
    if (exponent)
        y += ((udi)exponent - 1) << n_fraction;
    return sign | y;
}

EXPORT float __trunctfsf2(tf x)
{
    union { float f; usi i; } u;

    u.i = cut(bits_of(x), 23, 8);
    return u.f;
}

EXPORT double __trunctfdf2(tf x)
{
    union { double f; udi i; } u;

    u.i = cut(bits_of(x), 52, 11);
    return u.f;
}

#endif

#ifdef X87

/* The 64-bit significand of a long double shows its first bit; exponents are the same. */
struct x87 {
    udi significand;
    unsigned short head;
};

EXPORT tf __extendxftf2(long double x)
{
    union { long double f; struct x87 i; } u;
    uti sign, significand;
    int exponent;

    u.f = x;
    sign = (uti)(u.i.head >> 15) << 127;
    exponent = u.i.head & GREATEST;
    significand = (uti)u.i.significand << 49;
    if (exponent == GREATEST)
        return of_bits(sign | INFINITE_BITS | (significand & FRACTION) | (significand & FRACTION ? QUIET : 0));
    if (exponent)
        significand += ((uti)(unsigned)exponent << 112) - HIDDEN;
    return of_bits(sign | significand);
}

EXPORT long double __trunctfxf2(tf x)
{
    union { long double f; struct x87 i; } u;
    uti a = bits_of(x), significand = a & FRACTION, rest, half = ONE << 48;
    int exponent = exponent_of(a);

    u.i.head = (unsigned short)(a >> 112 & 0x8000);
    if (exponent)
        significand |= HIDDEN;
    u.i.significand = significand >> 49;
    rest = significand & (half * 2 - 1);
    if (exponent == GREATEST) {
        if (is_nan(a))
            u.i.significand |= (udi)1 << 62;
    } else if (rest > half || (rest == half && u.i.significand & 1)) {
        if (++u.i.significand == 0) {
            u.i.significand = (udi)1 << 63;
            exponent++;
        }
    }
    if (exponent == 0 && u.i.significand >> 63)
        exponent = 1;
    u.i.head |= exponent;
    return u.f;
}

#endif

#ifdef FIX

/* Towards zero, in `width` bits; what does not fit becomes the nearest number that does, NaNs by their sign. */
static uti fixed(tf x, int width, int is_signed)
{
    uti a = bits_of(x), significand = (a & FRACTION) | HIDDEN, greatest = ONE << (width - 1);
    int negative = a >> 127 != 0, exponent = exponent_of(a) - BIAS;

    greatest = is_signed ? greatest - 1 + negative : negative ? 0 : greatest - 1 + greatest;
    if (exponent < 0)
        return 0;
    if (exponent >= width)
        significand = greatest;
    else
        significand = exponent <= 112 ? significand >> (112 - exponent) : significand << (exponent - 112);
    if (significand > greatest)
        significand = greatest;
    return negative ? -significand : significand;
}

EXPORT si __fixtfsi(tf x) { return fixed(x, 32, 1); }
EXPORT usi __fixunstfsi(tf x) { return fixed(x, 32, 0); }
EXPORT di __fixtfdi(tf x) { return fixed(x, 64, 1); }
EXPORT udi __fixunstfdi(tf x) { return fixed(x, 64, 0); }
EXPORT ti __fixtfti(tf x) { return fixed(x, 128, 1); }
EXPORT uti __fixunstfti(tf x) { return fixed(x, 128, 0); }

#endif

#ifdef FLOAT

static tf floating(uti sign, uti x)
{
    int zeros;

    if (x == 0)
        return of_bits(0);
    zeros = leading_zeros(x);
    return rounded(sign, BIAS + 127 - zeros, zeros < 12 ? shifted_right(x, 12 - zeros) : x << (zeros - 12));
}

#define OF_SIGNED(x) floating((x) < 0 ? SIGN : 0, (x) < 0 ? -(uti)(ti)(x) : (uti)(x))

EXPORT tf __floatsitf(si x) { return OF_SIGNED(x); }
EXPORT tf __floatunsitf(usi x) { return floating(0, x); }
EXPORT tf __floatditf(di x) { return OF_SIGNED(x); }
EXPORT tf __floatunditf(udi x) { return floating(0, x); }
EXPORT tf __floattitf(ti x) { return OF_SIGNED(x); }
EXPORT tf __floatuntitf(uti x) { return floating(0, x); }

#endif
