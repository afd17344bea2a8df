struct s { int a; }
int f(void) { return 0; }
// GCC-DIFFERS: it shows the next line
