int f(int *p)
{
  int a = p;
  a = p;
  return p;
}
// DIAG: 3:11: warning: initialization of ‘int’ from ‘int *’ makes integer from pointer without a cast [-Wint-conversion]
// DIAG: 4:5: warning: assignment to ‘int’ from ‘int *’ makes integer from pointer without a cast [-Wint-conversion]
// DIAG: 5:10: warning: returning ‘int *’ from a function with return type ‘int’ makes integer from pointer without a cast [-Wint-conversion]
