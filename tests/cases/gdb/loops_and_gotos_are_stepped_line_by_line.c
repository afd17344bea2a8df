// Stepping through goto, do, break and continue.

int main(void)
{
    int n = 0;
    int sum = 0;
    goto test;
again:
    sum += n;
    n++;
test:
    if (n < 2)
        goto again;
    do {
        n--;
        if (n == 1)
            continue;
        sum++;
    } while (n > 0);
    for (;;) {
        if (++n > 2)
            break;
    }
    return sum;
}

/* gdb
> break 7
Breakpoint 1 at ADDR: file loops_and_gotos_are_stepped_line_by_line.c, line 7.
> run

Breakpoint 1, main () at loops_and_gotos_are_stepped_line_by_line.c:7
7	    goto test;
> next
12	    if (n < 2)
> next
13	        goto again;
> next
9	    sum += n;
> next
10	    n++;
> next
12	    if (n < 2)
> next
13	        goto again;
> next
9	    sum += n;
> next
10	    n++;
> next
12	    if (n < 2)
> next
15	        n--;
> next
16	        if (n == 1)
> next
17	            continue;
> next
19	    } while (n > 0);
> next
15	        n--;
> next
16	        if (n == 1)
> next
18	        sum++;
> next
19	    } while (n > 0);
> next
21	        if (++n > 2)
> next
22	            break;
> next
24	    return sum;
> next
25	}
> next
__libc_start_call_main (main=main@entry=ADDR <main>, argc=argc@entry=1, argv=argv@entry=ADDR) at ../sysdeps/nptl/libc_start_call_main.h:74
74	../sysdeps/nptl/libc_start_call_main.h: No such file or directory.
> next
[Inferior 1 (process PID) exited with code 02]
> next
The program is not being run.
> info locals
No frame selected.
*/
