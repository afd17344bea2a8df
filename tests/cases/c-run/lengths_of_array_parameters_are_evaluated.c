#include <stdio.h>
static int n;
static int count(int by) { n += by; return n; }
static int sum(int i, int array[i++]) { return i + array[0]; }
static void two(int a, int b[a++], int c, int e, int d[c++][e++]) { printf("%d %d %d\n", a, c, (int)(sizeof d[0] / sizeof(int))); }
static void calls(int a[count(3)], int (*f)(int x[count(100)])) { printf("%d %d\n", a[0], n); (void)f; }
int main(void)
{
    int e[10] = { 7 }, f[4][2];
    printf("%d\n", sum(10, e));
    two(1, e, 1, 2, (void *)f);
    calls(e, 0);
    calls(e, 0);
    return 0;
}
// output:
// 18
// 2 2 2
// 7 3
// 7 6
