int f(int a)
{
  return (a + 1;
}
// DIAG: 3:16: error: expected ‘)’ before ‘;’ token
