#include <stdio.h>
static inline int unused(int x) { extern int nowhere(int); return nowhere(x); }
static inline int leaf(int x) { static int count = 10; return x + count++; }
static inline int middle(int x) { return leaf(x) * 2; }
static int later(int);
extern inline int both(int x) { return x + 1; }
int (*pointer)(int) = middle;
static int tentative;
static int tentative = 4;
int shared[];
int shared[3];
extern int later_defined;
static int odd(unsigned n);
static int even(unsigned n) { return n == 0 ? 1 : odd(n - 1); }
static int odd(unsigned n) { return n == 0 ? 0 : even(n - 1); }
int old(a, b, c, f) char a; short b; float f; { return a + b + c + (int)f; }
int main(void) {
  int declared_here(int);
  printf("%d ", pointer(1));
  printf("%d ", pointer(2));
  printf("%d %d\n", later(3), both(4));
  shared[2] = 7;
  printf("%d %d %d %d\n", tentative, shared[2], later_defined, declared_here(2));
  printf("%d %d %d\n", even(10), odd(7), old(300, 2, 3, 4.5));
}
static int later(int x) { return leaf(x) + 100; }
int later_defined = 12;
int declared_here(int x) { return x * x; }
// output:
// 22 26 115 5
// 4 7 12 4
// 1 1 53
