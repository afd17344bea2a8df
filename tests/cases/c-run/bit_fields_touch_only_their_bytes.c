#include <stdio.h>
struct A { unsigned a : 3; int b : 7; unsigned c : 17; signed char n; long long d : 40; unsigned e : 1; _Bool f : 1; };
struct __attribute__((packed)) P { unsigned char x; unsigned a : 5; unsigned long long b : 59; unsigned c : 13; char y; };
struct __attribute__((packed)) Nine { int b : 18, c : 1, d : 24, e : 15, f : 14; };
struct N { int a : 17; char c; int : 0; short s : 9; };
static struct A ga = { 5, -3, 0x1ffff, -7, -123456789012, 1, 1 };
static struct P gp = { 0xaa, 17, 0x5a5a5a5a5a5a5a5, 0x1abc, 0x55 };
union U { struct { unsigned lo : 4, hi : 4; } n; unsigned char byte; };
static void show(const struct A *p) {
  printf("%u %d %u %d %lld %u %d\n", p->a, p->b, p->c, p->n, (long long)p->d, p->e, p->f);
}
int main(void) {
  struct A l = ga;
  show(&ga);
  l.a += 4;
  l.b = 64;
  l.c++;
  l.d = l.d << 3;
  l.e--;
  l.f--;
  show(&l);
  printf("%d %u\n", l.b = 100, l.a = 9);
  printf("%d %lld\n", l.b--, (long long)(l.d |= 1));
  show(&l);
  printf("%u %u %llx %x %x\n", gp.x, gp.a, (unsigned long long)gp.b, gp.c, gp.y);
  gp.b = 0x123456789abcdefULL;
  gp.c -= 0x1000;
  printf("%u %u %llx %x %x\n", gp.x, gp.a, (unsigned long long)gp.b, gp.c, gp.y);
  struct N n = { -1, 'q', -200 };
  n.a = 0x12345;
  printf("%d %c %d\n", n.a, n.c, n.s);
  struct { char before[8]; struct Nine nine; char after[8]; } guard = { "before", { 5, 0, -5, 9, 5 }, "after" };
  struct Nine nine = { 5, -1, n.a, 9, 5 };
  guard.nine = nine;
  guard.nine.e = 0;
  guard.nine.d = -1;
  printf("%s %s %d %d %d %d %d %d\n", guard.before, guard.after, guard.nine.b, guard.nine.c, guard.nine.d, guard.nine.e,
         guard.nine.f, (int)sizeof guard.nine);
  union U u = { { 3, 12 } };
  u.n.hi ^= 5;
  printf("%x %d %d\n", u.byte, (int)sizeof(struct A), (int)sizeof(struct P));
  return 0;
}
// output:
// 5 -3 131071 -7 -123456789012 1 1
// 1 -64 0 -7 111857315680 0 0
// -28 1
// -28 111857315681
// 1 -29 0 -7 111857315681 0 0
// 170 17 5a5a5a5a5a5a5a5 1abc 55
// 170 17 123456789abcdef abc 55
// -56507 q -200
// before after 5 -1 -1 0 5 9
// 93 16 12
