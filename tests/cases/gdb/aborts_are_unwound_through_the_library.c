// The backtrace of abort, and of a callback that the library calls, leads through the library to the program.

#include <stdlib.h>

struct item { int key; };

static int compare(const void *left, const void *right)
{
    const struct item *a = left, *b = right;
    if (a->key == 3 || b->key == 3)
        abort();
    return a->key - b->key;
}

static void sort(struct item *items, size_t n)
{
    qsort(items, n, sizeof *items, compare);
}

int main(void)
{
    struct item items[4] = { { 9 }, { 7 }, { 3 }, { 1 } };
    sort(items, sizeof items / sizeof *items);
    return items[0].key;
}

/* gdb
> break compare
Breakpoint 1 at ADDR: file aborts_are_unwound_through_the_library.c, line 9.
> run

Breakpoint 1, compare (left=ADDR, right=ADDR) at aborts_are_unwound_through_the_library.c:9
9	    const struct item *a = left, *b = right;
> bt
#0  compare (left=ADDR, right=ADDR) at aborts_are_unwound_through_the_library.c:9
#_ (library)
#_  ADDR in sort (items=ADDR, n=4) at aborts_are_unwound_through_the_library.c:17
#_  ADDR in main () at aborts_are_unwound_through_the_library.c:23
> info args
left = ADDR
right = ADDR
> print *(struct item *)left
$1 = {key = 9}
> delete
> continue

Program received signal SIGABRT, Aborted.
(library)
> bt
#_ (library)
#_  ADDR in compare (left=ADDR, right=ADDR) at aborts_are_unwound_through_the_library.c:11
#_ (library)
#_  ADDR in sort (items=ADDR, n=4) at aborts_are_unwound_through_the_library.c:17
#_  ADDR in main () at aborts_are_unwound_through_the_library.c:23
> frame function compare
#_  ADDR in compare (left=ADDR, right=ADDR) at aborts_are_unwound_through_the_library.c:11
11	        abort();
> info locals
a = ADDR
b = ADDR
> print *a
$2 = {key = 3}
> print b->key
$3 = 1
> frame function sort
#_  ADDR in sort (items=ADDR, n=4) at aborts_are_unwound_through_the_library.c:17
17	    qsort(items, n, sizeof *items, compare);
> print items[0]@n
$4 = {{key = 7}, {key = 9}, {key = 3}, {key = 1}}
> print *items@4
$5 = {{key = 7}, {key = 9}, {key = 3}, {key = 1}}
*/
