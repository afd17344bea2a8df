#include <stdio.h>
#include <stdint.h>
struct s { char c; };
enum e { ONE };
union u { int i; };
static struct s __attribute__((aligned(64))) a, b;
static union u __attribute__((aligned(32))) c;
static enum e __attribute__((aligned(16))) d;
static void end(struct s *p) { printf("<%c>", p->c); }
int _Alignas(int __attribute__((aligned(32)))) wide;
struct holder { char c; struct s __attribute__((aligned(8))) s; };
int main(void)
{
    {
        struct s __attribute__((cleanup(end))) x = { 'x' };
        struct s y __attribute__((cleanup(end))) = { 'y' }, z = { 'z' };
        (void)z;
    }
    printf("\n%d %d %d %d\n", (int)((uintptr_t)&a % 64), (int)((uintptr_t)&b % 64), (int)((uintptr_t)&c % 32), (int)((uintptr_t)&d % 16));
    printf("%d %d %d\n", (int)sizeof(struct holder), (int)__alignof__(a), (int)__alignof__(wide));
    printf("%d\n", (int)sizeof(int __attribute__((mode(DI)))));
    return 0;
}
// output:
// <y><x>
// 0 0 0 0
// 16 64 32
// 8
