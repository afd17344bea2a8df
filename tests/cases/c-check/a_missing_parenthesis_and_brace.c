int f(int a)
{
  if (a {
    return 1;
  }
  return (a;
}
// DIAG: 3:8: error: expected ‘)’ before ‘{’ token
// DIAG: 6:12: error: expected ‘)’ before ‘;’ token
