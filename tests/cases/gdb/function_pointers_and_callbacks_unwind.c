// Unwinding through calls by pointer, and through the C library's sort to its caller.

#include <stdlib.h>

static int increment(int x)
{
    return x + 1;
}

static int apply_twice(int (*f)(int), int x)
{
    int once = f(x);
    return f(once);
}

static int compare(const void *a, const void *b)
{
    int left = *(const int *)a;
    int right = *(const int *)b;
    return left - right;
}

int main(void)
{
    int numbers[2] = { 3, 1 };
    int n = apply_twice(increment, 5);
    qsort(numbers, 2, sizeof numbers[0], compare);
    return n + numbers[0] == 0;
}

/* gdb
> break compare
Breakpoint 1 at ADDR: file function_pointers_and_callbacks_unwind.c, line 18.
> break apply_twice
Breakpoint 2 at ADDR: file function_pointers_and_callbacks_unwind.c, line 12.
> break increment
Breakpoint 3 at ADDR: file function_pointers_and_callbacks_unwind.c, line 7.
> run

Breakpoint 2, apply_twice (f=ADDR <increment>, x=5) at function_pointers_and_callbacks_unwind.c:12
12	    int once = f(x);
> bt
#0  apply_twice (f=ADDR <increment>, x=5) at function_pointers_and_callbacks_unwind.c:12
#1  ADDR in main () at function_pointers_and_callbacks_unwind.c:26
> continue

Breakpoint 3, increment (x=5) at function_pointers_and_callbacks_unwind.c:7
7	    return x + 1;
> bt
#0  increment (x=5) at function_pointers_and_callbacks_unwind.c:7
#1  ADDR in apply_twice (f=ADDR <increment>, x=5) at function_pointers_and_callbacks_unwind.c:12
#2  ADDR in main () at function_pointers_and_callbacks_unwind.c:26
> delete 3
> continue

Breakpoint 1, compare (a=ADDR, b=ADDR) at function_pointers_and_callbacks_unwind.c:18
18	    int left = *(const int *)a;
> bt
#0  compare (a=ADDR, b=ADDR) at function_pointers_and_callbacks_unwind.c:18
#_ (library)
#_  ADDR in main () at function_pointers_and_callbacks_unwind.c:27
> frame function main
#_  ADDR in main () at function_pointers_and_callbacks_unwind.c:27
27	    qsort(numbers, 2, sizeof numbers[0], compare);
> info locals
numbers = {3, 1}
n = 7
*/
