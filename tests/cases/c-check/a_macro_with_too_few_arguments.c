#define ADD(a, b) ((a) + (b))
int f(void) { return ADD(1); }
