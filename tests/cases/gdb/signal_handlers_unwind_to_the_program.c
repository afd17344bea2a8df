// A signal handler's backtrace reaches the interrupted function; a fault stops at its line.

#include <signal.h>

static volatile sig_atomic_t seen;

static void handler(int number)
{
    seen = number;
}

static int divide(int a, int *b)
{
    return a / *b;
}

int main(void)
{
    int before = 5;
    signal(SIGUSR1, handler);
    raise(SIGUSR1);
    before += seen;
    return divide(before, 0);
}

/* gdb
> handle SIGUSR1 nostop noprint pass
> break handler
Breakpoint 1 at ADDR: file signal_handlers_unwind_to_the_program.c, line 9.
> run

Breakpoint 1, handler (number=10) at signal_handlers_unwind_to_the_program.c:9
9	    seen = number;
> bt
#0  handler (number=10) at signal_handlers_unwind_to_the_program.c:9
#1  <signal handler called>
#_ (library)
#_  ADDR in main () at signal_handlers_unwind_to_the_program.c:21
> info args
number = 10
> finish
<signal handler called>
> frame function main
#_  ADDR in main () at signal_handlers_unwind_to_the_program.c:21
21	    raise(SIGUSR1);
> info locals
before = 5
> delete
> continue

Program received signal SIGSEGV, Segmentation fault.
divide (a=15, b=0x0) at signal_handlers_unwind_to_the_program.c:14
14	    return a / *b;
> bt
#_  divide (a=15, b=0x0) at signal_handlers_unwind_to_the_program.c:14
#_  ADDR in main () at signal_handlers_unwind_to_the_program.c:23
> info args
a = 15
b = 0x0
*/
