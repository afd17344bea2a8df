// Thread-local storage: at file level, static, initialised and not, and within a function.
#include <pthread.h>

_Thread_local int plain;
static _Thread_local long set = 77;
_Thread_local struct { int a; char b[4]; } record = {5, "abc"};

static void *work(void *arg) {
  static _Thread_local int calls = 100;
  plain = *(int *)arg;
  set += plain;
  calls++;
  record.a *= 2;
  return arg;
}

int main(void) {
  int one = 1;
  pthread_t thread;
  work(&one);
  pthread_create(&thread, 0, work, &one);
  pthread_join(thread, 0);
  return plain != 1;
}

/* gdb
> break 14
Breakpoint 1 at ADDR: file thread_locals_of_functions_and_files.c, line 14.
> run

Breakpoint 1, work (arg=ADDR) at thread_locals_of_functions_and_files.c:14
14	  return arg;
> print plain
$1 = 1
> print set
$2 = 78
> print calls
$3 = 101
> print record
$4 = {a = 10, b = "abc"}
> ptype record
type = struct {
    int a;
    char b[4];
}
> set var set = 1
> next
15	}
> print record.a
$5 = 10
> continue

Thread 2 "program" hit Breakpoint 1, work (arg=ADDR) at thread_locals_of_functions_and_files.c:14
14	  return arg;
> print plain
$6 = 1
> print set
$7 = 78
> print calls
$8 = 101
> print record
$9 = {a = 10, b = "abc"}
> continue
[Inferior 1 (process PID) exited normally]
*/
