#include <stdio.h>
typedef int v4si __attribute__((vector_size(16)));
typedef float v4sf __attribute__((vector_size(16)));
typedef short v8hi __attribute__((vector_size(16)));
typedef int v2si __attribute__((vector_size(8)));
static v4si scale(v4si a, v2si b) { return a * b[1] + 1; }
static void show(v4si v) { printf("%d %d %d %d\n", v[0], v[1], v[2], v[3]); }
int main(void) {
  v4si a = {1, -2, 3, 4}, b = {10, 20, 30, -40};
  int i = 2;
  show(a + b);
  show(b % 7);
  show(a < b);
  show(a >> 1);
  a[i] += 5;
  show(a++);
  show(scale(a, (v2si){9, 2}));
  show(__builtin_shuffle(a, b, (v4si){0, 4, 7, 9}));
  v4sf f = {1.5f, 2.5f, -3.5f, 4};
  show(__builtin_convertvector(f * 2, v4si));
  show(f > 2.0f);
  v8hi h = {1, 2, 3, -4};
  h = h * h - 1;
  printf("%d %d\n", h[3], h[7]);
  return 0;
}
// output:
// 11 18 33 -36
// 3 6 2 -5
// -1 -1 -1 0
// 0 -1 1 2
// 1 -2 8 4
// 5 -1 19 11
// 2 10 -40 -1
// 3 5 -7 8
// 0 -1 0 -1
// 15 -1
