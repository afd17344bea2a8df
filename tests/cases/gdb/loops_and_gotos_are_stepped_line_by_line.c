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
        n++;
        if (n > 2)
            break;
        sum++;
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
21	        n++;
> next
22	        if (n > 2)
> next
24	        sum++;
> next
21	        n++;
> next
22	        if (n > 2)
> next
24	        sum++;
> info locals
n = 2
sum = 3
*/
