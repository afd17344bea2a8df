int *f(int a)
{
  int *p = a;
  p = 5;
  return a;
}
// DIAG: 3:12: warning: initialization of ‘int *’ from ‘int’ makes pointer from integer without a cast [-Wint-conversion]
// DIAG: 4:5: warning: assignment to ‘int *’ from ‘int’ makes pointer from integer without a cast [-Wint-conversion]
// DIAG: 5:10: warning: returning ‘int’ from a function with return type ‘int *’ makes pointer from integer without a cast [-Wint-conversion]
