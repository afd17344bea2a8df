int x;
int f(void)
{
  return x(1) + f()();
}
// DIAG: 4:10: error: called object ‘x’ is not a function or function pointer
// DIAG: 1:5: note: declared here
// DIAG: 4:17: error: called object is not a function or function pointer
