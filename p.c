#include <string.h>
static int table[10] = {1, 2, 3}; const char *names[] = {"a", "bc", "def"}; extern int other(int, const char *);
static __attribute__((noinline)) int sum(int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i] * i; return s; }
int work(int n, char *buf) { switch (n) { case 1: return sum(table, 10); case 2: return other(n, names[n]); case 3: return 7;
  case 4: memset(buf, 0, 100); return 9; case 5: return other(5, "five"); case 6: return table[n]; } while (n-- > 10) buf[n] = n; return strlen(buf); }
int common; static int zero[100]; int *address = &zero[5]; _Thread_local int tls = 4; __attribute__((weak)) int weak(void) { return tls + common; }
