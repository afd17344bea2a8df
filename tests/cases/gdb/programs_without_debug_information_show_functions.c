// no -g
// Without -g the frames are found through the unwind tables and named by the symbol table.

static int second(volatile int *p)
{
    return *p + 1;
}

static int first(int x)
{
    volatile int local = x;
    int result = second(&local);
    return result + local;
}

int main(void)
{
    return first(3) == 0;
}

/* gdb
> break second
Breakpoint 1 at ADDR
> run

Breakpoint 1, ADDR in second ()
> bt
#0  second ()
#1  ADDR in first ()
#2  ADDR in main ()
> up
#1  ADDR in first ()
> info locals
No symbol table info available.
> finish
main ()
*/
