#include <stdio.h>
double _Complex sum = 1.5 + 2.5i;
double _Complex real = 1.5;
float _Complex single = 2 - 3.0if;
long double _Complex wide = -(1.25L + 1.0iL);
double part = __imag__ (1.5 + 2.5i);
static double _Complex all[3] = {1, 2.0i, (1 + 2.0i) * (2 - 1.0i)};
struct { char c; double _Complex z; } inside = {'a', 3 + 4.0i};
long double _Complex back(long double _Complex z) { return z; }
static void show(double _Complex z) { printf("%g %g\n", __real__ z, __imag__ z); }
int main(void) {
  show(sum);
  show(real);
  show(single);
  show(wide);
  printf("%g\n", part);
  for (int i = 0; i < 3; i++)
    show(all[i]);
  show(inside.z);
  static long double _Complex z = 1 + 2.0iL;
  z = z * back(z);
  show(z);
  show(back(z) / (2.0iL));
  return 0;
}
// output:
// 1.5 2.5
// 1.5 0
// 2 -3
// -1.25 -1
// 2.5
// 1 0
// 0 2
// 4 3
// 3 4
// -3 4
// 2 1.5
