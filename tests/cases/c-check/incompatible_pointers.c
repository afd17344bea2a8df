void g(int *);
void f(double *d, char *c)
{
  int *p = d;
  p = c;
  g(d);
}
// DIAG: 4:12: warning: initialization of ‘int *’ from incompatible pointer type ‘double *’ [-Wincompatible-pointer-types]
// DIAG: 5:5: warning: assignment to ‘int *’ from incompatible pointer type ‘char *’ [-Wincompatible-pointer-types]
// DIAG: 6:5: warning: passing argument 1 of ‘g’ from incompatible pointer type [-Wincompatible-pointer-types]
// DIAG: 1:6: note: expected ‘int *’ but argument is of type ‘double *’
