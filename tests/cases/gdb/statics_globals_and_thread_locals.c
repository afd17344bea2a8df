// Variables with static storage: global, of the file, of a function, thread-local, zeroed, read and set.

int global = 1;
static int hidden = 2;
extern int shared;
_Thread_local int per_thread = 4;
static long zeroed[3];
int shared = 3;

static int count(void)
{
    static int calls = 0;
    static _Thread_local int mine = 6;
    calls += mine;
    per_thread += calls;
    return calls;
}

int main(void)
{
    int first = count();
    int second = count();
    return first + second + hidden + global + shared + (int)zeroed[0] + per_thread == 0;
}

/* gdb
> break count
Breakpoint 1 at ADDR: file statics_globals_and_thread_locals.c, line 14.
> run

Breakpoint 1, count () at statics_globals_and_thread_locals.c:14
14	    calls += mine;
> print calls
$1 = 0
> info locals
calls = 0
mine = 6
> print global
$2 = 1
> print hidden
$3 = 2
> print shared
$4 = 3
> print per_thread
$5 = 4
> print 'statics_globals_and_thread_locals.c'::hidden
$6 = 2
> print count::calls
$7 = 0
> set var calls = 40
> set var per_thread = 8
> next
15	    per_thread += calls;
> next
16	    return calls;
> print calls
$8 = 46
> print per_thread
$9 = 54
> print zeroed
$10 = {0, 0, 0}
> print &zeroed[1] - &zeroed[0]
$11 = 1
> whatis per_thread
type = int
> up
#1  ADDR in main () at statics_globals_and_thread_locals.c:21
21	    int first = count();
> info locals
first = 0
second = 0
> continue

Breakpoint 1, count () at statics_globals_and_thread_locals.c:14
14	    calls += mine;
> print calls
$12 = 46
*/
