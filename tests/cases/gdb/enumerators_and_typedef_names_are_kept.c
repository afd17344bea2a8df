// Enumerations print names, flags as sums, and types keep the names that the program gave them.

enum color { RED, GREEN = 5, BLUE };
typedef enum { ONE = 1, TWO = 2, FOUR = 4 } flag_type;
enum flag { LOW = 1, HIGH = 4 };
enum negative { MINUS = -1, ZERO };
typedef unsigned long count_type;
typedef struct list { struct list *rest; count_type count; } list_type, *list_pointer;
typedef int (*callback_type)(list_pointer, const char *);
typedef char name_type[8];

int main(void)
{
    enum color color = BLUE, next_color = RED;
    flag_type flags = ONE | FOUR;
    count_type count = 12;
    list_type item = { 0, 3 };
    list_pointer list = &item;
    callback_type callback = 0;
    enum negative negative = MINUS;
    name_type name = "typed"; enum { BIG = 0x7fffffff } big = BIG;
    next_color = color;
    return (int)(next_color + flags + count + list->count) + (callback != 0) + name[0] + big + negative + HIGH == 0;
}

/* gdb
> break 21
Breakpoint 1 at ADDR: file enumerators_and_typedef_names_are_kept.c, line 21.
> run

Breakpoint 1, main () at enumerators_and_typedef_names_are_kept.c:21
21	    name_type name = "typed"; enum { BIG = ADDR } big = BIG;
> print color
$1 = BLUE
> print next_color
$2 = RED
> ptype color
type = enum color {RED, GREEN = 5, BLUE}
> whatis next_color
type = enum color
> ptype next_color
type = enum color {RED, GREEN = 5, BLUE}
> print flags
$3 = (ONE | FOUR)
> print (enum flag)5
$4 = (LOW | HIGH)
> print/d color
$5 = 6
> print BLUE
$6 = BLUE
> whatis count
type = count_type
> ptype count
type = unsigned long
> whatis list
type = list_pointer
> ptype list
type = struct list {
    struct list *rest;
    count_type count;
} *
> whatis *list
type = struct list
> whatis callback
type = callback_type
> ptype callback
type = int (*)(list_pointer, const char *)
> ptype struct list
type = struct list {
    struct list *rest;
    count_type count;
}
> ptype list_type
type = struct list {
    struct list *rest;
    count_type count;
}
> whatis name
type = name_type
> print big
$7 = 0
> set var color = GREEN
> next
22	    next_color = color;
> print next_color
$8 = RED
> whatis (unsigned char)1
type = unsigned char
> info line 21
Line 21 of "enumerators_and_typedef_names_are_kept.c" starts at address ADDR <main+N> and ends at ADDR <main+N>.
> print negative
$9 = MINUS
> ptype negative
type = enum negative {MINUS = -1, ZERO}
*/
