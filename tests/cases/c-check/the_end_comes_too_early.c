// GCC-DIFFERS: it shows the last token, we the end.
int f(void)
{
  return 0;
// DIAG: 4:11: error: expected declaration or statement at end of input
