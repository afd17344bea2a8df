// Threads have their own stacks and thread-local variables; each can be looked at.
// flags: -pthread

#include <pthread.h>

struct job { int first, last; long sum; };
static __thread int progress;
static long total;

static void *work(void *argument)
{
    struct job *job = argument;
    for (int i = job->first; i <= job->last; i++) {
        job->sum += i;
        progress++;
    }
    total += job->sum;
    return job;
}

int main(void)
{
    pthread_t thread;
    struct job job = { 1, 4, 0 };
    progress = 100;
    pthread_create(&thread, 0, work, &job);
    pthread_join(thread, 0);
    return total != 10;
}

/* gdb
> break work
Breakpoint 1 at ADDR: file threads_show_their_own_variables.c, line 12.
> run

Thread 2 "program" hit Breakpoint 1, work (argument=ADDR) at threads_show_their_own_variables.c:12
12	    struct job *job = argument;
> bt
#0  work (argument=ADDR) at threads_show_their_own_variables.c:12
#_ (library)
> info args
argument = ADDR
> next
13	    for (int i = job->first; i <= job->last; i++) {
> print *job
$1 = {first = 1, last = 4, sum = 0}
> print progress
$2 = 0
> thread
[Current thread is 2 (Thread ADDR (LWP PID))]
> break 17
Breakpoint 2 at ADDR: file threads_show_their_own_variables.c, line 17.
> continue

Thread 2 "program" hit Breakpoint 2, work (argument=ADDR) at threads_show_their_own_variables.c:17
17	    total += job->sum;
> print *job
$3 = {first = 1, last = 4, sum = 10}
> print progress
$4 = 4
> thread apply 1 -q print progress
$5 = 100
> thread apply 1 -q print main::job
$6 = {first = 1, last = 4, sum = 10}
> thread apply all -q print total
$7 = 0
$8 = 0
> thread
[Current thread is 2 (Thread ADDR (LWP PID))]
> delete
> continue
[Inferior 1 (process PID) exited normally]
*/
