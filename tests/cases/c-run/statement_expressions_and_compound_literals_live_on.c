#include <stdio.h>
#define MAX(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
struct S { int a[4]; };
static struct S make(int n) { return ({ struct S s = { { n, n + 1, n + 2, n + 3 } }; s; }); }
static int find(int v) {
  return ({ int i; for (i = 0; i < 10; i++) if (i * i == v) goto found; return -1; found: i; });
}
int main(void) {
  printf("%d %g\n", MAX(3, MAX(7, 5)), MAX(1.5, -2.0));
  printf("%d %d\n", make(4).a[2], ({ make(1); }).a[3]);
  printf("%d %d\n", find(49), find(50));
  int total = 0;
  for (int i = 0; i < 3; i++) {
    int *p = (int[]){ i, i + 1, i + 2 };
    p[0] *= 10;
    total += p[0] + p[1] + p[2];
    total += ({ if (i == 1) continue; 100; });
  }
  printf("%d\n", total);
  struct S *q = &(struct S){ { 1, 2 } };
  q->a[3] = 9;
  *q = (struct S){ { q->a[3], q->a[1], [3] = q->a[0] } };
  printf("%d %d %d %d\n", q->a[0], q->a[1], q->a[2], q->a[3]);
  ({ ; });
  return ({ 0; });
}
// output:
// 7 1.5
// 6 4
// 7 -1
// 245
// 9 2 0 1
