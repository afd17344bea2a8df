// Breakpoints are ignored, disabled, counted, made temporary and moved to the next line that has code.

static int level;

static void note(int n)
{
    level += n;
}

int main(void)
{
    for (int i = 0; i < 6; i++) {

        note(i);
        if (i == 4)
            break;
    }
    level = -level;
    goto out;

out:
    return level == 0;
}

/* gdb
> tbreak breakpoints_count_and_are_managed.c:7
Temporary breakpoint 1 at ADDR: file breakpoints_count_and_are_managed.c, line 7.
> run

Temporary breakpoint 1, note (n=0) at breakpoints_count_and_are_managed.c:7
7	    level += n;
> info breakpoints
No breakpoints or watchpoints.
> up
#1  ADDR in main () at breakpoints_count_and_are_managed.c:14
14	        note(i);
> print i
$1 = 0
> break note if n > 1
Breakpoint 2 at ADDR: file breakpoints_count_and_are_managed.c, line 7.
> break 14
Breakpoint 3 at ADDR: file breakpoints_count_and_are_managed.c, line 14.
> ignore 3 1
> continue

Breakpoint 3, main () at breakpoints_count_and_are_managed.c:14
14	        note(i);
> continue

Breakpoint 2, note (n=2) at breakpoints_count_and_are_managed.c:7
7	    level += n;
> print i
No symbol "i" in current context.
> info breakpoints
Num     Type           Disp Enb Address            What
2       breakpoint     keep y   ADDR in note at breakpoints_count_and_are_managed.c:7
	stop only if n > 1
	breakpoint already hit 1 time
3       breakpoint     keep y   ADDR in main at breakpoints_count_and_are_managed.c:14
	breakpoint already hit 2 times
> continue

Breakpoint 3, main () at breakpoints_count_and_are_managed.c:14
14	        note(i);
> bt
#0  main () at breakpoints_count_and_are_managed.c:14
> disable 2
> continue

Breakpoint 3, main () at breakpoints_count_and_are_managed.c:14
14	        note(i);
> print i
$2 = 4
> delete 3
> tbreak 16
Temporary breakpoint 4 at ADDR: file breakpoints_count_and_are_managed.c, line 16.
> continue

Temporary breakpoint 4, main () at breakpoints_count_and_are_managed.c:16
16	            break;
> print i
$3 = 4
> advance 19
main () at breakpoints_count_and_are_managed.c:19
19	    goto out;
> next
22	    return level == 0;
> next
23	}
> info breakpoints
Num     Type           Disp Enb Address            What
2       breakpoint     keep n   ADDR in note at breakpoints_count_and_are_managed.c:7
	stop only if n > 1
	breakpoint already hit 1 time
> clear breakpoints_count_and_are_managed.c:7
> info breakpoints
No breakpoints or watchpoints.
*/
