/* Holds the runtime library against gcc's: every function of the table at the end, on all pairs of special operands and on
   random ones. `kit_NAME` is ours. Floating results must have the same bits; NaNs must be NaNs. */

#include <stdio.h>
#include <string.h>

typedef int si;
typedef unsigned usi;
typedef long long di;
typedef unsigned long long udi;
typedef __int128 ti;
typedef unsigned __int128 uti;
typedef float sf;
typedef double df;
typedef long double xf;
typedef __float128 tf;
typedef _Float16 hf;
typedef unsigned short uhi;
typedef _Complex float sc;
typedef _Complex double dc;
typedef _Complex long double xc;
typedef struct { tf re, im; } tc;

static udi state = SEED;

static udi next(void)
{
    udi x = state += 0x9e3779b97f4a7c15;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return x ^ x >> 31;
}

/* Integers as bugs like them. */
static uti any_integer(void)
{
    uti x = (uti)next() << 64 | next();
    int n = next() % 128;

    switch (next() % 6) {
    case 0: return next() % 17;
    case 1: return -(uti)(next() % 17);
    case 2: return ((uti)1 << n) + next() % 3 - 1;
    case 3: return x >> n;
    case 4: return -(x >> n);
    default: return x;
    }
}

/* A floating number of the format: exponents all over, near the middle, at both ends; fractions often sparse. */
static uti any_float(int n_fraction, int n_exponent)
{
    uti one = 1, greatest = (one << n_exponent) - 1, middle = greatest / 2, exponent, fraction;
    uti mask = (one << n_fraction) - 1;

    switch (next() % 8) {
    case 0: exponent = 0; break;
    case 1: exponent = greatest; break;
    case 2: exponent = 1 + next() % 3; break;
    case 3: exponent = greatest - 1 - next() % 3; break;
    case 4: exponent = next() % greatest; break;
    default: exponent = middle - 70 + next() % 140; break;
    }
    fraction = (uti)next() << 64 | next();
    switch (next() % 6) {
    case 0: fraction = 0; break;
    case 1: fraction = -one; break;
    case 2: fraction = one << next() % n_fraction; break;
    case 3: fraction = -(one << next() % n_fraction); break;
    default: break;
    }
    return (uti)(next() & 1) << (n_fraction + n_exponent) | (exponent & greatest) << n_fraction | (fraction & mask);
}

#define INTEGER(type) static type any_##type(void) { return any_integer(); }
INTEGER(si) INTEGER(usi) INTEGER(di) INTEGER(udi) INTEGER(ti) INTEGER(uti)

#define FLOATING(type, n_fraction, n_exponent) \
    static type any_##type(void) \
    { \
        uti bits = any_float(n_fraction, n_exponent); \
        type x; \
        memcpy(&x, &bits, sizeof x); \
        return x; \
    }
FLOATING(hf, 10, 5) FLOATING(sf, 23, 8) FLOATING(df, 52, 11) FLOATING(tf, 112, 15)

/* Around the numbers that a half can be. */
#define NEAR(type, n_fraction, n_exponent) \
    static type any_near_##type(void) \
    { \
        uti bits = any_float(n_fraction, n_exponent), one = 1, mask = (one << n_exponent) - 1; \
        type x; \
        if (next() % 8) \
            bits = (bits & ~(mask << n_fraction)) | (mask / 2 - 28 + next() % 48) << n_fraction; \
        memcpy(&x, &bits, sizeof x); \
        return x; \
    }
NEAR(sf, 23, 8) NEAR(df, 52, 11) NEAR(tf, 112, 15)
static ti any_small(void) { return next() % 2 ? (ti)(next() % 200000) - 100000 : (ti)any_integer(); }

static xf any_xf(void)
{
    /* The first bit of the significand follows the exponent. */
    uti bits = any_float(63, 15), exponent = bits >> 63 & 0x7fff;
    xf x = 0;

    bits = (bits >> 63) << 64 | (bits & 0x7fffffffffffffff) | (exponent ? (uti)1 << 63 : 0);
    memcpy(&x, &bits, 10);
    return x;
}

static int any_shift(void) { return next() % 128; }
static int any_power(void) { return (int)(next() % 200) - 100; }
static usi any_nonzero_usi(void) { usi x; while (!(x = any_usi())) ; return x; }
static udi any_nonzero_udi(void) { udi x; while (!(x = any_udi())) ; return x; }
static uti any_nonzero_uti(void) { uti x; while (!(x = any_uti())) ; return x; }
static ti any_nonzero_ti(void) { ti x; while ((x = any_ti()) == 0 || x == -1) ; return x; }
/* Those that fit. */
#define FITTING(name, type, low, high) \
    static type any_##name(void) { type x; while (!((x = any_##type()) > low && x < high)) ; return x; }
