int f(int a) { return a ? 1; }
// DIAG: 1:28: error: expected ‘:’ before ‘;’ token
