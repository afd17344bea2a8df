#include <stdio.h>
_Atomic double d;
_Atomic float f;
int array[10];
int *_Atomic p;
_Atomic _Bool b;
_Atomic long l;
_Atomic unsigned char byte;
int main(void) {
  d = 2;
  d += 2.5;
  d *= 2;
  double was = d++, is = ++d;
  printf("%g %g %g\n", was, is, d--);
  printf("%g\n", d);
  f = 1;
  f /= 4;
  f -= 1;
  --f;
  printf("%g\n", f);
  p = array;
  p += 3;
  p -= 1;
  p++;
  printf("%d\n", (int)(p - array));
  b = 1;
  b--;
  printf("%d ", b);
  printf("%d ", b++);
  printf("%d ", b);
  b += 3;
  b &= 2;
  printf("%d\n", b);
  l = 5;
  l <<= 3;
  printf("%ld\n", l ^= 1);
  byte = 250;
  printf("%d\n", byte += 10);
  long double wide = (d = 3.5, d);
  printf("%Lg\n", wide);
  return 0;
}
// output:
// 9 11 11
// 10
// -1.75
// 3
// 0 0 1 0
// 41
// 4
// 3.5
