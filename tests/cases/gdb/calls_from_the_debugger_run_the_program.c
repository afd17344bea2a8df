// gdb calls the program's functions: integers, floating point, strings, structures in and out, and convenience variables.

struct point { int x, y; };
static int add(int a, int b) { return a + b; }
static double scale(double a, int n) { return a * n; }
static int length(const char *s)
{
    int n = 0;
    while (*s++)
        n++;
    return n;
}
static struct point make(int x, int y) { struct point p = { x, y }; return p; }
static int sum_of(struct point p) { return p.x + p.y; }
static void bump(int *p) { ++*p; }

int main(void)
{
    const char *text = "eleven";
    struct point point = make(3, 4);
    int value = add(1, 2);
    value += (int)scale(0.5, 4) + length(text);
    value += sum_of(point);
    bump(&value);
    return value == 0;
}

/* gdb
> break 24
Breakpoint 1 at ADDR: file calls_from_the_debugger_run_the_program.c, line 24.
> run

Breakpoint 1, main () at calls_from_the_debugger_run_the_program.c:24
24	    bump(&value);
> print add(2, 3)
$1 = 5
> print scale(1.5, 2)
$2 = 3
> print length(text)
$3 = 6
> print make(7, 8)
$4 = {x = 7, y = 8}
> print make(7, 8).y
$5 = 8
> print sum_of(point)
$6 = 7
> call bump(&value)
> print value
$7 = 19
> print add(value, add(1, 1))
$8 = 21
> set var $n = add(1, 2)
> print $n * 2
$9 = 6
> next
25	    return value == 0;
> print value
$10 = 20
*/
