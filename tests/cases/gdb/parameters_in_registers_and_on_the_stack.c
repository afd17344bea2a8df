// Parameters: more than six, integer and floating mixed, structures by value in registers and memory, varargs, K&R.

#include <stdarg.h>
struct small { int x, y; };
struct large { long a, b, c; };
struct mixed { float f; double d; };

static int many(int a, long b, short c, char d, unsigned e, long long f, int g, int h, char i)
{
    return a + (int)b + c + d + (int)e + (int)f + g + h + i;
}

static double blend(double a, int b, float c, long double d, float e, double f, double g, double h, double i, double j, double k)
{
    return a + b + c + (double)d + e + f + g + h + i + j + k;
}

static int by_value(struct small small, struct large large, struct mixed mixed, int last)
{
    return small.x + small.y + (int)large.b + (int)mixed.d + last;
}

static int sum(int n, ...)
{
    int result = 0;
    va_list list;
    va_start(list, n);
    for (int i = 0; i < n; i++)
        result += va_arg(list, int);
    va_end(list);
    return result;
}

static int old(c, f, s)
    char c;
    float f;
    short s;
{
    return c + (int)f + s;
}

int main(void)
{
    struct small small = { 1, 2 };
    struct large large = { 3, 4, 5 };
    struct mixed mixed = { 1.5f, 2.5 };
    int result = many(1, 2, 3, 'd', 5, 6, 7, 8, 'i');
    result += (int)blend(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    result += by_value(small, large, mixed, 6);
    result += sum(3, 10, 20, 30);
    result += old('o', 1.5f, 7);
    return result == 0;
}

/* gdb
> break many
Breakpoint 1 at ADDR: file parameters_in_registers_and_on_the_stack.c, line 10.
> break blend
Breakpoint 2 at ADDR: file parameters_in_registers_and_on_the_stack.c, line 15.
> break by_value
Breakpoint 3 at ADDR: file parameters_in_registers_and_on_the_stack.c, line 20.
> break sum
Breakpoint 4 at ADDR: file parameters_in_registers_and_on_the_stack.c, line 25.
> break old
Breakpoint 5 at ADDR: file parameters_in_registers_and_on_the_stack.c, line 39.
> run

Breakpoint 1, many (a=1, b=2, c=3, d=100 'd', e=5, f=6, g=7, h=8, i=105 'i') at parameters_in_registers_and_on_the_stack.c:10
10	    return a + (int)b + c + d + (int)e + (int)f + g + h + i;
> info args
a = 1
b = 2
c = 3
d = 100 'd'
e = 5
f = 6
g = 7
h = 8
i = 105 'i'
> set var h = 80
> finish
main () at parameters_in_registers_and_on_the_stack.c:47
47	    int result = many(1, 2, 3, 'd', 5, 6, 7, 8, 'i');
Value returned is $1 = 309
> continue

Breakpoint 2, blend (a=1, b=2, c=3, d=4, e=5, f=6, g=7, h=8, i=9, j=10, k=11) at parameters_in_registers_and_on_the_stack.c:15
15	    return a + b + c + (double)d + e + f + g + h + i + j + k;
> info args
a = 1
b = 2
c = 3
d = 4
e = 5
f = 6
g = 7
h = 8
i = 9
j = 10
k = 11
> finish
main () at parameters_in_registers_and_on_the_stack.c:48
48	    result += (int)blend(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
Value returned is $2 = 66
> continue

Breakpoint 3, by_value (small=..., large=..., mixed=..., last=6) at parameters_in_registers_and_on_the_stack.c:20
20	    return small.x + small.y + (int)large.b + (int)mixed.d + last;
> info args
small = {x = 1, y = 2}
large = {a = 3, b = 4, c = 5}
mixed = {f = 1.5, d = 2.5}
last = 6
> print large.b
$3 = 4
> print small
$4 = {x = 1, y = 2}
> set var small.y = 9
> finish
main () at parameters_in_registers_and_on_the_stack.c:49
49	    result += by_value(small, large, mixed, 6);
Value returned is $5 = 22
> continue

Breakpoint 4, sum (n=3) at parameters_in_registers_and_on_the_stack.c:25
25	    int result = 0;
> info args
n = 3
> bt
#0  sum (n=3) at parameters_in_registers_and_on_the_stack.c:25
#1  ADDR in main () at parameters_in_registers_and_on_the_stack.c:50
> finish
main () at parameters_in_registers_and_on_the_stack.c:50
50	    result += sum(3, 10, 20, 30);
Value returned is $6 = 60
> continue

Breakpoint 5, old (c=111 'o', f=1.5, s=7) at parameters_in_registers_and_on_the_stack.c:39
39	    return c + (int)f + s;
> info args
c = 111 'o'
f = 1.5
s = 7
> up
#1  ADDR in main () at parameters_in_registers_and_on_the_stack.c:51
51	    result += old('o', 1.5f, 7);
*/
