// Variables that live in registers have their value at every line, and setting one changes what the program does.

static int sum_to(int n)
{
    int total = 0;
    int i = 0;
    int step = 1;
    while (i < n) {
        total += i * step;
        i += step;
    }
    return total;
}

int main(void)
{
    return sum_to(10);
}

/* gdb
> tbreak 8
Temporary breakpoint 1 at ADDR: file variables_in_registers_are_followed_and_set.c, line 8.
> run

Temporary breakpoint 1, sum_to (n=10) at variables_in_registers_are_followed_and_set.c:8
8	    while (i < n) {
> info locals
total = 0
i = 0
step = 1
> display total
> display i
> next
9	        total += i * step;
1: total = 0
2: i = 0
> next
10	        i += step;
1: total = 0
2: i = 0
> next
8	    while (i < n) {
1: total = 0
2: i = 1
> next
9	        total += i * step;
1: total = 0
2: i = 1
> set var i = 8
> set var total = 100
> next
10	        i += step;
1: total = 108
2: i = 8
> next
8	    while (i < n) {
1: total = 108
2: i = 9
> next
9	        total += i * step;
1: total = 108
2: i = 9
> next
10	        i += step;
1: total = 117
2: i = 9
> info locals
total = 117
i = 9
step = 1
> continue
[Inferior 1 (process PID) exited with code 0165]
*/
