int g(void);
int x = g();
int *p = &x;
int y = *p;
// DIAG: 2:9: error: initializer element is not constant
// DIAG: 4:9: error: initializer element is not constant
