// GNU vectors as variables, arguments and members.
typedef int v4si __attribute__((vector_size(16)));
typedef float v4sf __attribute__((vector_size(16)));

struct box {
  v4sf low, high;
};

static v4si add(v4si a, v4si b) {
  v4si sum = a + b;
  return sum;
}

int main(void) {
  v4si one = {1, 2, 3, 4};
  v4si ten = {10, 20, 30, 40};
  struct box b = {{0.5f, 1.5f, 2.5f, 3.5f}, {4, 5, 6, 7}};
  v4si r = add(one, ten);
  b.low += b.high;
  return r[0] + (int)b.low[1];
}

/* gdb
> break add
Breakpoint 1 at ADDR: file vectors_print_and_are_set.c, line 10.
> run

Breakpoint 1, add (a=..., b=...) at vectors_print_and_are_set.c:10
10	  v4si sum = a + b;
> print a
$1 = {1, 2, 3, 4}
> print b
$2 = {10, 20, 30, 40}
> next
11	  return sum;
> print sum
$3 = {11, 22, 33, 44}
> set var sum[2] = 77
> up
#1  ADDR in main () at vectors_print_and_are_set.c:18
18	  v4si r = add(one, ten);
> print b
$4 = {low = {0.5, 1.5, 2.5, 3.5}, high = {4, 5, 6, 7}}
> print ten
$5 = {10, 20, 30, 40}
> ptype one
type = int __attribute__ ((vector_size(4)))
> whatis b.low
type = v4sf
> down
#0  add (a=..., b=...) at vectors_print_and_are_set.c:11
11	  return sum;
> break 19
Breakpoint 2 at ADDR: file vectors_print_and_are_set.c, line 19.
> continue

Breakpoint 2, main () at vectors_print_and_are_set.c:19
19	  b.low += b.high;
> next
20	  return r[0] + (int)b.low[1];
> print r
$6 = {11, 22, 77, 44}
*/
