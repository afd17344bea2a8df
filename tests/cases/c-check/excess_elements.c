int a[2] = { 1, 2, 3 };
char s[2] = "abc";
struct t { int x; } t = { 1, 2 };
int i = { 1, 2 };
// DIAG: 1:20: warning: excess elements in array initializer
// DIAG: 2:13: warning: initializer-string for array of ‘char’ is too long
// DIAG: 3:30: warning: excess elements in struct initializer
// DIAG: 4:14: warning: excess elements in scalar initializer
