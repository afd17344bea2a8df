// A static inline function of a header: breakpoints by name and by the header's line, stepping, source.
#include "include/inline.h"

int main(void)
{
    struct range range = { 0, 10 };
    int low = clamp(range, -5);
    int high = clamp(range, 50);
    return low + high == 0;
}

/* gdb
> break clamp
Breakpoint 1 at ADDR: file include/inline.h, line 6.
> break inline.h:9
Breakpoint 2 at ADDR: file include/inline.h, line 9.
> run

Breakpoint 1, clamp (range=..., x=-5) at include/inline.h:6
6	    int result = x;
> bt
#0  clamp (range=..., x=-5) at include/inline.h:6
#1  ADDR in main () at functions_of_headers_are_found_in_their_file.c:7
> info args
range = {low = 0, high = 10}
x = -5
> next
7	    if (x < range.low)
> next
8	        result = range.low;
> next

Breakpoint 2, clamp (range=..., x=-5) at include/inline.h:9
9	    if (x > range.high)
> continue

Breakpoint 1, clamp (range=..., x=50) at include/inline.h:6
6	    int result = x;
> info locals
result = 0
> finish

Breakpoint 2, clamp (range=..., x=50) at include/inline.h:9
9	    if (x > range.high)
> list clamp
1	// A function that every unit has of its own.
2	struct range { int low, high; };
3
4	static inline int clamp(struct range range, int x)
5	{
6	    int result = x;
7	    if (x < range.low)
8	        result = range.low;
9	    if (x > range.high)
10	        result = range.high;
*/
