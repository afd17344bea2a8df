#include <stdio.h>
static int f(int x) {
  switch (x) {
  case -5: return 1;
  case 0 ... 9: return 2;
  case 10: case 11: x += 100;
  case 12: return x;
  case 1000 ... 200000: return 3;
  default: return 4;
  case 2147483647: return 5;
  }
}
static int duff(int n) {
  int sum = 0, k = (n + 3) / 4;
  switch (n % 4) {
  case 0: do { sum += 1;
  case 3:      sum += 10;
  case 2:      sum += 100;
  case 1:      sum += 1000;
          } while (--k > 0);
  }
  return sum;
}
static int g(unsigned long long x) {
  switch (x) {
  case 0xffffffffffffffffULL: return 1;
  case 0x8000000000000000ULL: return 2;
  case 7: return 3;
  }
  return 0;
}
static int h(signed char c) { switch (c) { case 'a' ... 'z': return 1; case -1: return 2; default: break; } return 0; }
int main(void) {
  int xs[] = { -5, 0, 9, 10, 11, 12, 13, 999, 1000, 200000, 200001, 2147483647, -6 };
  for (unsigned i = 0; i < sizeof xs / sizeof *xs; i++) printf("%d ", f(xs[i]));
  printf("\n");
  for (int i = 1; i < 10; i++) printf("%d ", duff(i));
  printf("\n%d %d %d %d\n", g(-1ULL), g(1ULL << 63), g(7), g(8));
  printf("%d %d %d %d\n", h('a'), h('z'), h(-1), h('A'));
  for (int i = 0; i < 5; i++) {
    switch (i) { case 1: continue; case 3: break; default: printf("%d;", i); }
    if (i == 3) break;
  }
  switch (1) { int unused; printf("never"); case 1: unused = 4; printf("%d\n", unused); }
  if (0) { inside: printf("inside\n"); return 0; }
  goto inside;
}
// output:
// 1 2 2 110 111 12 4 4 3 3 4 5 4 
// 1000 1100 1110 1111 2111 2211 2221 2222 3222 
// 1 2 3 0
// 1 1 2 0
// 0;2;4
// inside
