struct s { int a; };
int f(struct s p)
{
  return p->a;
}
// DIAG: 4:11: error: invalid type argument of ‘->’ (have ‘struct s’)
