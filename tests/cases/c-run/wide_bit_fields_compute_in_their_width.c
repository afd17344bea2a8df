#include <stdio.h>
struct s { unsigned long long u33 : 33, u40 : 40; long long s40 : 40; unsigned long u32 : 32; long s50 : 50; unsigned u5 : 5; };
static void show(const char *what, unsigned long long v) { printf("%s %llx\n", what, v); }
int main(void)
{
    static struct s x = { 0x100000000, 0xff00000001, -2, 0xffffffff, -5, 31 };
    show("shl", x.u40 << 8);
    show("shl of a cast", (unsigned long long)x.u40 << 8);
    show("rotate", (x.u40 << 8) + (x.u40 >> 32));
    show("add", x.u33 + x.u33);
    show("mixed", x.u33 + x.u40);
    show("sub int", x.u40 - 0xff00000002 == 0);
    show("minus one", x.u40 - 2);
    show("not", ~x.u40);
    show("neg", -x.u33);
    show("with long long", x.u40 * 0x10000ll);
    show("with int", x.u40 * 0x100);
    show("signed and int", x.s40 + 1 < 0);
    show("signed and unsigned field", x.s40 + x.u40);
    show("narrower unsigned, wider signed", x.s50 + x.u40 - x.u40 < 0);
    show("u32 and int", x.u32 + 1);
    show("u32 compared", x.u32 > -1);
    show("small", x.u5 - 32 < 0);
    show("compared", x.u40 == -1);
    x.u40 = 0xffffffffff;
    show("compared", x.u40 == -1);
    x.u40 /= -1;
    show("divided", x.u40);
    show("pre", --x.u40);
    show("pre", --x.u40 << 4);
    show("assigned", (x.u40 = 0x8000000001) << 1);
    show("post", x.u40++ * 2);
    int c = x.u5;
    show("conditional", (c ? x.u40 : 5) << 24);
    show("comma", (c, x.u40) << 24);
    show("sum of sums", (x.u40 + x.u40) + (x.u33 << 1));
    printf("%d %d\n", (int)sizeof(x.u5 + 1), x.u40 > 0x7000000000);
    return 0;
}
// output:
// shl 100
// shl of a cast ff0000000100
// rotate 1ff
// add 0
// mixed 1
// sub int 0
// minus one feffffffff
// not fffffffe
// neg 100000000
// with long long ff000000010000
// with int 100
// signed and int 1
// signed and unsigned field feffffffff
// narrower unsigned, wider signed 1
// u32 and int 0
// u32 compared 0
// small 1
// compared 0
// compared 1
// divided 1
// pre 0
// pre fffffffff0
// assigned 2
// post 2
// conditional 2000000
// comma 2000000
// sum of sums 4
// 4 1
