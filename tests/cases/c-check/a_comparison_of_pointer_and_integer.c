int f(int *p, int a, double *d)
{
  return p == a || p < d;
}
// DIAG: 3:12: warning: comparison between pointer and integer
// DIAG: 3:22: warning: comparison of distinct pointer types lacks a cast
