struct s { int a; };
void g(struct s);
void f(void)
{
  struct s v = 1;
  v = 2;
  g(3);
}
// DIAG: 5:16: error: invalid initializer
// DIAG: 6:7: error: incompatible types when assigning to type ‘struct s’ from type ‘int’
// DIAG: 7:5: error: incompatible type for argument 1 of ‘g’
// DIAG: 2:6: note: expected ‘struct s’ but argument is of type ‘int’
