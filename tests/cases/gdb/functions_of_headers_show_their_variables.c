// A static inline function that stands in a header, with a static local of its own: breakpoint by name and by the header's line.
#include "include/counted.h"

int main(void) {
  int total = 0;
  for (int i = 1; i <= 3; i++)
    total += counted(i * 10);
  return total == 0;
}

/* gdb
> break counted
Breakpoint 1 at ADDR: file include/counted.h, line 4.
> run

Breakpoint 1, counted (value=10) at include/counted.h:4
4	  int scaled = value * 2;
> backtrace
#0  counted (value=10) at include/counted.h:4
#1  ADDR in main () at functions_of_headers_show_their_variables.c:7
> info args
value = 10
> next
5	  calls++;
> next
6	  if (scaled < 0)
> info locals
calls = 1
scaled = 20
> print counted::calls
$1 = 1
> set var scaled = 1000
> finish
main () at functions_of_headers_show_their_variables.c:7
7	    total += counted(i * 10);
Value returned is $2 = 1001
> next
6	  for (int i = 1; i <= 3; i++)
> print total
$3 = 1001
> delete
> break counted.h:8
Breakpoint 2 at ADDR: file include/counted.h, line 8.
> continue

Breakpoint 2, counted (value=20) at include/counted.h:8
8	  return scaled + calls;
> print calls
$4 = 2
> print scaled
$5 = 40
> info line
Line 8 of "include/counted.h" starts at address ADDR <counted+N> and ends at ADDR <counted+N>.
> continue

Breakpoint 2, counted (value=30) at include/counted.h:8
8	  return scaled + calls;
*/
