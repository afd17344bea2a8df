// `up` and `down` find the variables of every frame, also those that a callee's saved registers hold.

static int inner(int x)
{
    int local = x + 1;
    int more = local * 2;
    for (int i = 0; i < 3; i++)
        more += i + local;
    return more;
}

static int middle(int x, int y)
{
    int local = x * y;
    int keep = 0;
    for (int i = 0; i < 3; i++)
        keep += i * local + x;
    keep += inner(local);
    return keep + local + x + y;
}

static int outer(int z)
{
    int local = z + 5;
    int result = 0;
    for (int i = 0; i < 3; i++)
        result += i + local;
    result += middle(local, result);
    return result + local;
}

int main(void)
{
    int answer = outer(2);
    return answer == 0;
}

/* gdb
> break 9
Breakpoint 1 at ADDR: file up_and_down_show_variables_of_callers.c, line 9.
> run

Breakpoint 1, inner (x=168) at up_and_down_show_variables_of_callers.c:9
9	    return more;
> bt
#0  inner (x=168) at up_and_down_show_variables_of_callers.c:9
#1  ADDR in middle (x=7, y=24) at up_and_down_show_variables_of_callers.c:18
#2  ADDR in outer (z=2) at up_and_down_show_variables_of_callers.c:28
#3  ADDR in main () at up_and_down_show_variables_of_callers.c:34
> info locals
local = 169
more = 848
> up
#1  ADDR in middle (x=7, y=24) at up_and_down_show_variables_of_callers.c:18
18	    keep += inner(local);
> info locals
local = 168
keep = 525
> info args
x = 7
y = 24
> up
#2  ADDR in outer (z=2) at up_and_down_show_variables_of_callers.c:28
28	    result += middle(local, result);
> info locals
local = 7
result = 24
> info args
z = 2
> up
#3  ADDR in main () at up_and_down_show_variables_of_callers.c:34
34	    int answer = outer(2);
> info locals
answer = 0
> down
#2  ADDR in outer (z=2) at up_and_down_show_variables_of_callers.c:28
28	    result += middle(local, result);
> frame 0
#0  inner (x=168) at up_and_down_show_variables_of_callers.c:9
9	    return more;
> print x
$1 = 168
> frame function outer
#2  ADDR in outer (z=2) at up_and_down_show_variables_of_callers.c:28
28	    result += middle(local, result);
> print local
$2 = 7
*/
