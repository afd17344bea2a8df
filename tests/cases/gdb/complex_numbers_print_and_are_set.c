// Complex numbers of every size: as variables, members, arguments and results.
#include <complex.h>

struct wave {
  double _Complex amplitude;
  float _Complex phases[2];
};

double _Complex turn(double _Complex z, struct wave *w) {
  double _Complex rotated = z * 1.0i;
  w->amplitude += rotated;
  return rotated;
}

int main(void) {
  float _Complex f = 1.5f + 2.5if;
  double _Complex d = 3.0 - 4.0i;
  long double _Complex l = 0.25L + 8.0Li;
  struct wave w = {1.0 + 1.0i, {f, -f}};
  double _Complex r = turn(d, &w);
  return __real__ r > 100.0 || __imag__ f > 100.0f || __real__ l > 100.0L;
}

/* gdb
> break turn
Breakpoint 1 at ADDR: file complex_numbers_print_and_are_set.c, line 10.
> run

Breakpoint 1, turn (z=3 + -4i, w=ADDR) at complex_numbers_print_and_are_set.c:10
10	  double _Complex rotated = z * 1.0i;
> print z
$1 = 3 + -4i
> print *w
$2 = {amplitude = 1 + 1i, phases = {1.5 + 2.5i, -1.5 + -2.5i}}
> ptype w
type = struct wave {
    complex double amplitude;
    complex float phases[2];
} *
> next
11	  w->amplitude += rotated;
> next
12	  return rotated;
> print rotated
$3 = 4 + 3i
> print w->amplitude
$4 = 5 + 4i
> finish
main () at complex_numbers_print_and_are_set.c:20
20	  double _Complex r = turn(d, &w);
Value returned is $5 = 4 + 3i
> next
21	  return __real__ r > 100.0 || __imag__ f > 100.0f || __real__ l > 100.0L;
> info locals
f = 1.5 + 2.5i
d = 3 + -4i
l = 0.25 + 8i
w = {amplitude = 5 + 4i, phases = {1.5 + 2.5i, -1.5 + -2.5i}}
r = 4 + 3i
> ptype l
type = complex long double
> print sizeof(l)
$6 = 32
> continue
[Inferior 1 (process PID) exited normally]
*/
