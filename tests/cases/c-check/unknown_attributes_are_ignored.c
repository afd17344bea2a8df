// GCC-DIFFERS: it shows the declaration, we the attribute.
int x __attribute__((nosuch));
int f(void) __attribute__((noreturn, frobnicate(1, 2)));
// DIAG: 2:22: warning: ‘nosuch’ attribute directive ignored [-Wattributes]
// DIAG: 3:38: warning: ‘frobnicate’ attribute directive ignored [-Wattributes]
