// `return` leaves a function at once, and what is set is what the program goes on with.

static int choose(int x)
{
    int r = x * 10;
    for (int i = 0; i < 2; i++)
        r += i;
    return r;
}

int main(void)
{
    int first = choose(1);
    int second = choose(2);
    int third = first + second;
    return third == 133;
}

/* gdb
> break choose
Breakpoint 1 at ADDR: file return_and_jump_change_the_way.c, line 5.
> run

Breakpoint 1, choose (x=1) at return_and_jump_change_the_way.c:5
5	    int r = x * 10;
> return 42
> next
14	    int second = choose(2);
> print first
$1 = 42
> continue

Breakpoint 1, choose (x=2) at return_and_jump_change_the_way.c:5
5	    int r = x * 10;
> set var x = 9
> next
6	    for (int i = 0; i < 2; i++)
> info args
x = 9
> finish
main () at return_and_jump_change_the_way.c:14
14	    int second = choose(2);
Value returned is $2 = 91
> next
15	    int third = first + second;
> next
16	    return third == 133;
> info locals
first = 42
second = 91
third = 133
*/
