int f(int a, int a) { return a; }
// DIAG: 1:18: error: redefinition of parameter ‘a’
// DIAG: 1:11: note: previous definition of ‘a’ was here
