struct s;
struct s v;
int f(struct s *p)
{
  struct s local;
  return sizeof(struct s) + p->a;
}
// DIAG: 5:12: error: storage size of ‘local’ isn’t known
// DIAG: 6:17: error: invalid application of ‘sizeof’ to incomplete type ‘struct s’
// DIAG: 6:30: error: invalid use of undefined type ‘struct s’
// DIAG: 2:10: error: storage size of ‘v’ isn’t known
