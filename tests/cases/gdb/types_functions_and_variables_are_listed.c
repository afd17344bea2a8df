// `info functions`, `info variables`, `info types`, `ptype` and `whatis` know what the program declares.

#include <stddef.h>

typedef struct node node;
typedef int (*visitor)(const node *, void *);
typedef unsigned char byte_t;
typedef int matrix_t[2][3];
enum colour { RED, GREEN = 5, BLUE };
struct node { node *left, *right; int key; enum colour colour; };
struct flags { unsigned a : 1; int b : 5; unsigned long c : 40; byte_t rest[]; };
union number { int i; double d; };

static matrix_t grid;
volatile int ready;
static node root;
static const char *const banner = "tree";
_Thread_local int depth;
extern const int limit;
const int limit = 3;

static int count(const node *n, void *data)
{
    *(int *)data += n->key;
    return 0;
}

static int walk(const node *n, visitor visit, void *data)
{
    if (n == NULL)
        return 0;
    return visit(n, data) + walk(n->left, visit, data) + walk(n->right, visit, data);
}

int main(int argc, char **argv)
{
    union number number = { argc };
    struct flags flags = { 1, -3, 99 };
    int result = walk(&root, count, &number.i);
    depth = flags.b;
    ready = BLUE + grid[1][2] + banner[0] + argv[0][0];
    return result;
}

/* gdb
> info functions -q -n .

File types_functions_and_variables_are_listed.c:
35:	int main(int, char **);
22:	static int count(const node *, void *);
28:	static int walk(const node *, visitor, void *);
> info variables -q -n .

File types_functions_and_variables_are_listed.c:
18:	int depth;
20:	const int limit;
15:	volatile int ready;
17:	static const char * const banner;
14:	static matrix_t grid;
16:	static node root;
> info types -q node

File types_functions_and_variables_are_listed.c:
5:	typedef struct node node;
> info types -q _t$

File types_functions_and_variables_are_listed.c:
7:	typedef unsigned char byte_t;
8:	typedef int [2][3] matrix_t;
> info types -q enum
> info types -q flags|number|visitor
> ptype node
type = struct node {
    node *left;
    node *right;
    int key;
    enum colour colour;
}
> ptype visitor
type = int (*)(const node *, void *)
> ptype matrix_t
type = int [2][3]
> ptype enum colour
type = enum colour {RED, GREEN = 5, BLUE}
> ptype struct flags
type = struct flags {
    unsigned int a : 1;
    int b : 5;
    unsigned long c : 40;
    byte_t rest[];
}
> ptype/o struct flags
/ * offset      |    size * /  type = struct flags {
/ *      0: 0   |       4 * /    unsigned int a : 1;
/ *      0: 1   |       4 * /    int b : 5;
/ *      0: 6   |       8 * /    unsigned long c : 40;
/ * XXX  2-bit hole       * /
/ *      6      |       0 * /    byte_t rest[];
/ * XXX  2-byte padding   * /

                               / * total size (bytes):    8 * /
                             }
> ptype/o node
type = struct node {
/ *      0      |       8 * /    node *left;
/ *      8      |       8 * /    node *right;
/ *     16      |       4 * /    int key;
/ *     20      |       4 * /    enum colour colour;

                               / * total size (bytes):   24 * /
                             }
> ptype union number
type = union number {
    int i;
    double d;
}
> ptype main
type = int (int, char **)
> ptype walk
type = int (const node *, visitor, void *)
> whatis walk
type = int (const node *, visitor, void *)
> whatis grid
type = matrix_t
> whatis &grid
type = matrix_t *
> whatis grid[0]
type = int [3]
> ptype grid
type = int [2][3]
> whatis banner
type = const char * const
> whatis ready
type = volatile int
> whatis root.left
type = node *
> whatis *root.left
type = node
> whatis root.colour
type = enum colour
> whatis limit
type = const int
> whatis sizeof(int)
type = int
> whatis (char)1
type = char
> whatis 1 ? &root : 0
type = node *
> print RED
$1 = RED
> print (enum colour)5
$2 = GREEN
> print (enum colour)4
$3 = 4
> print/d BLUE
$4 = 6
> print sizeof(struct flags)
$5 = 8
> print &((node *)0)->key
$6 = (int *) 0x10
> print (int)sizeof(node)
$7 = 24
> info scope walk
Scope for walk:
Symbol n is somewhere, length 8.
Symbol visit is somewhere, length 8.
Symbol data is somewhere, length 8.
> info scope main
Scope for main:
Symbol argc is somewhere, length 4.
Symbol argv is somewhere, length 8.
Symbol number is somewhere, length 8.
Symbol flags is somewhere, length 8.
Symbol result is somewhere, length 4.
> list walk
24	    *(int *)data += n->key;
25	    return 0;
26	}
27
28	static int walk(const node *n, visitor visit, void *data)
29	{
30	    if (n == NULL)
31	        return 0;
32	    return visit(n, data) + walk(n->left, visit, data) + walk(n->right, visit, data);
33	}
> info line count
Line 23 of "types_functions_and_variables_are_listed.c" starts at address ADDR <count> and ends at ADDR <count+N>.
> break walk
Breakpoint 1 at ADDR: file types_functions_and_variables_are_listed.c, line 30.
> run

Breakpoint 1, walk (n=ADDR <root>, visit=ADDR <count>, data=ADDR) at types_functions_and_variables_are_listed.c:30
30	    if (n == NULL)
> info args
n = ADDR <root>
visit = ADDR <count>
data = ADDR
> whatis visit
type = visitor
> print *visit
$8 = {int (const node *, void *)} ADDR <count>
> print *n
$9 = {left = 0x0, right = 0x0, key = 0, colour = RED}
> up
#1  ADDR in main (argc=1, argv=ADDR) at types_functions_and_variables_are_listed.c:39
39	    int result = walk(&root, count, &number.i);
> print flags
$10 = {a = 1, b = -3, c = 99, rest = ADDR ""}
> print number
$11 = {i = 1, d = 4.9406564584124654e-324}
> print argc
$12 = 1
*/
