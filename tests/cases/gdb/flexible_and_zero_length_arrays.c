// Flexible array members, zero-length arrays and empty structures.
#include <stdlib.h>

struct message {
  unsigned n;
  char text[];
};
struct old {
  int n;
  short items[0];
};
struct empty {};

int main(void) {
  struct message *m = malloc(sizeof *m + 6);
  struct old *o = malloc(sizeof *o + 4 * sizeof(short));
  struct empty e;
  m->n = 6;
  for (int i = 0; i < 6; i++)
    m->text[i] = "hello"[i];
  o->n = 4;
  for (int i = 0; i < 4; i++)
    o->items[i] = (short)(i * i);
  (void)e;
  free(m);
  free(o);
  return 0;
}

/* gdb
> break 25
Breakpoint 1 at ADDR: file flexible_and_zero_length_arrays.c, line 25.
> run

Breakpoint 1, main () at flexible_and_zero_length_arrays.c:25
25	  free(m);
> print *m
$1 = {n = 6, text = ADDR "hello"}
> ptype struct message
type = struct message {
    unsigned int n;
    char text[];
}
> print m->text[1]@3
$2 = "ell"
> print *o
$3 = {n = 4, items = ADDR}
> ptype o
type = struct old {
    int n;
    short items[0];
} *
> print o->items[1]@3
$4 = {1, 4, 9}
> print sizeof(*m)
$5 = 4
> print sizeof(e)
$6 = 0
> ptype e
type = struct empty {
    <no data fields>
}
> continue
[Inferior 1 (process PID) exited normally]
*/
