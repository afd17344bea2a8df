/* FLOAT to the power of an int, by squaring, with the roundings of gcc's runtime ("GCC Internals", "Other floating-point
   operations"). */

__attribute__((weak)) FLOAT POWI(FLOAT x, int m)
{
    unsigned n = m < 0 ? -(unsigned)m : (unsigned)m;
    FLOAT y = n % 2 ? x : (FLOAT)1;

    while (n >>= 1) {
        x = x * x;
        if (n % 2)
            y *= x;
    }
    return m < 0 ? (FLOAT)1 / y : y;
}
