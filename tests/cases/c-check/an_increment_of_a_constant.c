int f(void) { return 5++; }
// DIAG: 1:23: error: lvalue required as increment operand
