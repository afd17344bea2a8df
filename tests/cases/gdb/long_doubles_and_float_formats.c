// Floating-point numbers of every size, in several formats, and set.
static long double scale(long double x, float f) {
  long double scaled = x * f;
  return scaled;
}

int main(void) {
  float f = 0.1f;
  double d = 1e300;
  long double l = 1.0L / 3;
  double zero = 0.0, infinite = 1 / zero, none = zero / zero;
  long double s = scale(l, f);
  return s > 1 || d < 0 || infinite < 0 || none > 0;
}

/* gdb
> break scale
Breakpoint 1 at ADDR: file long_doubles_and_float_formats.c, line 3.
> run

Breakpoint 1, scale (x=0.333333333333333333342, f=0.100000001) at long_doubles_and_float_formats.c:3
3	  long double scaled = x * f;
> print x
$1 = 0.333333333333333333342
> print f
$2 = 0.100000001
> print/x f
$3 = 0x3dcccccd
> next
4	  return scaled;
> set var scaled = 2.5
> finish
main () at long_doubles_and_float_formats.c:12
12	  long double s = scale(l, f);
Value returned is $4 = 2.5
> next
13	  return s > 1 || d < 0 || infinite < 0 || none > 0;
> print s
$5 = 2.5
> print d
$6 = 1.0000000000000001e+300
> print -infinite
$7 = -inf
> print none
$8 = -nan(ADDR)
> print l * 3
$9 = 1
> ptype l
type = long double
> info locals
f = 0.100000001
d = 1.0000000000000001e+300
l = 0.333333333333333333342
zero = 0
infinite = inf
none = -nan(ADDR)
s = 2.5
*/
