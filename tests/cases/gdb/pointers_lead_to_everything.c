// Pointers: to scalars, pointers, strings, structures, functions and void; calls through gdb.

struct point { int x, y; };
static int add(int a, int b) { return a + b; }
static int sub(int a, int b) { return a - b; }
typedef void (*handler_type)(int, void *);

int main(void)
{
    int number = 5;
    int *pi = &number;
    int **ppi = &pi;
    const char *text = "string";
    struct point here = { 1, 2 };
    struct point *point = &here;
    int (*operation)(int, int) = add;
    int (*operations[2])(int, int) = { add, sub };
    void *anything = &number;
    int *nothing = 0;
    handler_type handler = 0;
    unsigned char raw[2] = { 200, 100 };
    unsigned char *bytes = raw;

    number += operation(1, 2) + operations[1](3, 4);
    return number + text[0] + point->x + (anything == nothing) + (handler != 0) + bytes[0] == 0;
}

/* gdb
> break 24
Breakpoint 1 at ADDR: file pointers_lead_to_everything.c, line 24.
> run

Breakpoint 1, main () at pointers_lead_to_everything.c:24
24	    number += operation(1, 2) + operations[1](3, 4);
> print pi
$1 = (int *) ADDR
> print *pi
$2 = 5
> print *ppi
$3 = (int *) ADDR
> print **ppi
$4 = 5
> print text
$5 = ADDR "string"
> print *text
$6 = 115 's'
> print text[1]
$7 = 116 't'
> print *point
$8 = {x = 1, y = 2}
> print point->x
$9 = 1
> print operation
$10 = (int (*)(int, int)) ADDR <add>
> print operation(4, 5)
$11 = 9
> print *operation
$12 = {int (int, int)} ADDR <add>
> print operations
$13 = {ADDR <add>, ADDR <sub>}
> ptype operation
type = int (*)(int, int)
> whatis operations
type = int (*[2])(int, int)
> ptype operations
type = int (*[2])(int, int)
> print anything
$14 = (void *) ADDR
> print *(int *)anything
$15 = 5
> print nothing
$16 = (int *) 0x0
> whatis nothing
type = int *
> ptype handler
type = void (*)(int, void *)
> print text + 1
$17 = ADDR "tring"
> print &point->y
$18 = (int *) ADDR
> print *bytes@2
$19 = "\310d"
> set var *pi = 17
> next
25	    return number + text[0] + point->x + (anything == nothing) + (handler != 0) + bytes[0] == 0;
> print number
$20 = 19
> continue
[Inferior 1 (process PID) exited normally]
*/
