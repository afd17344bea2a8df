// Debug information of functions and lines only: breakpoints, steps and backtraces, no variables.
// flags: -g1
#include <stdio.h>

static int twice(int x) {
  int y = x + x;
  return y;
}

int quadruple(int x) {
  int z = twice(x);
  return twice(z);
}

int main(void) {
  int result = quadruple(10);
  printf("%d\n", result);
  return 0;
}

/* gdb
> break twice
Breakpoint 1 at ADDR: file lines_without_variables.c, line 6.
> run

Breakpoint 1, twice () at lines_without_variables.c:6
6	  int y = x + x;
> backtrace
#0  twice () at lines_without_variables.c:6
#1  ADDR in quadruple () at lines_without_variables.c:11
#2  ADDR in main () at lines_without_variables.c:16
> info line
Line 6 of "lines_without_variables.c" starts at address ADDR <twice+N> and ends at ADDR <twice+N>.
> next
7	  return y;
> next
8	}
> up
#1  ADDR in quadruple () at lines_without_variables.c:11
11	  int z = twice(x);
> info frame at
No symbol "at" in current context.
> print x
No symbol "x" in current context.
> continue

Breakpoint 1, twice () at lines_without_variables.c:6
6	  int y = x + x;
> finish
quadruple () at lines_without_variables.c:13
13	}
> info functions ^quad
All functions matching regular expression "^quad":

File lines_without_variables.c:
10:	void quadruple();
*/
