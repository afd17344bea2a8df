int f(int);
int f(double x)
{
  return 0;
}
// DIAG: 2:5: error: conflicting types for ‘f’; have ‘int(double)’
// DIAG: 1:5: note: previous declaration of ‘f’ with type ‘int(int)’
