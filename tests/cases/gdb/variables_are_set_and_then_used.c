// A variable that a debugger sets is the one that the program goes on with: of every storage, at every place.
#include <stdio.h>

static int file_level = 1;
_Thread_local int of_thread = 2;
int exported[3] = {1, 2, 3};

struct point {
  short x, y;
  double weight;
};

static double sum(int param, struct point by_value, struct point *by_address) {
  static long calls = 10;
  register int kept = param + 1;
  double result = kept + by_value.x + by_address->y + by_address->weight;
  result += file_level + of_thread + exported[1] + calls;
  return result;
}

int main(void) {
  struct point a = {1, 2, 3.0};
  float factor = 0.5f;
  unsigned char byte = 7;
  _Bool flag = 0;
  char *text = "before";
  double r = sum(5, a, &a);
  r *= factor;
  r += byte;
  if (flag)
    printf("%s\n", text);
  printf("%.1f\n", r);
  return 0;
}

/* gdb
> break sum
Breakpoint 1 at ADDR: file variables_are_set_and_then_used.c, line 15.
> run

Breakpoint 1, sum (param=5, by_value=..., by_address=ADDR) at variables_are_set_and_then_used.c:15
15	  register int kept = param + 1;
> set var param = 100
> next
16	  double result = kept + by_value.x + by_address->y + by_address->weight;
> set var kept = 1000
> set var by_value.x = 2000
> set var by_address->y = 3000
> set var by_address->weight = 0.25
> set var calls = 40000
> set var file_level = 50000
> set var of_thread = 600000
> set var exported[1] = 7000000
> next
17	  result += file_level + of_thread + exported[1] + calls;
> print result
$1 = 6000.25
> next
18	  return result;
> print result
$2 = 7696000.25
> set var result = result + 0.125
> finish
main () at variables_are_set_and_then_used.c:27
27	  double r = sum(5, a, &a);
Value returned is $3 = 7696000.375
> set var factor = 2
> set var byte = 255
> set var flag = 1
> next
28	  r *= factor;
> next
29	  r += byte;
> next
30	  if (flag)
> print r
$4 = 15392255.75
> next
31	    printf("%s\n", text);
> continue
before
15392255.8
[Inferior 1 (process PID) exited normally]
*/
