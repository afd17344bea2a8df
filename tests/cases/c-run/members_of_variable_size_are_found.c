#include <stdio.h>
static int f(int n) {
  struct s {
    char c;
    int a[n];
    short b;
    double d;
    char e[n + 1];
  } v, w, t[2];
  n += 50;
  v.c = 1;
  for (int i = 0; i < 3; i++) {
    v.a[i] = i * i;
  }
  v.b = 7;
  v.d = 2.5;
  v.e[0] = 'x';
  w = v;
  t[1] = w;
  printf("%d %d %d\n", (int)sizeof v, (int)__builtin_offsetof(struct s, d), (int)__builtin_offsetof(struct s, e));
  return t[1].a[2] + t[1].b + (int)(t[1].d * 2) + t[1].e[0];
}
int main(void) {
  printf("%d\n", f(3));
  printf("%d\n", f(6));
  return 0;
}
// output:
// 40 24 32
// 136
// 48 32 40
// 136
