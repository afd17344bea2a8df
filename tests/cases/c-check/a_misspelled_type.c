typedef unsigned long size;
sise f(void);
