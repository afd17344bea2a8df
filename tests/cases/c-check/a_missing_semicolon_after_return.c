int f(int x)
{
  return x
}
// DIAG: 3:11: error: expected ‘;’ before ‘}’ token
