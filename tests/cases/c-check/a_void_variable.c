void f(void)
{
  void x;
}
// DIAG: 3:8: error: variable or field ‘x’ declared void
