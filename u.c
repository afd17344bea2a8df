#include <string.h>
struct s { char c; short h; int i; long l; float f; double d; };
static int table[64]; extern int other(int, ...); const char *name = "x";
long walk(struct s *p, int n) { long sum = 0; for (int i = 0; i < n; i++) { sum += p[i].c * p[i].h + p[i].i / (p[i].l | 1) + (long)(p[i].f * p[i].d); table[i & 63] ^= (int)sum; } return sum; }
int pick(int x) { switch (x) { case 0: return other(1, 2.5); case 1: return 3; case 2: return strlen(name); case 3: return 9; case 4: return 7; case 5: return 1; } return table[x & 63] << (x & 31); }
double mix(double a, float b, long double c) { return a * b + (double)c; }
