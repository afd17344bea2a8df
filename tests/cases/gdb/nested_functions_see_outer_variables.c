// Nested functions: found by name, their own variables and those of the function around them in the frame above.
static int apply(int (*f)(int), int x) {
  return f(x);
}

int main(void) {
  int base = 100, calls = 0;
  int add(int x) {
    int sum = base + x;
    calls++;
    return sum;
  }
  int r = add(1);
  r += apply(add, 2);
  return r == calls;
}

/* gdb
> break 10
Breakpoint 1 at ADDR: file nested_functions_see_outer_variables.c, line 10.
> run

Breakpoint 1, add (x=1) at nested_functions_see_outer_variables.c:10
10	    calls++;
> info args
x = 1
> next
11	    return sum;
> next
12	  }
> print sum
$1 = 101
> up
#1  ADDR in main () at nested_functions_see_outer_variables.c:13
13	  int r = add(1);
> print calls
$2 = 1
> print base
$3 = 100
> continue

Breakpoint 1, add (x=2) at nested_functions_see_outer_variables.c:10
10	    calls++;
> print x
$4 = 2
> backtrace
#0  add (x=2) at nested_functions_see_outer_variables.c:10
#1  ADDR in apply (f=ADDR, x=2) at nested_functions_see_outer_variables.c:3
#2  ADDR in main () at nested_functions_see_outer_variables.c:14
> continue
[Inferior 1 (process PID) exited normally]
*/
