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
> break 7
Breakpoint 1 at ADDR: file until_leaves_a_loop.c, line 7.
> run

Breakpoint 1, main () at until_leaves_a_loop.c:7
7	    while (n < 5) {
> until
8	        sum += n;
> until
9	        n++;
> until
7	    while (n < 5) {
> until
11	    for (int i = 0; i < 3; i++)
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
