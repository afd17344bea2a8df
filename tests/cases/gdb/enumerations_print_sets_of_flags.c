// Enumerations: flags, negative values, values that are no enumerator, packed ones and bit-fields of them.
enum color { RED, GREEN = 5, BLUE };
enum flag { READ = 1, WRITE = 2, RUN = 4 };
enum sign { MINUS = -1, NONE, PLUS };
enum __attribute__((packed)) small { TINY, LITTLE };

struct style {
  enum color front : 4;
  enum small size;
  enum flag mode;
};

int main(void) {
  enum color c = BLUE;
  enum flag f = READ | RUN;
  enum sign s = MINUS;
  struct style look = {GREEN, LITTLE, WRITE};
  c = (enum color)3;
  return c + f + s + look.mode;
}

/* gdb
> break 19
Breakpoint 1 at ADDR: file enumerations_print_sets_of_flags.c, line 19.
> run

Breakpoint 1, main () at enumerations_print_sets_of_flags.c:19
19	  return c + f + s + look.mode;
> print c
$1 = 3
> print f
$2 = (READ | RUN)
> print s
$3 = MINUS
> print look
$4 = {front = GREEN, size = LITTLE, mode = WRITE}
> next
20	}
> print c
$5 = 3
> print (enum flag)7
$6 = (READ | WRITE | RUN)
> print (enum flag)8
$7 = (unknown: 0x8)
> print sizeof(enum small)
$8 = 1
> ptype enum sign
type = enum sign {MINUS = -1, NONE, PLUS}
> set var look.front = RED
> print look.front
$9 = RED
> print BLUE
$10 = BLUE
> print f == (READ | RUN)
$11 = 1
> ptype look
type = struct style {
    enum color front : 4;
    enum small size;
    enum flag mode;
}
*/
