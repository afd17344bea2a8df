// The variable of a for loop is known in the loop and not behind it; two loops have two of one name.

static int f(int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += i;
    for (long i = 7, j = 1; i < 9; i++, j *= 2)
        sum += (int)(i * j);
    int tail = 2;
    while (tail) {
        int inner = tail * 3;
        sum += inner;
        tail--;
    }
    return sum;
}

int main(void)
{
    return f(3) == 0;
}

/* gdb
> break 8
Breakpoint 1 at ADDR: file loop_variables_live_in_their_loop.c, line 8.
> run

Breakpoint 1, f (n=3) at loop_variables_live_in_their_loop.c:8
8	    for (long i = 7, j = 1; i < 9; i++, j *= 2)
> info locals
i = 0
j = 0
sum = 3
tail = 0
> print i
$1 = 0
> continue
[Inferior 1 (process PID) exited normally]
> info locals
No frame selected.
> delete
> break 9
Breakpoint 2 at ADDR: file loop_variables_live_in_their_loop.c, line 9.
> continue
The program is not being run.
> info locals
No frame selected.
> print i
No symbol "i" in current context.
> next
The program is not being run.
> info locals
No frame selected.
> break 14
Breakpoint 3 at ADDR: file loop_variables_live_in_their_loop.c, line 14.
> continue
The program is not being run.
> info locals
No frame selected.
> next
The program is not being run.
> info locals
No frame selected.
*/
