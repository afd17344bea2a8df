int f(int a)
{
  a = 2
  return a;
}
