int f(int a)
{
  a = 2
  return a;
}
// DIAG: 3:8: error: expected ‘;’ before ‘return’
