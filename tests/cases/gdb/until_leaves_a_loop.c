// `until` does not go backwards in a loop; with a line it runs there; `advance` likewise.

int main(void)
{
    int sum = 0;
    int n = 0;
    while (n < 5) {
        sum += n;
        n++;
    }
    for (int i = 0; i < 3; i++)
        sum += i;
    sum++;
    n = sum;
    return n > 0;
}

/* gdb
> tbreak 9
Temporary breakpoint 1 at ADDR: file until_leaves_a_loop.c, line 9.
> run

Temporary breakpoint 1, main () at until_leaves_a_loop.c:9
9	        n++;
> info locals
sum = 0
n = 0
> until 11
main () at until_leaves_a_loop.c:11
11	    for (int i = 0; i < 3; i++)
> print sum
$1 = 10
> until 13
main () at until_leaves_a_loop.c:13
13	    sum++;
> info locals
sum = 13
n = 5
> advance 15
main () at until_leaves_a_loop.c:15
15	    return n > 0;
> info locals
sum = 14
n = 14
*/
