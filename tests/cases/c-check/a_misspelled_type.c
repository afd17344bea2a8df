typedef unsigned long size;
sise f(void);
// DIAG: 2:1: error: unknown type name ‘sise’; did you mean ‘size’?
