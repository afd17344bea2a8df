// Character arrays and pointers: set, searched, given to functions from the debugger.
#include <string.h>

static int count(const char *text, char wanted) {
  int n = 0;
  while (*text)
    n += *text++ == wanted;
  return n;
}

int main(void) {
  char buffer[16] = "banana";
  const char *fixed = "mississippi";
  char (*whole)[16] = &buffer;
  int n = count(buffer, 'a') + count(fixed, 's');
  return n != 7 || (*whole)[0] != 'b';
}

/* gdb
> break 16
Breakpoint 1 at ADDR: file strings_are_set_and_called_with.c, line 16.
> run

Breakpoint 1, main () at strings_are_set_and_called_with.c:16
16	  return n != 7 || (*whole)[0] != 'b';
> print buffer
$1 = "banana\000\000\000\000\000\000\000\000\000"
> print fixed
$2 = ADDR "mississippi"
> print *whole
$3 = "banana\000\000\000\000\000\000\000\000\000"
> print n
$4 = 7
> print count(buffer, 'n')
$5 = 2
> print count(fixed, 105)
$6 = 4
> set var buffer[0] = 'c'
> print buffer
$7 = "canana\000\000\000\000\000\000\000\000\000"
> print count
$8 = {int (const char *, char)} ADDR <count>
> print *fixed@4
$9 = "miss"
> print/c buffer[1]
$10 = 97 'a'
> print/d buffer
$11 = {99, 97, 110, 97, 110, 97, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
> x/s fixed+4
ADDR:	"issippi"
> set var *whole = "aaa"
> print (int)strlen(buffer)
$12 = 3
> whatis whole
type = char (*)[16]
> print &buffer[2]
$13 = ADDR "a"
*/
