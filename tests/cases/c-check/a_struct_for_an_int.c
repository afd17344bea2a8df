struct s { int a; } v;
int f(void)
{
  int x = v;
  x = v;
  return v;
}
// DIAG: 4:11: error: incompatible types when initializing type ‘int’ using type ‘struct s’
// DIAG: 5:7: error: incompatible types when assigning to type ‘int’ from type ‘struct s’
// DIAG: 6:10: error: incompatible types when returning type ‘struct s’ but ‘int’ was expected
