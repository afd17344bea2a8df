struct s { int length; };
int f(struct s *p)
{
  return p->lenght;
}
// DIAG: 4:13: error: ‘struct s’ has no member named ‘lenght’; did you mean ‘length’?
