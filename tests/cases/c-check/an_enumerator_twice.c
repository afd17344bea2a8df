enum e { red, green, red };
int f(void) { return red; }
// DIAG: 1:22: error: redeclaration of enumerator ‘red’
// DIAG: 1:10: note: previous definition of ‘red’ with type ‘int’
