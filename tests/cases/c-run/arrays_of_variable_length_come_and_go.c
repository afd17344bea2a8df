#include <stdio.h>
#include <string.h>
static int sum(int n, int m, int a[n][m]) {
  int s = 0;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++) s += a[i][j];
  return s + (int)sizeof a[0];
}
static long loop(int n) {
  long total = 0;
  for (int i = 1; i <= n; i++) {
    char buf[i * 1000];
    memset(buf, i, sizeof buf);
    if (i % 3 == 0) continue;
    total += buf[i * 1000 - 1] + (long)sizeof buf;
    if (total > 100000000) break;
  }
  return total;
}
static int again(int n) {
  int count = 0;
back:;
  int a[n];
  a[n - 1] = count;
  if (++count < 20000) goto back;
  {
    int b[n * 2];
    b[0] = a[n - 1];
    if (b[0] == 19999) goto out;
  }
  return -1;
out:
  return count;
}
static int inner(void) {
  int n = 0;
  if (0) {
  label:;
  }
  int x[n % 1000 + 1];
  x[n % 1000] = n;
  if (x[n % 1000] < 100000) { n++; goto label; }
  return n;
}
int main(int argc, char **argv) {
  int n = argc + 2, m = argc + 4;
  int a[n][m];
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++) a[i][j] = i * 10 + j;
  printf("%d %d\n", sum(n, m, a), (int)sizeof a);
  typedef int row[m];
  row *p = a;
  m = 100;
  p++;
  printf("%d %d %d\n", (*p)[2], (int)sizeof(row), (int)(&a[2] - a));
  printf("%ld\n", loop(300));
  printf("%d\n", again(500));
  int k = 3;
  printf("%d ", (int)sizeof(int[k++]));
  printf("%d\n", k);
  printf("%d\n", inner());
  (void)argv;
  return 0;
}
// output:
// 200 60
// 12 20 2
// 30000560
// 20000
// 12 4
// 100000
