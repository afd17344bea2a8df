// A watchpoint on a local variable follows it, wherever it lives.

static int work(int n)
{
    int local = 1, *address = &n;
    local += n;
    n += local;
    local += 9;
    n++;
    return local + *address;
}

int main(void)
{
    int result = work(4);
    return result == 0;
}

/* gdb
> break work
Breakpoint 1 at ADDR: file watchpoints_follow_a_local_variable.c, line 5.
> run

Breakpoint 1, work (n=4) at watchpoints_follow_a_local_variable.c:5
5	    int local = 1, *address = &n;
> next
6	    local += n;
> watch local
Watchpoint 2: local
> continue

Watchpoint 2: local

Old value = 1
New value = 5
work (n=4) at watchpoints_follow_a_local_variable.c:7
7	    n += local;
> continue

Watchpoint 2: local

Old value = 5
New value = 14
work (n=9) at watchpoints_follow_a_local_variable.c:9
9	    n++;
> delete 2
> watch n
Watchpoint 3: n
> continue

Watchpoint 3: n

Old value = 9
New value = 10
work (n=10) at watchpoints_follow_a_local_variable.c:10
10	    return local + *address;
> info locals
local = 14
address = ADDR
*/
