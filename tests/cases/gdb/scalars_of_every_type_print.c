// Scalars of every type, with their names, and setting them.

static double touch(void *p)
{
    return p != 0;
}

int main(void)
{
    char c = 'a';
    signed char sc = -1;
    unsigned char uc = 255;
    short s = -300;
    unsigned short us = 60000;
    int i = -70000;
    unsigned u = 4000000000u;
    long l = -5000000000L;
    unsigned long ul = 18446744073709551615UL;
    long long ll = -1;
    unsigned long long ull = 1ULL << 63;
    _Bool flag = 1;
    float f = 1.5f;
    double d = -2.25;
    long double ld = 1e100L;
    double result = 0;

    result += touch(&c) + touch(&sc) + touch(&uc) + touch(&s) + touch(&us) + touch(&i) + touch(&u);
    result += touch(&l) + touch(&ul) + touch(&ll) + touch(&ull) + touch(&flag) + touch(&f) + touch(&d) + touch(&ld);

    result += d + (double)ld;
    return result > 0 && flag && f + c + sc + uc + s + us + i + u + l + ul + ll + ull > 0;
}

/* gdb
> break 31
Breakpoint 1 at ADDR: file scalars_of_every_type_print.c, line 31.
> run

Breakpoint 1, main () at scalars_of_every_type_print.c:31
31	    return result > 0 && flag && f + c + sc + uc + s + us + i + u + l + ul + ll + ull > 0;
> info locals
c = 97 'a'
sc = -1 '\377'
uc = 255 '\377'
s = -300
us = 60000
i = -70000
u = 4000000000
l = -5000000000
ul = 18446744073709551615
ll = -1
ull = 9223372036854775808
flag = true
f = 1.5
d = -2.25
ld = 9.99999999999999999967e+99
result = 1e+100
> whatis c
type = char
> whatis sc
type = signed char
> whatis uc
type = unsigned char
> whatis s
type = short
> whatis us
type = unsigned short
> whatis u
type = unsigned int
> whatis l
type = long
> whatis ul
type = unsigned long
> whatis ll
type = long long
> whatis ull
type = unsigned long long
> whatis flag
type = _Bool
> whatis f
type = float
> whatis d
type = double
> whatis ld
type = long double
> print sizeof(ld)
$1 = 16
> set var d = 0.5
> set var ld = 2.25
> set var flag = 0
> set var c = 'z'
> print d + ld
$2 = 2.75
> print c
$3 = 122 'z'
> next
32	}
> print result
$4 = 1e+100
*/
