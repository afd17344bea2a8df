#include <stdio.h>
#include <stdarg.h>
struct S1 { char c; };
struct S2 { int a, b; };
struct S3 { double x; int y; };
struct S4 { long a, b, c; };
struct S5 { float x, y, z; };
struct S6 { char t[5]; };
struct S7 { long double v; };
union U { int i; double d; };
static struct S1 f1(struct S1 s) { s.c++; return s; }
static struct S2 f2(struct S2 s) { int t = s.a; s.a = s.b; s.b = t; return s; }
static struct S3 f3(struct S3 s, struct S3 t) { s.x += t.x; s.y -= t.y; return s; }
static struct S4 f4(struct S4 s, int k) { s.a *= k; s.b *= k; s.c *= k; return s; }
static struct S5 f5(struct S5 s) { struct S5 r = { s.z, s.x, s.y }; return r; }
static struct S6 f6(struct S6 s) { s.t[0] = 'X'; return s; }
static struct S7 f7(struct S7 s) { s.v /= 2; return s; }
static union U fu(union U u) { u.d *= 2; return u; }
static void va(int n, ...) {
  va_list ap, aq;
  va_start(ap, n);
  va_copy(aq, ap);
  struct S2 a = va_arg(ap, struct S2);
  struct S4 b = va_arg(ap, struct S4);
  double d = va_arg(ap, double);
  struct S3 c = va_arg(ap, struct S3);
  int i = va_arg(ap, int);
  long double e = va_arg(ap, long double);
  char *s = va_arg(ap, char *);
  printf("%d %d %ld %ld %ld %g %g %d %d %Lg %s\n", a.a, a.b, b.a, b.b, b.c, d, c.x, c.y, i, e, s);
  struct S2 z = va_arg(aq, struct S2);
  printf("%d\n", z.b);
  va_end(ap);
  va_end(aq);
}
struct L { struct L *next; int v[3]; };
int main(void) {
  struct S2 s2 = f2((struct S2){ 1, 2 });
  struct S4 s4 = { 1, 2, 3 };
  s4 = f4(f4(s4, 2), 3);
  struct S3 s3 = f3((struct S3){ 1.5, 7 }, (struct S3){ 2.25, 3 });
  printf("%c %d %d %ld %ld %ld %g %d\n", f1((struct S1){ 'a' }).c, s2.a, s2.b, s4.a, s4.b, s4.c, s3.x, s3.y);
  struct S5 s5 = f5((struct S5){ 1, 2, 3 });
  printf("%g %g %g %s %Lg %g\n", s5.x, s5.y, s5.z, f6((struct S6){ "abcd" }).t, f7((struct S7){ 5 }).v,
         fu((union U){ .d = 1.25 }).d);
  va(3, s2, s4, 2.5, s3, 42, 7.25L, "end");
  struct L l1 = { 0, { 1, 2, 3 } }, l2 = { &l1, { 4, 5, 6 } };
  struct L *p = &l2;
  struct L c = 1 ? *p->next : l2;
  l1 = *p;
  struct S2 arr[3] = { { 1, 2 }, { 3, 4 } };
  arr[2] = arr[0].a == 1 ? arr[1] : arr[0];
  printf("%d %d %d %d\n", c.v[1], l1.v[2], arr[2].a, (s2 = arr[1]).b);
  struct S2 (*fp)(struct S2) = f2;
  printf("%d %d\n", fp(arr[1]).a, (*fp)(f2(arr[1])).a);
  return 0;
}
// output:
// b 2 1 6 12 18 3.75 4
// 3 1 2 Xbcd 2.5 2.5
// 2 1 6 12 18 2.5 3.75 4 42 7.25 end
// 1
// 2 6 3 4
// 4 3
