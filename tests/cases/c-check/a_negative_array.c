int a[-1];
int f(void) { return 0; }
// DIAG: 1:5: error: size of array ‘a’ is negative
