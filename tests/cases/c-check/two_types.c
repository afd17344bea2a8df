int f(void)
{
  int float x = 0;
  return x;
}
// DIAG: 3:7: error: two or more data types in declaration specifiers
