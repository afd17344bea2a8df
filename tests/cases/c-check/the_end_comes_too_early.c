// GCC-DIFFERS: it shows the last token, we the end.
int f(void)
{
  return 0;
// DIAG: 5:1: error: expected declaration or statement at end of input
