// Setting a variable of a caller, whose register a callee has saved, reaches the caller.

static int leaf(int p)
{
    int q = p, r = p + 1, s = p + 2;
    for (int i = 0; i < 4; i++) {
        q += r + s + i;
        r += q + i;
        s += r + i;
    }
    return q + r + s > 0;
}

static int middle(int p)
{
    int x = p, y = p * 2, z = p * 3;
    for (int i = 0; i < 2; i++) {
        x += y + i;
        y += z + i;
        z += x + i;
    }
    x += leaf(p);
    return x + y + z;
}

int main(void)
{
    int a = 1, b = 2, c = 3;
    for (int i = 0; i < 2; i++) {
        a += b + i;
        b += c + i;
        c += a + i;
    }
    c = middle(a) + a + b + c;
    c += a + b;
    return c & 63;
}

/* gdb
> break leaf
Breakpoint 1 at ADDR: file variables_survive_calls.c, line 5.
> run

Breakpoint 1, leaf (p=9) at variables_survive_calls.c:5
5	    int q = p, r = p + 1, s = p + 2;
> up
#1  ADDR in middle (p=9) at variables_survive_calls.c:22
22	    x += leaf(p);
> info locals
x = 73
y = 100
z = 128
> up
#2  ADDR in main () at variables_survive_calls.c:34
34	    c = middle(a) + a + b + c;
> info locals
a = 9
b = 12
c = 16
> set var a = 100
> set var b = 200
> down
#1  ADDR in middle (p=9) at variables_survive_calls.c:22
22	    x += leaf(p);
> set var x = 1000
> finish
main () at variables_survive_calls.c:34
34	    c = middle(a) + a + b + c;
Value returned is $1 = 1229
> info locals
a = 100
b = 200
c = 16
> finish
"finish" not meaningful in the outermost frame.
> info locals
a = 100
b = 200
c = 16
> next
35	    c += a + b;
> print c
$2 = 1545
> continue
[Inferior 1 (process PID) exited with code 065]
*/
