// Static locals of one name in several functions and blocks are told apart.
static int first(void) {
  static int count = 10;
  return ++count;
}

static int second(int deep) {
  static int count = 20;
  if (deep) {
    static int count = 30;
    count += 5;
    return count;
  }
  return ++count;
}

int main(void) {
  int r = first() + second(0) + second(1);
  return r == 0;
}

/* gdb
> break first
Breakpoint 1 at ADDR: file static_locals_of_the_same_name.c, line 4.
> run

Breakpoint 1, first () at static_locals_of_the_same_name.c:4
4	  return ++count;
> print count
$1 = 10
> print second::count
$2 = 20
> break 12
Breakpoint 2 at ADDR: file static_locals_of_the_same_name.c, line 12.
> continue

Breakpoint 2, second (deep=1) at static_locals_of_the_same_name.c:12
12	    return count;
> print count
$3 = 35
> print first::count
$4 = 11
> set var first::count = 99
> print second::count
$5 = 21
> print first::count
$6 = 99
> up
#1  ADDR in main () at static_locals_of_the_same_name.c:18
18	  int r = first() + second(0) + second(1);
> finish
"finish" not meaningful in the outermost frame.
*/
