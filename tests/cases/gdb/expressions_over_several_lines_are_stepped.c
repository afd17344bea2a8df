// Calls, conditions and initialisers that span lines are stepped as gcc's are.

static int twice(int x)
{
    return 2 * x;
}

static int add3(int a, int b, int c)
{
    return a + b + c;
}

int main(void)
{
    int list[3] = {
        1,
        2,
        3,
    };
    int sum = add3(
        list[0],
        list[1],
        list[2]);
    if (sum > 0
        && list[0] == 1
        && twice(sum) == 12)
        sum++;
    else
        sum--;
    sum = add3(twice(1),
               twice(2),
               add3(1, 2, 3));
    do
        sum -= 10;
    while (sum > 0);
    for (int i = 0;
         i < 2;
         i++)
        sum += i;
    return sum > 5;
}

/* gdb
> break main
Breakpoint 1 at ADDR: file expressions_over_several_lines_are_stepped.c, line 15.
> break 25
Breakpoint 2 at ADDR: file expressions_over_several_lines_are_stepped.c, line 25.
> run

Breakpoint 1, main () at expressions_over_several_lines_are_stepped.c:15
15	    int list[3] = {
> next
20	    int sum = add3(
> next
24	    if (sum > 0
> next

Breakpoint 2, main () at expressions_over_several_lines_are_stepped.c:25
25	        && list[0] == 1
> next
26	        && twice(sum) == 12)
> next
27	        sum++;
> next
30	    sum = add3(twice(1),
> next
34	        sum -= 10;
> next
35	    while (sum > 0);
> next
34	        sum -= 10;
> next
35	    while (sum > 0);
> next
36	    for (int i = 0;
> next
37	         i < 2;
> next
39	        sum += i;
> next
38	         i++)
> next
37	         i < 2;
> next
39	        sum += i;
> next
38	         i++)
> next
37	         i < 2;
> next
40	    return sum > 5;
> next
41	}
> print sum
$1 = -7
*/
