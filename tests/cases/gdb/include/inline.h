// A function that every unit has of its own.
struct range { int low, high; };

static inline int clamp(struct range range, int x)
{
    int result = x;
    if (x < range.low)
        result = range.low;
    if (x > range.high)
        result = range.high;
    return result;
}
