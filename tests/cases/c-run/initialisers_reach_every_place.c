#include <stdio.h>
#include <string.h>
struct P { int x, y; };
struct Q { char name[8]; struct P p[3]; double d; const char *s; int *ip; };
static int target[4] = { 1, 2, 3, 4 };
static struct Q gq[] = { { "abc", { { 1, 2 }, [2] = { .y = 6 } }, 2.5, "lit", &target[2] }, [2] = { .d = 1, .ip = target + 1 } };
struct F { int n; short tail[]; };
static struct F flex = { 3, { 10, 20, 30 } };
static int (*table[])(const char *) = { puts, [3] = puts };
static const char text[] = "hello", *const words[] = { "one", "two", text };
static long off = (long)&((struct Q *)0)->d;
static char over[4] = { [0 ... 3] = 7, [1] = 9 };
static union { int i; float f; } un = { .f = 1.5f };
static void *self = &self;
static int *literal = (int[]){ 5, 6, 7 };
static struct P *lp = &(struct P){ 8, 9 };
static long double ld = 1.5L;
static int autos(int v) {
  int a[10] = { 1, v, [5] = v * 2 };
  struct Q q = { "wxyz", { { v, v + 1 }, { v + 2 } }, v / 2.0, words[1], &a[1] };
  struct Q zero = { 0 };
  char s1[] = "a longer string than sixteen bytes", s2[3] = "xyz", s3[20] = "short", s4[40] = "seventeen letters.";
  const int big[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 };
  int m[2][3] = { 1, 2, 3, 4 };
  struct P copy = q.p[1], arr[2] = { copy, { v } };
  int sum = 0;
  for (int i = 0; i < 10; i++) sum += a[i];
  for (int i = 0; i < 20; i++) sum += big[i];
  printf("%d %s %d %d %g %s %d %g\n", sum, q.name, q.p[1].x, q.p[2].y, q.d, q.s, *q.ip, zero.d);
  printf("%s %.3s %s %d %s %d %d %d %d\n", s1, s2, s3, s3[19], s4, s4[39], m[1][0], m[1][2], arr[1].x + arr[0].x);
  return (struct P){ .y = v, .x = 3 }.y;
}
int main(void) {
  printf("%s %d %d %g %s %d %d %g %d\n", gq[0].name, gq[0].p[1].x, gq[0].p[2].y, gq[0].d, gq[0].s, *gq[0].ip, gq[1].p[0].x,
         gq[2].d, *gq[2].ip);
  printf("%d %d %d\n", flex.tail[0], flex.tail[2], (int)sizeof flex);
  table[3]("called");
  printf("%s %s %ld %d %d %g %d\n", words[0], words[2], off, over[1], over[3], un.f, self == &self);
  printf("%d %d %Lg\n", literal[2], lp->y, ld);
  printf("%d\n", autos(4));
  printf("%d\n", autos(10));
  return 0;
}
// output:
// abc 0 6 2.5 lit 3 0 1 2
// 10 30 4
// called
// one hello 32 9 7 1.5 1
// 7 9 1.5
// 223 wxyz 6 0 2 two 4 0
// a longer string than sixteen bytes xyz short 0 seventeen letters. 0 4 0 10
// 4
// 241 wxyz 12 0 5 two 10 0
// a longer string than sixteen bytes xyz short 0 seventeen letters. 0 4 0 22
// 10
