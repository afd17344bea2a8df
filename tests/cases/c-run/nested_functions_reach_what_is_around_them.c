#include <stdio.h>
static int apply(int (*f)(int), int x) { return f(x); }
static int captured(int n) {
  int total = 0, list[3] = {1, 2, 3};
  void add(int k) {
    total += k * n;
    list[k % 3]++;
  }
  for (int i = 0; i < 4; i++) {
    add(i);
  }
  return total * 100 + list[0] * 10 + list[1];
}
static int within(int x) {
  int y = 1;
  int outer(int a) {
    int z = a + y;
    int inner(int b) {
      if (b == 0) {
        return z;
      }
      y++;
      return inner(b - 1) + x;
    }
    return inner(a) + y;
  }
  return outer(3) * 100 + y;
}
static int closures(int k) {
  int calls = 0;
  int mul(int x) {
    calls++;
    return x * k;
  }
  int twice(int x) { return apply(mul, x) * 2; }
  return apply(twice, 5) * 10 + calls;
}
static int lengths(int n) {
  int m[n][n + 1];
  n = 100;
  int width(void) { return sizeof m[0] / sizeof m[0][0]; }
  int fill(void) {
    int t = 0;
    for (int i = 0; i < 3; i++) {
      m[i][width() - 1] = i;
      t += m[i][width() - 1];
    }
    return t;
  }
  return fill() * 10 + width();
}
int main(void) {
  printf("%d\n", captured(3));
  printf("%d\n", within(2));
  printf("%d\n", closures(7));
  printf("%d\n", lengths(3));
  return 0;
}
// output:
// 1833
// 1404
// 701
// 34
