// Bit-fields: signed, unsigned, across bytes, after a gap, in a packed structure; setting one leaves its neighbours.

struct flags {
    unsigned a : 1, b : 4;
    int s : 3;
    unsigned : 0;
    unsigned long wide : 40;
    _Bool on : 1;
    unsigned char c;
};
struct packed { char c; int n : 17; unsigned m : 9; } __attribute__((packed));
union view { struct { unsigned low : 4, high : 4; } part; unsigned char all; };

int main(void)
{
    struct flags f = { 1, 9, -2, 0x123456789aUL, 1, 'c' };
    struct packed h = { 'p', -3, 257 };
    union view g;
    int seen = 0;
    g.all = 0x5a;
    seen = (int)f.b;
    return seen + f.s + h.n + g.part.low == 0;
}

/* gdb
> break 21
Breakpoint 1 at ADDR: file bit_fields_print_and_are_set.c, line 21.
> run

Breakpoint 1, main () at bit_fields_print_and_are_set.c:21
21	    seen = (int)f.b;
> print f
$1 = {a = 1, b = 9, s = -2, wide = 78187493530, on = true, c = 99 'c'}
> print/x f.wide
$2 = ADDR
> ptype f
type = struct flags {
    unsigned int a : 1;
    unsigned int b : 4;
    int s : 3;
    unsigned long wide : 40;
    _Bool on : 1;
    unsigned char c;
}
> set var f.b = 5
> print f
$3 = {a = 1, b = 5, s = -2, wide = 78187493530, on = true, c = 99 'c'}
> print f.s
$4 = -2
> set var f.s = 3
> next
22	    return seen + f.s + h.n + g.part.low == 0;
> print seen
$5 = 5
> print g
$6 = {part = {low = 10, high = 5}, all = 90 'Z'}
> ptype struct packed
type = struct packed {
    char c;
    int n : 17;
    unsigned int m : 9;
}
> print h
$7 = {c = 112 'p', n = -3, m = 257}
> next
23	}
*/
