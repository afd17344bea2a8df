// A backtrace through a recursion has each call's arguments; a condition stops in the call wanted.

static long fact(int n, const char *note)
{
    long below = 0;
    if (n <= 1)
        return 1;
    below = fact(n - 1, "inner");
    return n * below;
}

int main(void)
{
    long result = fact(4, "outer");
    return result != 24;
}

/* gdb
> break fact if n == 1
Breakpoint 1 at ADDR: file recursion_shows_every_call.c, line 5.
> run

Breakpoint 1, fact (n=1, note=ADDR "inner") at recursion_shows_every_call.c:5
5	    long below = 0;
> bt
#0  fact (n=1, note=ADDR "inner") at recursion_shows_every_call.c:5
#1  ADDR in fact (n=2, note=ADDR "inner") at recursion_shows_every_call.c:8
#2  ADDR in fact (n=3, note=ADDR "inner") at recursion_shows_every_call.c:8
#3  ADDR in fact (n=4, note=ADDR "outer") at recursion_shows_every_call.c:8
#4  ADDR in main () at recursion_shows_every_call.c:14
> frame 2
#2  ADDR in fact (n=3, note=ADDR "inner") at recursion_shows_every_call.c:8
8	    below = fact(n - 1, "inner");
> info args
n = 3
note = ADDR "inner"
> info locals
below = 0
> frame 4
#4  ADDR in main () at recursion_shows_every_call.c:14
14	    long result = fact(4, "outer");
> print n
No symbol "n" in current context.
> finish
"finish" not meaningful in the outermost frame.
> backtrace 2
#0  fact (n=1, note=ADDR "inner") at recursion_shows_every_call.c:5
#1  ADDR in fact (n=2, note=ADDR "inner") at recursion_shows_every_call.c:8
> backtrace -2
#3  ADDR in fact (n=4, note=ADDR "outer") at recursion_shows_every_call.c:8
#4  ADDR in main () at recursion_shows_every_call.c:14
> backtrace full
#0  fact (n=1, note=ADDR "inner") at recursion_shows_every_call.c:5
        below = 0
#1  ADDR in fact (n=2, note=ADDR "inner") at recursion_shows_every_call.c:8
        below = 0
#2  ADDR in fact (n=3, note=ADDR "inner") at recursion_shows_every_call.c:8
        below = 0
#3  ADDR in fact (n=4, note=ADDR "outer") at recursion_shows_every_call.c:8
        below = 0
#4  ADDR in main () at recursion_shows_every_call.c:14
        result = 0
*/
