/* Between FLOAT and integers of two machine words ("GCC Internals", "Conversion functions"). What the machine converts
   itself, one word, does the work: a wider integer is first cut to a word whose last bit says whether something was cut,
   so that there is one rounding, in the mode in force. */

typedef long long di;
typedef unsigned long long udi;
typedef __int128 ti;
typedef unsigned __int128 uti;

#define EXPORT __attribute__((weak))
#define WORD ((FLOAT)18446744073709551616.0)

#ifdef EXTENDED

/* The mantissa holds a word: both parts are exact and the sum is rounded. */
EXPORT FLOAT FLOATU(ti)(uti x)
{
    return (FLOAT)(udi)(x >> 64) * WORD + (FLOAT)(udi)x;
}

EXPORT FLOAT FLOATS(ti)(ti x)
{
    return (FLOAT)(di)(x >> 64) * WORD + (FLOAT)(udi)x;
}

#else

static FLOAT power_of_two(int n)
{
    FLOAT x = 1;

    while (n-- > 0)
        x += x;
    return x;
}

EXPORT FLOAT FLOATU(ti)(uti x)
{
    udi high = x >> 64;
    int n;

    if (high == 0)
        return (udi)x;
    n = 64 - __builtin_clzll(high);
    return (FLOAT)((udi)(x >> n) | ((udi)x << (64 - n) != 0)) * power_of_two(n);
}

EXPORT FLOAT FLOATS(ti)(ti x)
{
    di high = x >> 64;
    int n;

    if (x == (di)x)
        return (di)x;
    /* One bit stays for the sign. */
    n = 64 - __builtin_clzll((high < 0 ? ~high : high) | 1) + 1;
    if (n > 64)
        n = 64;
    return (FLOAT)((di)(x >> n) | (n == 64 ? (udi)x != 0 : (udi)x << (64 - n) != 0)) * power_of_two(n);
}

#endif

/* Towards zero; what does not fit is undefined. */
EXPORT uti FIXUNS(ti)(FLOAT x)
{
    udi high;

    if (x < WORD)
        return x > 0 ? (udi)x : 0;
    high = (udi)(x / WORD);
    return (uti)high << 64 | (udi)(x - (FLOAT)high * WORD);
}

EXPORT udi FIXUNS(di)(FLOAT x)
{
    return (udi)x;
}

EXPORT ti FIX(ti)(FLOAT x)
{
    return x < 0 ? -(ti)FIXUNS(ti)(-x) : (ti)FIXUNS(ti)(x);
}
