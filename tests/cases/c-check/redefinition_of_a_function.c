int f(void) { return 0; }
int f(void) { return 1; }
// DIAG: 2:5: error: redefinition of ‘f’
// DIAG: 1:5: note: previous definition of ‘f’ with type ‘int(void)’
