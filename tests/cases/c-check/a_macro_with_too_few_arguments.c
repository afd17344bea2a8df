#define ADD(a, b) ((a) + (b))
int f(void) { return ADD(1); }
// DIAG: 2:27: error: macro "ADD" requires 2 arguments, but only 1 given
// DIAG: 1:9: note: macro "ADD" defined here
// DIAG: 2:22: error: ‘ADD’ undeclared (first use in this function)
// DIAG: 2:22: note: each undeclared identifier is reported only once for each function it appears in
