// const, volatile and restrict stand where the program put them.

static const int limit = 10;
static const short table[2] = { 1, 2 };
struct holder { const char *name; char *const place; volatile int count; const volatile unsigned both; };

static int copy(const char *text, int *restrict restricted, const int parameter)
{
    char *const fixed = 0;
    volatile int device = parameter;
    const volatile long both = 3;
    struct holder holder = { text, 0, 2, 1 };
    *restricted = device + (int)both + limit + table[0];
    return *restricted + (fixed != 0) + holder.count;
}

int main(void)
{
    int result = 0;
    copy("text", &result, 4);
    return result == 0;
}

/* gdb
> break 13
Breakpoint 1 at ADDR: file qualifiers_show_in_types.c, line 13.
> run

Breakpoint 1, copy (text=ADDR "text", restricted=ADDR, parameter=4) at qualifiers_show_in_types.c:13
13	    *restricted = device + (int)both + limit + table[0];
> ptype limit
type = const int
> whatis text
type = const char *
> whatis fixed
type = char * const
> whatis both
type = const volatile long
> whatis device
type = volatile int
> whatis parameter
type = const int
> whatis restricted
type = int * restrict
> ptype struct holder
type = struct holder {
    const char *name;
    char * const place;
    volatile int count;
    const volatile unsigned int both;
}
> whatis holder
type = struct holder
> print limit
$1 = 10
> print holder
$2 = {name = ADDR "text", place = 0x0, count = 2, both = 1}
> whatis table
type = const short [2]
> print table
$3 = {1, 2}
> whatis &limit
type = const int *
> whatis copy
type = int (const char *, int * restrict, const int)
> ptype copy
type = int (const char *, int * restrict, const int)
*/
