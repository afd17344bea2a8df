// Watchpoints on variables in memory, with a condition.

static int counter;
static struct { int other, member; } object;

static void count(int by)
{
    counter += by;
    object.other = counter;
}

int main(void)
{
    int i = 0;
    count(2);
    object.member = 3;
    count(5);
    object.member = 9;
    i = counter;
    return i == 0;
}

/* gdb
> break main
Breakpoint 1 at ADDR: file watchpoints_stop_where_a_variable_changes.c, line 14.
> run

Breakpoint 1, main () at watchpoints_stop_where_a_variable_changes.c:14
14	    int i = 0;
> next
15	    count(2);
> watch counter
Watchpoint 2: counter
> continue

Watchpoint 2: counter

Old value = 0
New value = 2
count (by=2) at watchpoints_stop_where_a_variable_changes.c:9
9	    object.other = counter;
> continue

Watchpoint 2: counter

Old value = 2
New value = 7
count (by=5) at watchpoints_stop_where_a_variable_changes.c:9
9	    object.other = counter;
> print counter
$1 = 7
> delete 2
> watch object.member if object.member > 5
Watchpoint 3: object.member
> continue

Watchpoint 3: object.member

Old value = 3
New value = 9
main () at watchpoints_stop_where_a_variable_changes.c:19
19	    i = counter;
> info watchpoints
Num     Type           Disp Enb Address            What
3       hw watchpoint  keep y                      object.member
	stop only if object.member > 5
	breakpoint already hit 1 time
> continue
[Inferior 1 (process PID) exited normally]
*/
