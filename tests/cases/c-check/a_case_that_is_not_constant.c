int f(int a, int b)
{
  switch (a) {
  case b: return 1;
  }
  return 0;
}
// GCC-DIFFERS: it shows the word, not the value
