/* Products and quotients of complex numbers of type FLOAT (ISO C11 annex G.5.1): where the formula gives two NaNs and an
   operand was infinite, or a divisor zero, the result is made infinite or zero again. WIDE is a type in which products of
   FLOAT are exact and cannot overflow. Without one quotients are scaled as M. Baudin and R. L. Smith do it ("A Robust
   Complex Division in Scilab", 2012), with the bounds of gcc's runtime. */

#define EXPORT __attribute__((weak))
#define IS_NAN(x) ((x) != (x))
#define IS_FINITE(x) ((x) - (x) == 0)
#define IS_INFINITE(x) (!IS_NAN(x) && !IS_FINITE(x))
#define INFINITE ((FLOAT)__builtin_inf())
#define SIGNED(size, sign) with_sign(size, sign)
/* 1 for infinities and 0 for others, with the sign of x. */
#define BOX(x) SIGNED((FLOAT)(IS_INFINITE(x) ? 1 : 0), x)
#define ZERO_FOR_NAN(x) if (IS_NAN(x)) x = SIGNED((FLOAT)0, x)

static FLOAT with_sign(FLOAT size, FLOAT sign)
{
    return !__builtin_signbit(size) == !__builtin_signbit(sign) ? size : -size;
}

/* Complex numbers too wide for registers come back as such a record does. */
#ifdef PAIR
typedef struct { FLOAT real, imaginary; } complex;

static complex joined(FLOAT x, FLOAT y)
{
    complex z = { x, y };

    return z;
}
#else
typedef _Complex FLOAT complex;

static complex joined(FLOAT x, FLOAT y)
{
    complex z;

    __real__ z = x;
    __imag__ z = y;
    return z;
}
#endif

EXPORT complex MUL(FLOAT a, FLOAT b, FLOAT c, FLOAT d)
{
    FLOAT ac = a * c, bd = b * d, ad = a * d, bc = b * c;
    FLOAT x = ac - bd, y = ad + bc;

    if (IS_NAN(x) && IS_NAN(y)) {
        int again = 0;

        if (IS_INFINITE(a) || IS_INFINITE(b)) {
            a = BOX(a);
            b = BOX(b);
            ZERO_FOR_NAN(c);
            ZERO_FOR_NAN(d);
            again = 1;
        }
        if (IS_INFINITE(c) || IS_INFINITE(d)) {
            c = BOX(c);
            d = BOX(d);
            ZERO_FOR_NAN(a);
            ZERO_FOR_NAN(b);
            again = 1;
        }
        if (!again && (IS_INFINITE(ac) || IS_INFINITE(bd) || IS_INFINITE(ad) || IS_INFINITE(bc))) {
            ZERO_FOR_NAN(a);
            ZERO_FOR_NAN(b);
            ZERO_FOR_NAN(c);
            ZERO_FOR_NAN(d);
            again = 1;
        }
        if (again) {
            x = INFINITE * (a * c - b * d);
            y = INFINITE * (a * d + b * c);
        }
    }
    return joined(x, y);
}

#ifndef WIDE

static FLOAT size_of(FLOAT x)
{
    return SIGNED(x, (FLOAT)1);
}

#define BIG (GREATEST / 2)
#define SCALE (1 / STEP)
#define NOT_HUGE (BIG * STEP)

#endif

EXPORT complex DIV(FLOAT a, FLOAT b, FLOAT c, FLOAT d)
{
    FLOAT x, y;

#ifdef WIDE
    WIDE size = (WIDE)c * c + (WIDE)d * d;

    x = ((WIDE)a * c + (WIDE)b * d) / size;
    y = ((WIDE)b * c - (WIDE)a * d) / size;
#else
    int turned = size_of(c) < size_of(d);
    FLOAT larger = turned ? size_of(d) : size_of(c), ratio, size;

    if (larger >= BIG) {
        a /= 2;
        b /= 2;
        c /= 2;
        d /= 2;
        larger /= 2;
    }
    if (larger < STEP
        || (size_of(a) < LEAST && size_of(b) < NOT_HUGE && larger < NOT_HUGE)
        || (size_of(b) < LEAST && size_of(a) < NOT_HUGE && larger < NOT_HUGE)) {
        a *= SCALE;
        b *= SCALE;
        c *= SCALE;
        d *= SCALE;
    }
    if (turned) {
        ratio = c / d;
        size = c * ratio + d;
        if (size_of(ratio) > LEAST) {
            x = (a * ratio + b) / size;
            y = (b * ratio - a) / size;
        } else {
            x = (c * (a / d) + b) / size;
            y = (c * (b / d) - a) / size;
        }
    } else {
        ratio = d / c;
        size = d * ratio + c;
        if (size_of(ratio) > LEAST) {
            x = (b * ratio + a) / size;
            y = (b - a * ratio) / size;
        } else {
            x = (a + d * (b / c)) / size;
            y = (b - d * (a / c)) / size;
        }
    }
#endif
    if (IS_NAN(x) && IS_NAN(y)) {
        if (c == 0 && d == 0 && (!IS_NAN(a) || !IS_NAN(b))) {
            x = SIGNED(INFINITE, c) * a;
            y = SIGNED(INFINITE, c) * b;
        } else if ((IS_INFINITE(a) || IS_INFINITE(b)) && IS_FINITE(c) && IS_FINITE(d)) {
            a = BOX(a);
            b = BOX(b);
            x = INFINITE * (a * c + b * d);
            y = INFINITE * (b * c - a * d);
        } else if ((IS_INFINITE(c) || IS_INFINITE(d)) && IS_FINITE(a) && IS_FINITE(b)) {
            c = BOX(c);
            d = BOX(d);
            x = (FLOAT)0 * (a * c + b * d);
            y = (FLOAT)0 * (b * c - a * d);
        }
    }
    return joined(x, y);
}
