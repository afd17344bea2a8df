int f(void);
static int f(void) { return 0; }
int v;
static int v;
// DIAG: 2:12: error: static declaration of ‘f’ follows non-static declaration
// DIAG: 1:5: note: previous declaration of ‘f’ with type ‘int(void)’
// DIAG: 4:12: error: static declaration of ‘v’ follows non-static declaration
// DIAG: 3:5: note: previous declaration of ‘v’ with type ‘int’
