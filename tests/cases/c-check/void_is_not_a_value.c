void g(void);
int f(void)
{
  int x = g();
  if (g())
    x = 1;
  return g() + 1;
}
// DIAG: 4:11: error: void value not ignored as it ought to be
// DIAG: 5:7: error: void value not ignored as it ought to be
// DIAG: 7:10: error: void value not ignored as it ought to be
