// Atomic and volatile objects print, and are set, like others.
#include <stdatomic.h>

_Atomic int counter = 3;
volatile unsigned status;
struct lock {
  atomic_flag held;
  _Atomic(long) waiters;
  const volatile int *port;
};

int main(void) {
  struct lock l = {ATOMIC_FLAG_INIT, 4, 0};
  volatile int spin = 2;
  atomic_fetch_add(&counter, 5);
  l.waiters++;
  status = 9;
  spin--;
  return counter + (int)l.waiters + (int)status + spin;
}

/* gdb
> break 16
Breakpoint 1 at ADDR: file atomic_and_volatile_variables.c, line 16.
> run

Breakpoint 1, main () at atomic_and_volatile_variables.c:16
16	  l.waiters++;
> print counter
$1 = 8
> next
17	  status = 9;
> print l.waiters
$2 = 5
> next
18	  spin--;
> print status
$3 = 9
> set var counter = 50
> set var spin = 11
> next
19	  return counter + (int)l.waiters + (int)status + spin;
> print spin
$4 = 10
> next
20	}
> whatis spin
type = volatile int
> whatis l.port
type = const volatile int *
> continue
[Inferior 1 (process PID) exited with code 0112]
*/
