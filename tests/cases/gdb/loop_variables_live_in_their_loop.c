// The variable of a for loop is known in the loop and not behind it; two loops have two of one name.

static int f(int n)
{
    int sum = 0, tail = 2;
    for (int i = 0; i < n; i++)
        sum += i;
    for (long i = 7, j = 1; i < 9; i++, j *= 2)
        sum += (int)(i * j);
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
> tbreak 7
Temporary breakpoint 1 at ADDR: file loop_variables_live_in_their_loop.c, line 7.
> run

Temporary breakpoint 1, f (n=3) at loop_variables_live_in_their_loop.c:7
7	        sum += i;
> info locals
i = 0
sum = 0
tail = 2
> print i
$1 = 0
> next
6	    for (int i = 0; i < n; i++)
> next
7	        sum += i;
> info locals
i = 1
sum = 0
tail = 2
> tbreak 9
Temporary breakpoint 2 at ADDR: file loop_variables_live_in_their_loop.c, line 9.
> continue

Temporary breakpoint 2, f (n=3) at loop_variables_live_in_their_loop.c:9
9	        sum += (int)(i * j);
> info locals
i = 7
j = 1
sum = 3
tail = 2
> tbreak 12
Temporary breakpoint 3 at ADDR: file loop_variables_live_in_their_loop.c, line 12.
> continue

Temporary breakpoint 3, f (n=3) at loop_variables_live_in_their_loop.c:12
12	        sum += inner;
> info locals
inner = 6
sum = 26
tail = 2
> next
13	        tail--;
> next
10	    while (tail) {
> info locals
sum = 32
tail = 1
*/
