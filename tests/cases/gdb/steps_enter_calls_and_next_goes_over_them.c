// `step` enters functions with debug information, `next` goes over calls, and neither stops inside a line.

static int square(int x)
{
    int y = x * x;
    return y;
}

static int
twice(int x)
{
    return square(x)
        + square(x);
}

int main(void)
{
    int a = 3;
    int b = square(a);
    int c = twice(b) + square(2);
    a = b + c;
    return a & 1;
}

/* gdb
> break main
Breakpoint 1 at ADDR: file steps_enter_calls_and_next_goes_over_them.c, line 18.
> run

Breakpoint 1, main () at steps_enter_calls_and_next_goes_over_them.c:18
18	    int a = 3;
> next
19	    int b = square(a);
> step
square (x=3) at steps_enter_calls_and_next_goes_over_them.c:5
5	    int y = x * x;
> step
6	    return y;
> step
7	}
> next
main () at steps_enter_calls_and_next_goes_over_them.c:20
20	    int c = twice(b) + square(2);
> next
21	    a = b + c;
> next
22	    return a & 1;
> step
23	}
> step
__libc_start_call_main (main=main@entry=ADDR <main>, argc=argc@entry=1, argv=argv@entry=ADDR) at ../sysdeps/nptl/libc_start_call_main.h:74
74	../sysdeps/nptl/libc_start_call_main.h: No such file or directory.
> info locals
result = 1
unwind_buf = {cancel_jmp_buf = {{jmp_buf = {140737488348920, 5625370675164820859, 0, 140737488348936, 93824992247304, 140737354125344, -5625370675364809349, -5625352809540012677}, mask_was_saved = 0}}, priv = {pad = {0x0, 0x0, ADDR, ADDR}, data = {prev = 0x0, cleanup = 0x0, canceltype = -6408}}}
not_first_call = <optimized out>
> next
[Inferior 1 (process PID) exited with code 01]
*/
