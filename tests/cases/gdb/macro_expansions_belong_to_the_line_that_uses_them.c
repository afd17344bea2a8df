// Code of a macro, also of one over several lines, has the line of its use; arguments over lines have their own.

#define DOUBLE(x) ((x) * 2)
#define SWAP(a, b) \
    do {           \
        int t = a; \
        a = b;     \
        b = t;     \
    } while (0)
#define DECLARE(name, value) int name = (value)

static int sum(int a, int b)
{
    return a + b;
}

int main(void)
{
    DECLARE(first, 3);
    DECLARE(second, 4);
    first = DOUBLE(first);
    SWAP(first, second);
    second = DOUBLE(
        second);
    first = sum(first,
                second);
    return first == 0;
}

/* gdb
> break main
Breakpoint 1 at ADDR: file macro_expansions_belong_to_the_line_that_uses_them.c, line 19.
> run

Breakpoint 1, main () at macro_expansions_belong_to_the_line_that_uses_them.c:19
19	    DECLARE(first, 3);
> next
20	    DECLARE(second, 4);
> next
21	    first = DOUBLE(first);
> next
22	    SWAP(first, second);
> next
23	    second = DOUBLE(
> next
25	    first = sum(first,
> next
27	    return first == 0;
> info locals
first = 16
second = 12
> next
28	}
> step
[Inferior 1 (process PID) exited normally]
> step
The program is not being run.
> next
The program is not being run.
*/
