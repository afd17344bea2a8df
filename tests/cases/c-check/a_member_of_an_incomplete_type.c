struct s;
int f(struct s *p) { return p->x; }
// DIAG: 2:30: error: invalid use of undefined type ‘struct s’
