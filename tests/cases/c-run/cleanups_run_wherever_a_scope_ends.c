#include <stdio.h>
#include <stdlib.h>
struct pair { int a, b; };
static void say(int *p) { printf("<%d>", *p); *p = -*p; }
static void zero(struct pair *p) { printf("<%d,%d>", p->a, p->b); p->a = p->b = 0; }
static void drop(char **p) { printf("<%s>", *p); free(*p); }
#define CLEAN __attribute__((cleanup(say)))
static int value(void) { int x CLEAN = 1; int CLEAN y = 2; { CLEAN int z = 3; if (z == 3) return x + y + z; } return 0; }
static struct pair both(void) { __attribute__((__cleanup__(zero))) struct pair p = { 4, 5 }; return p; }
static int loops(int n)
{
    int s = 0;
    for (int i CLEAN = 0; i < n; i++) {
        int j CLEAN = 10 + i;
        if (i == 1)
            continue;
        int k CLEAN = 20 + i;
        if (i == 3)
            break;
        s += j;
    }
    return s;
}
static void jumps(int n)
{
    int times = 0;
again:;
    int a CLEAN = 30 + times;
    {
        int b CLEAN = 40;
        int v[n + 1];
        v[n] = 5;
        int c CLEAN = v[n];
        if (times++ < 1)
            goto again;
        if (n)
            goto out;
        puts("never");
    }
    puts("never");
out:
    printf("out");
}
static void nothing(void) { int x CLEAN = 50; if (x) return; puts("never"); }
static void choose(int n)
{
    switch (n) {
    case 1: {
        int x CLEAN = 60;
        break;
    }
    default: {
        int x CLEAN = 61;
    }
    case 3:
        printf("three");
    }
}
static int expression(void) { return ({ int x CLEAN = 70; x + 1; }) + ({ struct pair q __attribute__((cleanup(zero))) = { 8, 9 }; q; }).b; }
static int pointer(void) { char *p __attribute__((cleanup(drop))) = malloc(2); p[0] = 'p'; p[1] = 0; return *p; }
static void inner(void) { do { int x CLEAN = 80; } while (0); while (1) { int y CLEAN = 81; if (y) break; } }
int main(void)
{
    printf(" %d\n", value());
    struct pair p = both();
    printf(" %d %d\n", p.a, p.b);
    printf(" %d\n", loops(5));
    jumps(3);
    puts("");
    nothing();
    choose(1);
    choose(2);
    choose(3);
    puts("");
    printf(" %d\n", expression());
    printf(" %d\n", pointer());
    inner();
    {
        int last CLEAN = 90;
    }
    puts("");
    return 0;
}
// output:
// <3><2><1> 6
// <4,5> 4 5
// <20><10><11><22><12><23><13><3> 22
// <5><40><30><5><40>out<31>
// <50><60><61>threethree
// <70><8,9> 80
// <p> 112
// <80><81><90>
