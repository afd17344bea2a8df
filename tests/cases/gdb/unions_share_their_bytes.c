// Unions, tagged and anonymous, print every member and can be set through each.

union word { unsigned int whole; unsigned short halves[2]; unsigned char bytes[4]; float real; };

struct value {
    enum kind { NUMBER, TEXT, PAIR } kind;
    union {
        long number;
        const char *text;
        struct { int first, second; };
    };
};

typedef union { struct { unsigned low : 4, high : 4; } parts; unsigned char byte; } nibbles;

static long weigh(struct value v)
{
    switch (v.kind) {
    case NUMBER:
        return v.number;
    case TEXT:
        return v.text[0];
    default:
        return v.first + v.second;
    }
}

int main(void)
{
    union word word = { 0x3f800000 };
    struct value values[3] = { { NUMBER, { 42 } }, { TEXT, { .text = "text" } }, { PAIR, { .first = 1, .second = 2 } } };
    nibbles n = { .byte = 0xa5 };
    long sum = 0;
    for (int i = 0; i < 3; i++)
        sum += weigh(values[i]);
    return sum + word.bytes[0] + n.parts.low == 0;
}

/* gdb
> break 35
Breakpoint 1 at ADDR: file unions_share_their_bytes.c, line 35.
> run

Breakpoint 1, main () at unions_share_their_bytes.c:35
35	        sum += weigh(values[i]);
> print word
$1 = {whole = 1065353216, halves = {0, 16256}, bytes = "\000\000\200?", real = 1}
> print/x word
$2 = {whole = 0x3f800000, halves = {0x0, 0x3f80}, bytes = {0x0, 0x0, 0x80, 0x3f}, real = 0x3f800000}
> print word.real
$3 = 1
> set var word.bytes[3] = 0x40
> print word.real
$4 = 4
> set var word.real = 2.5
> print/x word.whole
$5 = 0x40200000
> print/x word.halves
$6 = {0x0, 0x4020}
> print values[0]
$7 = {kind = NUMBER, {number = 42, text = 0x2a <error: Cannot access memory at address 0x2a>, {first = 42, second = 0}}}
> print values[1].text
$8 = ADDR "text"
> print values[2].second
$9 = 2
> print values[2].kind
$10 = PAIR
> set var values[0].first = 7
> print values[0].number
$11 = 7
> print n
$12 = {parts = {low = 5, high = 10}, byte = 165 '\245'}
> set var n.parts.high = 1
> print/x n.byte
$13 = 0x15
> ptype word
type = union word {
    unsigned int whole;
    unsigned short halves[2];
    unsigned char bytes[4];
    float real;
}
> ptype values
type = struct value {
    enum kind kind;
    union {
        long number;
        const char *text;
        struct {...};
    };
} [3]
> ptype n
type = union {
    struct {
        unsigned int low : 4;
        unsigned int high : 4;
    } parts;
    unsigned char byte;
}
> ptype/o struct value
/ * offset      |    size * /  type = struct value {
/ *      0      |       4 * /    enum kind kind;
/ * XXX  4-byte hole      * /
/ *      8      |       8 * /    union {
/ *                     8 * /        long number;
/ *                     8 * /        const char *text;
/ *                     8 * /        struct {
/ *      8      |       4 * /            int first;
/ *     12      |       4 * /            int second;

                                       / * total size (bytes):    8 * /
                                   };

                                   / * total size (bytes):    8 * /
                               };

                               / * total size (bytes):   16 * /
                             }
> whatis values[0].kind
type = enum kind
> print sizeof(union word)
$14 = 4
> break weigh if v.kind == PAIR
Breakpoint 2 at ADDR: file unions_share_their_bytes.c, line 18.
> continue

Breakpoint 1, main () at unions_share_their_bytes.c:35
35	        sum += weigh(values[i]);
> print v
No symbol "v" in current context.
> info args
No arguments.
> finish
"finish" not meaningful in the outermost frame.
> print sum
$15 = 7
*/
