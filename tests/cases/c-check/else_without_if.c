int f(int a)
{
  else a = 1;
  return a;
}
// DIAG: 3:3: error: ‘else’ without a previous ‘if’