#define TWO_127 170141183460469231731687303715884105728.0
FITTING(sf_ti, sf, -TWO_127, TWO_127) FITTING(df_ti, df, -TWO_127, TWO_127) FITTING(xf_ti, xf, -TWO_127, TWO_127)
FITTING(sf_udi, sf, -1, 18446744073709551616.0) FITTING(df_udi, df, -1, 18446744073709551616.0) FITTING(xf_udi, xf, -1, 18446744073709551616.0L)
FITTING(sf_uti, sf, -1, __FLT_MAX__) FITTING(df_uti, df, -1, 2 * TWO_127) FITTING(xf_uti, xf, -1, 2 * TWO_127)

static int wrong, functions;
static char shown[2000];

#define SIZE(x) (__builtin_types_compatible_p(__typeof__(x), xf) ? 10 : sizeof(x))
#define SAME(x, y) (memcmp(&x, &y, SIZE(x)) == 0 || (x != x && y != y))
#define SAME_PARTS(x, y) \
    ((SAME_PART(__real__ x, __real__ y)) && (SAME_PART(__imag__ x, __imag__ y)))
#define SAME_PART(x, y) ({ __typeof__(x) p = x, q = y; SAME(p, q); })

static void report(const char *name, const void *a, const void *b, int size, int n)
{
    int i;

    if (n > 3)
        return;
    printf("%s:", name);
    for (i = 0; i < size; i++)
        printf("%s%02x", i % 8 ? "" : " ", ((const unsigned char *)a)[i]);
    printf(" instead of");
    for (i = 0; i < size; i++)
        printf("%s%02x", i % 8 ? "" : " ", ((const unsigned char *)b)[i]);
    printf("\n");
}

