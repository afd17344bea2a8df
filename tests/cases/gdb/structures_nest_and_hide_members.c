// Structures: nested, self-referring, with anonymous members and unions, and one that is only declared.

struct point { int x, y; };
struct rect { struct point low, high; };
struct node { const char *name; struct node *next; };
struct tagged {
    enum { WHOLE, REAL } kind;
    union { int whole; float real; } as;
    union {
        unsigned word;
        struct { unsigned char a, b, c, d; };
    };
};
struct opaque;
static struct opaque *hidden;

int main(void)
{
    struct rect rect = { { 1, 2 }, { 3, 4 } };
    struct node second = { "second", 0 };
    struct node first = { "first", &second };
    struct node *self = &first;
    struct tagged tagged;
    tagged.kind = REAL;
    tagged.as.real = 1.5f;
    tagged.word = 0x04030201;
    second.next = &first;
    hidden = 0;
    return rect.low.x - 1 + (self->next->next != self) + (hidden != 0);
}

/* gdb
> break 28
Breakpoint 1 at ADDR: file structures_nest_and_hide_members.c, line 28.
> run

Breakpoint 1, main () at structures_nest_and_hide_members.c:28
28	    hidden = 0;
> print rect
$1 = {low = {x = 1, y = 2}, high = {x = 3, y = 4}}
> print rect.high.y
$2 = 4
> print &rect.low
$3 = (struct point *) ADDR
> print *self
$4 = {name = ADDR "first", next = ADDR}
> print self->next->name
$5 = ADDR "second"
> print tagged
$6 = {kind = REAL, as = {whole = 1069547520, real = 1.5}, {word = 67305985, {a = 1 '\001', b = 2 '\002', c = 3 '\003', d = 4 '\004'}}}
> print tagged.as.real
$7 = 1.5
> print tagged.word
$8 = 67305985
> ptype rect
type = struct rect {
    struct point low;
    struct point high;
}
> ptype tagged
type = struct tagged {
    enum {WHOLE, REAL} kind;
    union {
        int whole;
        float real;
    } as;
    union {
        unsigned int word;
        struct {...};
    };
}
> whatis tagged.as
type = union {...}
> ptype self
type = struct node {
    const char *name;
    struct node *next;
} *
> print sizeof(struct node)
$9 = 16
> print sizeof(tagged)
$10 = 12
> set var rect.high.y = 44
> print rect
$11 = {low = {x = 1, y = 2}, high = {x = 3, y = 44}}
> whatis &rect.low.x
type = int *
> ptype struct opaque
No struct type named opaque.
> next
29	    return rect.low.x - 1 + (self->next->next != self) + (hidden != 0);
*/
