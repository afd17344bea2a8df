int g(int, int);
int f(void)
{
  return g(1) + g(1, 2, 3);
}
// DIAG: 4:10: error: too few arguments to function ‘g’
// DIAG: 1:5: note: declared here
// DIAG: 4:17: error: too many arguments to function ‘g’
// DIAG: 1:5: note: declared here
