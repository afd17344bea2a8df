int f(void)
{
  int x = 1
  return x;
}
// GCC-DIFFERS: it shows the next line
// DIAG: 3:12: error: expected ‘,’ or ‘;’ before ‘return’
