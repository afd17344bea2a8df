// `x` and `print` with formats read the bytes of variables, arrays and strings.

static short shorts[6] = { 1, -2, 300, -400, 5, 6 };
static char text[] = "one\0two";
static const char *const names[] = { "alpha", "beta", 0 };
static double reals[2] = { 0.5, -1e10 };
static unsigned long long big = 0x0123456789abcdefULL;

int main(void)
{
    unsigned char bytes[8] = { 1, 2, 4, 8, 16, 32, 64, 128 };
    int numbers[5] = { 10, 20, 30, 40, 50 };
    int *p = numbers + 1;
    return bytes[0] + p[0] + shorts[0] + text[0] + (names[0] == 0) + (reals[0] > 1) + (big == 0) == 0;
}

/* gdb
> info symbol shorts
shorts in section .data
> info symbol main
main in section .text
> break 14
Breakpoint 1 at ADDR: file memory_is_examined_in_every_format.c, line 14.
> run

Breakpoint 1, main () at memory_is_examined_in_every_format.c:14
14	    return bytes[0] + p[0] + shorts[0] + text[0] + (names[0] == 0) + (reals[0] > 1) + (big == 0) == 0;
> x/6dh shorts
ADDR <shorts>:	1	-2	300	-400	5	6
> x/2s text
ADDR <text>:	"one"
ADDR <text+N>:	"two"
> x/8xb bytes
ADDR:	0x01	0x02	0x04	0x08	0x10	0x20	0x40	0x80
> x/5dw numbers
ADDR:	10	20	30	40
ADDR:	50
> x/2fg reals
ADDR <reals>:	0.5	-10000000000
> x/xg &big
ADDR <big>:	ADDR
> x/s names[1]
ADDR:	"beta"
> x/3c text
ADDR <text>:	111 'o'	110 'n'	101 'e'
> print/x big
$1 = ADDR
> print/o bytes[7]
$2 = 0200
> print/t bytes
$3 = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000}
> print/c text[0]
$4 = 111 'o'
> print/z shorts[0]
$5 = 0x0001
> print/x shorts
$6 = {0x1, 0xfffe, 0x12c, 0xfe70, 0x5, 0x6}
> print *p@3
$7 = {20, 30, 40}
> print p[-1]
$8 = 10
> print numbers[1]@2
$9 = {20, 30}
> print &numbers[2]
$10 = (int *) ADDR
> print *&numbers
$11 = {10, 20, 30, 40, 50}
> print p - numbers
$12 = 1
> print names
$13 = {ADDR "alpha", ADDR "beta", 0x0}
> print *names@2
$14 = {ADDR "alpha", ADDR "beta"}
> print (long)reals[1]
$15 = -10000000000
> print sizeof(reals) / sizeof(reals[0])
$16 = 2
> print/d sizeof(bytes)
$17 = 8
> print text == names[0]
$18 = 0
> print &text[4]
$19 = ADDR <text+N> "two"
> print *text@3
$20 = "one"
> info address big
Symbol "big" is static storage at address ADDR.
*/
