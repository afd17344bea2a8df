// Where nothing is called, variables may live in registers that calls change: parameters where they arrive, floating-point ones,
// and those of scopes one after the other in the same register. Each is read and written at every line.
// flags: -lm
#include <stdio.h>

static double work(int n, double scale, const int *list, char tag)
{
    double sum = 0.5;
    int seen = 0;
    for (int i = 0; i < n; i++) {
        int twice = list[i] * 2;
        sum += twice * scale;
        seen++;
    }
    for (long k = 0; k < 3; k++) {
        float half = k * 0.5f;
        sum = sum - half;
    }
    {
        short last = (short)(tag - 'a');
        sum += last;
    }
    return sum * seen;
}

int main(void)
{
    int list[3] = { 4, 5, 6 };
    double result = work(3, 1.5, list, 'c');
    printf("%g\n", result);
    return 0;
}

/* gdb
> break work
Breakpoint 1 at ADDR: file variables_of_functions_without_calls_are_set.c, line 8.
> run

Breakpoint 1, work (n=3, scale=1.5, list=ADDR, tag=99 'c') at variables_of_functions_without_calls_are_set.c:8
8	    double sum = 0.5;
> print n
$1 = 3
> print scale
$2 = 1.5
> print *list@3
$3 = {4, 5, 6}
> print tag
$4 = 99 'c'
> set var scale = 2.5
> next
9	    int seen = 0;
> next
10	    for (int i = 0; i < n; i++) {
> next
11	        int twice = list[i] * 2;
> next
12	        sum += twice * scale;
> next
13	        seen++;
> print twice
$5 = 8
> print scale
$6 = 2.5
> set var twice = 100
> next
10	    for (int i = 0; i < n; i++) {
> print sum
$7 = 20.5
> set var sum = 1.25
> print i
$8 = 0
> set var i = 2
> info locals
i = 2
sum = 1.25
seen = 1
> next
15	    for (long k = 0; k < 3; k++) {
> print seen
$9 = 1
> set var seen = 10
> next
16	        float half = k * 0.5f;
> next
17	        sum = sum - half;
> next
15	    for (long k = 0; k < 3; k++) {
> next
16	        float half = k * 0.5f;
> print half
$10 = 0
> print k
$11 = 1
> set var k = 2
> set var half = 8
> next
17	        sum = sum - half;
> print sum
$12 = 1.25
> info locals
half = 1
k = 2
sum = 1.25
seen = 10
> tbreak 21
Temporary breakpoint 2 at ADDR: file variables_of_functions_without_calls_are_set.c, line 21.
> continue

Temporary breakpoint 2, work (n=3, scale=2.5, list=ADDR, tag=99 'c') at variables_of_functions_without_calls_are_set.c:21
21	        sum += last;
> print last
$13 = 2
> set var last = -7
> next
23	    return sum * seen;
> print sum
$14 = -6.75
> up
#1  ADDR in main () at variables_of_functions_without_calls_are_set.c:29
29	    double result = work(3, 1.5, list, 'c');
> print result
$15 = 0
> print list
$16 = {4, 5, 6}
> down
#0  work (n=3, scale=2.5, list=ADDR, tag=99 'c') at variables_of_functions_without_calls_are_set.c:23
23	    return sum * seen;
> finish
main () at variables_of_functions_without_calls_are_set.c:29
29	    double result = work(3, 1.5, list, 'c');
Value returned is $17 = -67.5
> next
30	    printf("%g\n", result);
> continue
-67.5
[Inferior 1 (process PID) exited normally]
*/
