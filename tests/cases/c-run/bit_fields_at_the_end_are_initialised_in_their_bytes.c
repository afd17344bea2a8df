// The type of a packed bit-field may reach beyond the structure: an initialiser writes nothing there.
#include <stdio.h>
struct packed { char c; int n : 17; unsigned m : 9; } __attribute__((packed));
static struct packed table[2] = { { 'a', -1, 511 }, { 'b', 1, 256 } };
static struct packed last = { 'c', -3, 257 };
int main(void) {
  struct { char before[8]; struct packed in; char after[8]; } s = { "before", { 'd', 5 }, "behind" };
  struct packed range[3] = { [0 ... 2] = { 'e', -7, 300 } };
  char guard[8] = "guard";
  struct packed h = { 'p', -3, 257 };
  printf("%d %d\n", (int)sizeof table, (int)sizeof last);
  printf("%c %d %d %c %d %d\n", table[0].c, table[0].n, table[0].m, table[1].c, table[1].n, table[1].m);
  printf("%c %d %d %c %d %d\n", last.c, last.n, last.m, h.c, h.n, h.m);
  printf("%s %c %d %d %s\n", s.before, s.in.c, s.in.n, s.in.m, s.after);
  printf("%c %d %d %s\n", range[2].c, range[2].n, range[2].m, guard);
  return 0;
}
// output:
// 10 5
// a -1 511 b 1 256
// c -3 257 p -3 257
// before d 5 0 behind
// e -7 300 guard
