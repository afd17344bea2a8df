void f(void)
{
  void x;
}
