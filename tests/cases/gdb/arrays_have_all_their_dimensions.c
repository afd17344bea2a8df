// Arrays: of several dimensions, of structures, of strings, pointers to arrays, and slices through `@`.

struct pair { int key; char name[6]; };
static const char *names[3] = { "zero", "one", "two" };
extern int tail[];

int main(void)
{
    int grid[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } };
    short cube[2][1][2] = { { { 1, 2 } }, { { 3, 4 } } };
    struct pair pairs[2] = { { 1, "one" }, { 2, "two" } };
    char text[] = "hello";
    int numbers[4] = { 10, 20, 30, 40 }, (*row)[3] = &grid[1];
    grid[0][0] = tail[1];
    return cube[1][0][1] + pairs[0].key + text[0] + numbers[0] + (*row)[0] + names[0][0] == 0;
}

int tail[] = { 7, 8, 9 };

/* gdb
> break 14
Breakpoint 1 at ADDR: file arrays_have_all_their_dimensions.c, line 14.
> run

Breakpoint 1, main () at arrays_have_all_their_dimensions.c:14
14	    grid[0][0] = tail[1];
> print grid
$1 = {{1, 2, 3}, {4, 5, 6}}
> print grid[1]
$2 = {4, 5, 6}
> print grid[1][2]
$3 = 6
> print &grid
$4 = (int (*)[2][3]) ADDR
> ptype grid
type = int [2][3]
> whatis grid[0]
type = int [3]
> print cube
$5 = {{{1, 2}}, {{3, 4}}}
> ptype cube
type = short [2][1][2]
> print pairs
$6 = {{key = 1, name = "one\000\000"}, {key = 2, name = "two\000\000"}}
> print pairs[1].name
$7 = "two\000\000"
> print text
$8 = "hello"
> print sizeof(grid)
$9 = 24
> print names
$10 = {ADDR "zero", ADDR "one", ADDR "two"}
> print names[1]
$11 = ADDR "one"
> print row
$12 = (int (*)[3]) ADDR
> print *row
$13 = {4, 5, 6}
> whatis row
type = int (*)[3]
> ptype row
type = int (*)[3]
> print *numbers@3
$14 = {10, 20, 30}
> print tail
$15 = {7, 8, 9}
> ptype tail
type = int [3]
> print/x numbers
$16 = {0xa, 0x14, 0x1e, 0x28}
> set var grid[1][2] = 66
> next
15	    return cube[1][0][1] + pairs[0].key + text[0] + numbers[0] + (*row)[0] + names[0][0] == 0;
> print grid
$17 = {{8, 2, 3}, {4, 5, 66}}
*/
