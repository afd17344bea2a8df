int f(int a, void *p)
{
  return *a + a[1] + *p;
}
// DIAG: 3:10: error: invalid type argument of unary ‘*’ (have ‘int’)
// DIAG: 3:16: error: subscripted value is neither array nor pointer nor vector
// DIAG: 3:22: warning: dereferencing ‘void *’ pointer
