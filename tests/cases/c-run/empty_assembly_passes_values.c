#include <stdio.h>
asm("");
static int calls;
static int *next(void) { static int a[4] = { 1, 2, 3, 4 }; return &a[calls++]; }
struct s { int a[6]; };
int main(void)
{
    int x = 5, y = 6, z;
    long l;
    double d = 1.5;
    struct s s = { { 1, 2, 3, 4, 5, 6 } };
    asm volatile("" ::: "memory");
    asm volatile("" : : : "memory", "cc");
    __asm__ __volatile__("");
    asm("" : "+r"(x));
    asm("" : "=r"(z) : "0"(x + y));
    asm("" : "=r"(l) : "0"(-x));
    asm("" : [out] "=r"(y) : "[out]"(y + 1));
    asm("" : "+r"(*next()));
    asm("" : "+m"(s), "=m"(d) : "m"(d), "r"(next()), "g"(&s) : "memory");
    asm("" : "=r"(x), "=r"(y) : "1"(x), "0"(y));
    printf("%d %d %d %ld %g %d %d\n", x, y, z, (long)(int)l, d, calls, s.a[5]);
    return 0;
}
// output:
// 7 5 11 -5 1.5 2 6
