int f(void)
{
  int x = 1
  return x;
}
// DIAG: 4:3: error: expected ‘,’ or ‘;’ before ‘return’
