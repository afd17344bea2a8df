int f(void)
{
  int x = 1
  return x;
}
// GCC-DIFFERS: it shows the next line
// DIAG: 4:3: error: expected ‘,’ or ‘;’ before ‘return’
