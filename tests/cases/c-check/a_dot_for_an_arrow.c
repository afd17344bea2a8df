struct s { int a; };
int f(struct s *p) { return p.a; }
// DIAG: 2:30: error: ‘p’ is a pointer; did you mean to use ‘->’?
