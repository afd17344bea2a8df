int f(int a) { return a(1); }
// DIAG: 1:23: error: called object ‘a’ is not a function or function pointer
// DIAG: 1:11: note: declared here
