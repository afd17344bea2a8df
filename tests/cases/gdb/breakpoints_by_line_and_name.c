// Breakpoints stand behind the prologue, by function name and by line; a temporary one is gone after its stop.

static int add(int a, int b)
{
    int sum = a + b;
    return sum;
}

int main(void)
{
    int total = 0;
    for (int i = 0; i < 2; i++) {
        total += add(i, 10);
        total *= 2;
    }
    return total;
}

/* gdb
> break add
Breakpoint 1 at ADDR: file breakpoints_by_line_and_name.c, line 5.
> break 14
Breakpoint 2 at ADDR: file breakpoints_by_line_and_name.c, line 14.
> tbreak main
Temporary breakpoint 3 at ADDR: file breakpoints_by_line_and_name.c, line 11.
> info breakpoints
Num     Type           Disp Enb Address            What
1       breakpoint     keep y   ADDR in add at breakpoints_by_line_and_name.c:5
2       breakpoint     keep y   ADDR in main at breakpoints_by_line_and_name.c:14
3       breakpoint     del  y   ADDR in main at breakpoints_by_line_and_name.c:11
> run

Temporary breakpoint 3, main () at breakpoints_by_line_and_name.c:11
11	    int total = 0;
> continue

Breakpoint 1, add (a=0, b=10) at breakpoints_by_line_and_name.c:5
5	    int sum = a + b;
> bt
#0  add (a=0, b=10) at breakpoints_by_line_and_name.c:5
#1  ADDR in main () at breakpoints_by_line_and_name.c:13
> continue

Breakpoint 2, main () at breakpoints_by_line_and_name.c:14
14	        total *= 2;
> continue

Breakpoint 1, add (a=1, b=10) at breakpoints_by_line_and_name.c:5
5	    int sum = a + b;
*/
