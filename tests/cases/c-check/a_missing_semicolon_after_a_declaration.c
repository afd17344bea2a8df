int f(void)
{
  int a = 1
  return a;
}
// GCC-DIFFERS: it shows the next line
// DIAG: 3:12: error: expected ‘,’ or ‘;’ before ‘return’
