// Conditions on variables, displays that follow them, ignore counts.

static int work(int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++) {
        sum += i;
    }
    return sum;
}

int main(void)
{
    int result = work(6);
    return result == 0;
}

/* gdb
> break 7 if i == 3
Breakpoint 1 at ADDR: file conditional_breakpoints_and_displays_work.c, line 7.
> run

Breakpoint 1, work (n=6) at conditional_breakpoints_and_displays_work.c:7
7	        sum += i;
> info locals
i = 3
sum = 3
> display i * 2
> display/x sum
> next
6	    for (int i = 0; i < n; i++) {
1: i * 2 = 6
2: /x sum = 0x6
> next
7	        sum += i;
1: i * 2 = 8
2: /x sum = 0x6
> tbreak 9
Temporary breakpoint 2 at ADDR: file conditional_breakpoints_and_displays_work.c, line 9.
> ignore 1 1
> condition 1 i == 5
> continue

Temporary breakpoint 2, work (n=6) at conditional_breakpoints_and_displays_work.c:9
9	    return sum;
2: /x sum = 0xf
> info display
Auto-display expressions now in effect:
Num Enb Expression
1:   y  i * 2 (cannot be evaluated in the current context)
2:   y  /x sum
> undisplay 1
> next
10	}
2: /x sum = 0xf
*/
