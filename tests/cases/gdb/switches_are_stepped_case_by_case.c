// Stepping through a switch: to the case chosen, through a fall-through, to default and out.

static int choose(int x)
{
    int r = 0;
    switch (x) {
    case 1:
        r = 10;
        break;
    case 2:
        r = 20;
    case 3:
        r += 3;
        break;
    case 100:
        r = 7;
        break;
    default:
        r = -1;
    }
    return r;
}

int main(void)
{
    int first = choose(1);
    int second = choose(2);
    int third = choose(100);
    int fourth = choose(9);
    return first + second + third + fourth == 0;
}

/* gdb
> break choose
Breakpoint 1 at ADDR: file switches_are_stepped_case_by_case.c, line 5.
> run

Breakpoint 1, choose (x=1) at switches_are_stepped_case_by_case.c:5
5	    int r = 0;
> step
6	    switch (x) {
> step
8	        r = 10;
> step
9	        break;
> continue

Breakpoint 1, choose (x=2) at switches_are_stepped_case_by_case.c:5
5	    int r = 0;
> step
6	    switch (x) {
> step
11	        r = 20;
> step
13	        r += 3;
> continue

Breakpoint 1, choose (x=100) at switches_are_stepped_case_by_case.c:5
5	    int r = 0;
> step
6	    switch (x) {
> step
16	        r = 7;
> step
17	        break;
> continue

Breakpoint 1, choose (x=9) at switches_are_stepped_case_by_case.c:5
5	    int r = 0;
> step
6	    switch (x) {
> step
19	        r = -1;
> step
21	    return r;
> step
22	}
> step
main () at switches_are_stepped_case_by_case.c:30
30	    return first + second + third + fourth == 0;
*/
