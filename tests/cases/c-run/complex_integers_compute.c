#include <stdio.h>
static _Complex short g = 3 + 4i;
static _Complex int mul(_Complex int a, _Complex int b) { return a * b; }
static void show(_Complex int z) { printf("%d %d\n", __real__ z, __imag__ z); }
int main(void) {
  _Complex int a = 3 - 4i, b = mul(a, 1 + 2i);
  show(b);
  show(b / (2 + 1i));
  show(-b + ~a);
  g *= 2;
  g++;
  show(g);
  printf("%d %d\n", a == 3 - 4i, a != b);
  return 0;
}
// output:
// 11 2
// 5 1
// -8 2
// 7 8
// 1 1
