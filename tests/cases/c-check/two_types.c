int f(void)
{
  int float x = 0;
  return x;
}
