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
> next
7	}
> step
main () at steps_enter_calls_and_next_goes_over_them.c:20
20	    int c = twice(b) + square(2);
> next
21	    a = b + c;
> step
22	    return a & 1;
> step
23	}
> next
(library)
> info locals
No symbol table info available.
*/