#define REPEAT(name, ...) \
    { \
        int n, n_wrong = 0; \
        for (n = 0; n < TIMES; n++) { \
            __VA_ARGS__ \
        } \
        functions++; \
        wrong += n_wrong != 0; \
        if (n_wrong) \
            printf("%s: %d of %d differ\n", #name, n_wrong, TIMES); \
    }
#define DIFFER(name, same, r, s) if (!(same)) { n_wrong++; report(#name, &r, &s, sizeof r, n_wrong); }

#define F1(ret, name, t1, any1) \
    ret name(t1), kit_##name(t1); \
    static void test_##name(void) REPEAT(name, t1 a = any_##any1(); ret s = name(a), r = kit_##name(a); DIFFER(name, SAME(r, s), r, s))
#define F2(ret, name, t1, any1, t2, any2) \
    ret name(t1, t2), kit_##name(t1, t2); \
    static void test_##name(void) REPEAT(name, t1 a = any_##any1(); t2 b = any_##any2(); \
        if (__builtin_types_compatible_p(t1, t2) && a != 0 && next() % 8 == 0) memcpy(&b, &a, sizeof b); \
        ret s = name(a, b), r = kit_##name(a, b); DIFFER(name, SAME(r, s), r, s))
/* Only the sign of the result counts. */
#define ORDER(name) \
    long name(tf, tf), kit_##name(tf, tf); \
    static void test_##name(void) REPEAT(name, tf a = any_tf(); tf b = any_tf(); if (next() % 8 == 0) b = a; \
        long s = name(a, b), r = kit_##name(a, b); s = (s > 0) - (s < 0); r = (r > 0) - (r < 0); DIFFER(name, r == s, r, s))
#define OVERFLOWS(type, name) \
    type name(type, type, int *), kit_##name(type, type, int *); \
    static void test_##name(void) REPEAT(name, type a = any_##type(); type b = any_##type(); int o, p; \
        type s = reference_##type(a, b, &o), r = kit_##name(a, b, &p); DIFFER(name, r == s && o == (p != 0), r, s))
#define C4(type, part, name) \
    type name(part, part, part, part), kit_##name(part, part, part, part); \
    static void test_##name(void) REPEAT(name, part a = any_##part(); part b = any_##part(); part c = any_##part(); part d = any_##part(); \
        type s = name(a, b, c, d), r = kit_##name(a, b, c, d); DIFFER(name, SAME_PARTS(r, s), r, s))

static di reference_di(di a, di b, int *o) { di r; *o = __builtin_mul_overflow(a, b, &r); return r; }
static ti reference_ti(ti a, ti b, int *o) { ti r; *o = __builtin_mul_overflow(a, b, &r); return r; }

/* Function for function; the second list names those that are tested. */
F2(uti, __udivti3, uti, uti, uti, nonzero_uti) F2(uti, __umodti3, uti, uti, uti, nonzero_uti)
F2(ti, __divti3, ti, ti, ti, nonzero_ti) F2(ti, __modti3, ti, ti, ti, nonzero_ti)
F2(ti, __multi3, ti, ti, ti, ti) F1(ti, __negti2, ti, ti) F2(ti, __ashlti3, ti, ti, int, shift)
F2(ti, __ashrti3, ti, ti, int, shift) F2(ti, __lshrti3, ti, ti, int, shift) F2(long, __cmpti2, ti, ti, ti, ti)
F2(long, __ucmpti2, uti, uti, uti, uti) OVERFLOWS(di, __mulodi4) OVERFLOWS(ti, __muloti4)
F1(int, __clzdi2, udi, nonzero_udi) F1(int, __clzti2, uti, nonzero_uti) F1(int, __ctzdi2, udi, nonzero_udi)
F1(int, __ctzti2, uti, nonzero_uti) F1(int, __ffsdi2, udi, udi) F1(int, __ffsti2, uti, uti)
F1(int, __popcountdi2, udi, udi) F1(int, __popcountti2, uti, uti)
F1(int, __paritydi2, udi, udi) F1(int, __parityti2, uti, uti) F1(int, __clrsbdi2, di, di) F1(int, __clrsbti2, ti, ti)
F1(usi, __bswapsi2, usi, usi) F1(udi, __bswapdi2, udi, udi)
F1(ti, __fixsfti, sf, sf_ti) F1(ti, __fixdfti, df, df_ti) F1(ti, __fixxfti, xf, xf_ti)
F1(uti, __fixunssfti, sf, sf_uti) F1(uti, __fixunsdfti, df, df_uti) F1(uti, __fixunsxfti, xf, xf_uti)
F1(sf, __floattisf, ti, ti) F1(df, __floattidf, ti, ti) F1(xf, __floattixf, ti, ti)
F1(sf, __floatuntisf, uti, uti) F1(df, __floatuntidf, uti, uti) F1(xf, __floatuntixf, uti, uti)
C4(sc, sf, __mulsc3) C4(dc, df, __muldc3) C4(xc, xf, __mulxc3) C4(sc, sf, __divsc3) C4(dc, df, __divdc3) C4(xc, xf, __divxc3)
F2(sf, __powisf2, sf, sf, int, power) F2(df, __powidf2, df, df, int, power) F2(xf, __powixf2, xf, xf, int, power)
F2(tf, __addtf3, tf, tf, tf, tf) F2(tf, __subtf3, tf, tf, tf, tf) F2(tf, __multf3, tf, tf, tf, tf) F2(tf, __divtf3, tf, tf, tf, tf)
F1(tf, __negtf2, tf, tf) ORDER(__eqtf2) ORDER(__netf2) ORDER(__lttf2) ORDER(__letf2) ORDER(__gttf2) ORDER(__getf2) ORDER(__unordtf2)
F1(tf, __extendsftf2, sf, sf) F1(tf, __extenddftf2, df, df) F1(tf, __extendxftf2, xf, xf)
F1(sf, __trunctfsf2, tf, tf) F1(df, __trunctfdf2, tf, tf) F1(xf, __trunctfxf2, tf, tf)
F1(si, __fixtfsi, tf, tf) F1(usi, __fixunstfsi, tf, tf) F1(di, __fixtfdi, tf, tf) F1(udi, __fixunstfdi, tf, tf)
F1(ti, __fixtfti, tf, tf) F1(uti, __fixunstfti, tf, tf)
F1(tf, __floatsitf, si, si) F1(tf, __floatunsitf, usi, usi) F1(tf, __floatditf, di, di) F1(tf, __floatunditf, udi, udi)
F1(tf, __floattitf, ti, ti) F1(tf, __floatuntitf, uti, uti) F2(tf, __powitf2, tf, tf, int, power)

/* As records they travel as complex numbers of this width do. */
tc __multc3(tf, tf, tf, tf), kit___multc3(tf, tf, tf, tf), __divtc3(tf, tf, tf, tf), kit___divtc3(tf, tf, tf, tf);
#define QUADS(name) \
    static void test_##name(void) REPEAT(name, tf a = any_tf(); tf b = any_tf(); tf c = any_tf(); tf d = any_tf(); \
        tc s = name(a, b, c, d); tc r = kit_##name(a, b, c, d); DIFFER(name, SAME(r.re, s.re) && SAME(r.im, s.im), r, s))
QUADS(__multc3) QUADS(__divtc3)

/* Older names, against the newer. */
static uhi old_bits(sf x) { hf h = x; uhi b; memcpy(&b, &h, 2); return b; }
static sf old_value(uhi x) { hf h; memcpy(&h, &x, 2); return h; }
static uhi any_uhi(void) { uhi x = next(); return (x & 0x7c00) == 0x7c00 ? x & 0xfc00 : x; }
uhi kit___gnu_f2h_ieee(sf); sf kit___gnu_h2f_ieee(uhi);
static void test___gnu_f2h_ieee(void) REPEAT(__gnu_f2h_ieee, sf a = any_near_sf(); if (a != a) a = 0; uhi s = old_bits(a), r = kit___gnu_f2h_ieee(a); DIFFER(__gnu_f2h_ieee, r == s, r, s))
static void test___gnu_h2f_ieee(void) REPEAT(__gnu_h2f_ieee, uhi a = any_uhi(); sf s = old_value(a), r = kit___gnu_h2f_ieee(a); DIFFER(__gnu_h2f_ieee, SAME(r, s), r, s))
F1(sf, __extendhfsf2, hf, hf) F1(df, __extendhfdf2, hf, hf) F1(xf, __extendhfxf2, hf, hf) F1(tf, __extendhftf2, hf, hf)
F1(hf, __truncsfhf2, sf, near_sf) F1(hf, __truncdfhf2, df, near_df) F1(hf, __truncxfhf2, xf, xf) F1(hf, __trunctfhf2, tf, near_tf)
F1(ti, __fixhfti, hf, hf) F1(uti, __fixunshfti, hf, hf) F1(hf, __floattihf, ti, small) F1(hf, __floatuntihf, uti, small)
F2(long, __eqhf2, hf, hf, hf, hf) F2(long, __nehf2, hf, hf, hf, hf)
F1(udi, __fixunssfdi, sf, sf_udi) F1(udi, __fixunsdfdi, df, df_udi) F1(udi, __fixunsxfdi, xf, xf_udi)

#define ALL \
    T(__gnu_f2h_ieee) T(__gnu_h2f_ieee) T(__extendhfsf2) T(__extendhfdf2) T(__extendhfxf2) T(__extendhftf2) T(__truncsfhf2) T(__truncdfhf2) \
    T(__truncxfhf2) T(__trunctfhf2) T(__fixhfti) T(__fixunshfti) T(__floattihf) T(__floatuntihf) T(__eqhf2) T(__nehf2) \
    T(__fixunssfdi) T(__fixunsdfdi) T(__fixunsxfdi) \
    T(__udivti3) T(__umodti3) T(__divti3) T(__modti3) T(__multi3) T(__negti2) T(__ashlti3) T(__ashrti3) T(__lshrti3) T(__cmpti2) \
    T(__ucmpti2) T(__mulodi4) T(__muloti4) T(__clzdi2) T(__clzti2) T(__ctzdi2) T(__ctzti2) T(__ffsdi2) \
    T(__ffsti2) T(__popcountdi2) T(__popcountti2) T(__paritydi2) T(__parityti2) T(__clrsbdi2) T(__clrsbti2) \
    T(__bswapsi2) T(__bswapdi2) T(__fixsfti) T(__fixdfti) T(__fixxfti) T(__fixunssfti) T(__fixunsdfti) T(__fixunsxfti) T(__floattisf) \
    T(__floattidf) T(__floattixf) T(__floatuntisf) T(__floatuntidf) T(__floatuntixf) T(__mulsc3) T(__muldc3) T(__mulxc3) T(__divsc3) \
    T(__divdc3) T(__divxc3) T(__powisf2) T(__powidf2) T(__powixf2) T(__addtf3) T(__subtf3) T(__multf3) T(__divtf3) T(__negtf2) \
    T(__eqtf2) T(__netf2) T(__lttf2) T(__letf2) T(__gttf2) T(__getf2) T(__unordtf2) T(__extendsftf2) T(__extenddftf2) \
    T(__extendxftf2) T(__trunctfsf2) T(__trunctfdf2) T(__trunctfxf2) T(__fixtfsi) T(__fixunstfsi) T(__fixtfdi) T(__fixunstfdi) \
    T(__fixtfti) T(__fixunstfti) T(__floatsitf) T(__floatunsitf) T(__floatditf) T(__floatunditf) T(__floattitf) T(__floatuntitf) \
    T(__powitf2) T(__multc3) T(__divtc3)

int main(void)
{
#define T(name) test_##name();
    ALL
    printf("figure: runtime functions %d\nfigure: runtime wrong %d\n", functions, wrong);
    return wrong != 0;
}
