struct s { int f(void); };
int x;
// DIAG: 1:16: error: field ‘f’ declared as a function
