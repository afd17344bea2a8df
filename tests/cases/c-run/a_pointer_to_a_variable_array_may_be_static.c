#include <stdio.h>
int whole[5] = {1, 2, 3, 4, 5};
static int f(int m) {
  static int fixed[3] = {1, 2, 3};
  static int (*q)[3] = &fixed;
  int x[m];
  x[m - 1] = m;
  static int (*z)[m];
  z = &x;
  static int (*r)[m] = &whole;
  return (int)sizeof *z + (*q)[1] + (*z)[m - 1] + (*r)[2];
}
int main(void) {
  printf("%d\n", f(5));
  printf("%d\n", f(5) + 1);
  return 0;
}
// output:
// 30
// 31
