/* Between 16-bit floating numbers and others (IEEE 754 binary16; names as in "GCC Internals", "Routines for floating point
   emulation"). The psABI passes such a number in the low bits of a vector register, as it does a float: there it is taken
   from and put. Results are rounded to nearest, ties to even; no exception flags are raised; NaNs stay quiet NaNs. */

typedef unsigned usi;
typedef unsigned long long udi;
typedef __int128 ti;
typedef unsigned __int128 uti;
typedef float half;
typedef unsigned short bits16;
typedef long word;

#define EXPORT __attribute__((weak))
#define SIGN 0x8000u
#define INFINITE 0x7c00u
#define QUIET 0x0200u
#define ONE ((uti)1)

static usi bits_of(float x)
{
    union { float f; usi i; } u;

    u.f = x;
    return u.i;
}

static float of_bits(usi x)
{
    union { float f; usi i; } u;

    u.i = x;
    return u.f;
}

/* Exact. */
static float extended(bits16 x)
{
    usi sign = (usi)(x & SIGN) << 16, exponent = x >> 10 & 31, fraction = x & 1023;

    if (exponent == 31)
        return of_bits(sign | 0x7f800000 | fraction << 13 | (fraction ? 0x400000 : 0));
    if (exponent == 0)
        return of_bits(sign | bits_of((float)(int)fraction * 0x1p-24f));
    return of_bits(sign | (exponent + 112) << 23 | fraction << 13);
}

/* significand * 2^exponent, where bit 63 is the first that is set and bit 0 says whether something was cut. */
static bits16 rounded(usi sign, int exponent, udi significand)
{
    int e = exponent + 63 + 15, shift = e > 0 ? 53 : 54 - e;
    udi kept, rest, middle;

    if (e >= 31)
        return sign | INFINITE;
    if (shift > 64)
        return sign;
    kept = shift == 64 ? 0 : significand >> shift;
    rest = shift == 64 ? significand : significand & (((udi)1 << shift) - 1);
    middle = (udi)1 << (shift - 1);
    if (rest > middle || (rest == middle && kept & 1))
        kept++;
    /* The first bit counts as one in the exponent, and so does a carry. */
    return sign | (usi)(kept + ((udi)(e > 0 ? e - 1 : 0) << 10));
}

/* The same for any bits. */
static bits16 of_integer(usi sign, int exponent, uti x)
{
    int zeros;

    if (x == 0)
        return sign;
    zeros = (udi)(x >> 64) ? __builtin_clzll((udi)(x >> 64)) : 64 + __builtin_clzll((udi)x);
    x <<= zeros;
    return rounded(sign, exponent - zeros + 64, (udi)(x >> 64) | ((udi)x != 0));
}

/* A number of another format by its bits: so many of fraction and of exponent. */
static bits16 cut(uti x, int n_fraction, int n_exponent)
{
    int greatest = (1 << n_exponent) - 1, exponent = (int)(x >> n_fraction) & greatest;
    usi sign = (usi)(x >> (n_fraction + n_exponent)) & 1 ? SIGN : 0;
    uti fraction = x & ((ONE << n_fraction) - 1);

    if (exponent == greatest)
        return sign | INFINITE | (fraction ? QUIET | (usi)(fraction >> (n_fraction - 10)) : 0);
    if (exponent)
        fraction |= ONE << n_fraction;
    else
        exponent = 1;
    return of_integer(sign, exponent - greatest / 2 - n_fraction, fraction);
}

static bits16 of_float(float x)
{
    return cut(bits_of(x), 23, 8);
}

#ifdef EXTENSION
EXPORT float __extendhfsf2(half x) { return extended(bits_of(x)); }
EXPORT double __extendhfdf2(half x) { return extended(bits_of(x)); }
EXPORT long double __extendhfxf2(half x) { return extended(bits_of(x)); }
EXPORT word __eqhf2(half x, half y) { return extended(bits_of(x)) != extended(bits_of(y)); }
EXPORT word __nehf2(half x, half y) { return extended(bits_of(x)) != extended(bits_of(y)); }
#endif

#ifdef EXTENSION_QUAD
EXPORT _Float128 __extendhftf2(half x) { return extended(bits_of(x)); }
#endif

#ifdef CUT
EXPORT half __truncsfhf2(float x) { return of_bits(of_float(x)); }

EXPORT half __truncdfhf2(double x)
{
    union { double f; udi i; } u;

    u.f = x;
    return of_bits(cut(u.i, 52, 11));
}

EXPORT half __truncxfhf2(long double x)
{
    union { long double f; struct { udi significand; bits16 head; } i; } u;
    usi sign;
    int exponent;

    u.f = x;
    sign = u.i.head & SIGN;
    exponent = u.i.head & 0x7fff;
    /* The first bit of the significand is there. */
    if (exponent == 0x7fff) {
        udi fraction = u.i.significand << 1;

        return of_bits(sign | INFINITE | (fraction ? QUIET | (usi)(fraction >> 54) : 0));
    }
    return of_bits(of_integer(sign, (exponent ? exponent : 1) - 16383 - 63, u.i.significand));
}

EXPORT half __trunctfhf2(_Float128 x)
{
    union { _Float128 f; uti i; } u;

    u.f = x;
    return of_bits(cut(u.i, 112, 15));
}
#endif

#ifdef INTEGER
/* Towards zero; what is not finite becomes the greatest or the least number by its sign. */
EXPORT ti __fixhfti(half x)
{
    bits16 a = bits_of(x);

    if ((a & INFINITE) == INFINITE)
        return (ti)((ONE << 127) - (a & SIGN ? 0 : 1));
    return (int)extended(a);
}

EXPORT uti __fixunshfti(half x)
{
    bits16 a = bits_of(x);

    if ((a & INFINITE) == INFINITE)
        return a & SIGN ? 0 : ~(uti)0;
    return a & SIGN ? 0 : (usi)(int)extended(a);
}

EXPORT half __floattihf(ti x)
{
    return of_bits(of_integer(x < 0 ? SIGN : 0, 0, x < 0 ? -(uti)x : (uti)x));
}

EXPORT half __floatuntihf(uti x) { return of_bits(of_integer(0, 0, x)); }
#endif

#ifdef OLD
/* What older compilers call, with the number's bits as an integer. */
EXPORT bits16 __gnu_f2h_ieee(float x) { return of_float(x); }
EXPORT float __gnu_h2f_ieee(bits16 x) { return extended(x); }
#endif
