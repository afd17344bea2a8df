int *f(int a) { return &(a + 1); }
// DIAG: 1:24: error: lvalue required as unary ‘&’ operand
