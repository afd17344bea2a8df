void f(void)
{
  return 1;
}
int g(void)
{
  return;
}
// DIAG: 3:10: warning: ‘return’ with a value, in function returning void
// DIAG: 1:6: note: declared here
// DIAG: 7:3: warning: ‘return’ with no value, in function returning non-void
// DIAG: 5:5: note: declared here
