// `print` and `call` pass arguments of every kind to functions of the program and show what they return.

#include <stdarg.h>

struct point { int x, y; };
struct block { long words[4]; };

static int calls;

int add(int a, int b) { calls++; return a + b; }
double scale(double d, float f) { return d * f; }
char next_char(char c) { return c + 1; }
const char *pick(int i) { static const char *const all[] = { "zero", "one" }; return all[i != 0]; }
struct point mirror(struct point p) { struct point q = { p.y, p.x }; return q; }
struct block fill(long with) { struct block b = { { with, with + 1, with + 2, with + 3 } }; return b; }
long sum_block(struct block b) { return b.words[0] + b.words[1] + b.words[2] + b.words[3]; }
int length(const char *s) { int n = 0; while (*s++) n++; return n; }
int many(int a, int b, int c, int d, int e, int f, int g, int h) { return a - b + c - d + e - f + g - h; }
int apply(int (*f)(int, int), int x) { return f(x, x); }
_Bool is_even(unsigned n) { return n % 2 == 0; }
int total(int n, ...)
{
    va_list list;
    int sum = 0;
    va_start(list, n);
    while (n-- > 0)
        sum += va_arg(list, int);
    va_end(list);
    return sum;
}

int main(void)
{
    struct point p = { 3, 4 };
    struct block block = fill(1);
    int (*operation)(int, int) = add;
    return apply(operation, p.x) + (int)sum_block(block) + mirror(p).x == 0;
}

/* gdb
> break 37
Breakpoint 1 at ADDR: file functions_are_called_with_arguments_of_every_kind.c, line 37.
> run

Breakpoint 1, main () at functions_are_called_with_arguments_of_every_kind.c:37
37	    return apply(operation, p.x) + (int)sum_block(block) + mirror(p).x == 0;
> print add(2, 3)
$1 = 5
> print calls
$2 = 1
> print scale(1.5, 2)
$3 = 3
> print next_char('a')
$4 = 98 'b'
> print pick(1)
$5 = ADDR "one"
> print mirror(p)
$6 = {x = 4, y = 3}
> print mirror(p).x
$7 = 4
> print fill(10)
$8 = {words = {10, 11, 12, 13}}
> print sum_block(block)
$9 = 10
> print length("twelve chars")
$10 = 12
> print many(8, 7, 6, 5, 4, 3, 2, 1)
$11 = 4
> print apply(add, 21)
$12 = 42
> print operation(4, 5)
$13 = 9
> print *operation
$14 = {int (int, int)} ADDR <add>
> print is_even(4)
$15 = true
> print total(3, 10, 20, 30)
$16 = 60
> call calls = 0
$17 = 0
> call (void)add(1, 1)
> print calls
$18 = 1
> print add(add(1, 2), add(3, 4))
$19 = 10
> break add
Breakpoint 2 at ADDR: file functions_are_called_with_arguments_of_every_kind.c, line 10.
> print add(7, 7)

Breakpoint 2, add (a=7, b=7) at functions_are_called_with_arguments_of_every_kind.c:10
10	int add(int a, int b) { calls++; return a + b; }
The program being debugged stopped while in a function called from GDB.
Evaluation of the expression containing the function
(add) will be abandoned.
When the function is done executing, GDB will silently stop.
> bt 1
#0  add (a=7, b=7) at functions_are_called_with_arguments_of_every_kind.c:10
> finish
main () at functions_are_called_with_arguments_of_every_kind.c:37
37	    return apply(operation, p.x) + (int)sum_block(block) + mirror(p).x == 0;
Value returned is $20 = 14
> print $
$21 = 14
> ptype operation
type = int (*)(int, int)
> ptype total
type = int (int, ...)
> whatis mirror
type = struct point (struct point)
> ptype fill
type = struct block {
    long words[4];
} (long)
*/
