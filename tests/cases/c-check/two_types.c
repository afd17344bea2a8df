int f(void)
{
  int float x = 0;
  return x;
}
// GCC-DIFFERS: it shows the second word
// DIAG: 3:3: error: two or more data types in declaration specifiers
