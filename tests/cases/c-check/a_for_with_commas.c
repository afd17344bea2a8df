int f(void)
{
  int s = 0;
  for (int i = 0, i < 3, i++) s += i;
  return s;
}
// DIAG: 4:21: error: expected ‘=’, ‘,’, ‘;’, ‘asm’ or ‘__attribute__’ before ‘<’ token
