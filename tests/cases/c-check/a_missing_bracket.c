int f(int *a)
{
  return a[1;
}
// DIAG: 3:13: error: expected ‘]’ before ‘;’ token
