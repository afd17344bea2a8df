//! Programs of the small language, run by the interpreter and as machine code.

/// Name, program, exit status, output.
pub const PROGRAMS: &[(&str, &str, u8, &str)] = &[
    (
        "calls and recursion",
        "extern fn printf(format: *byte, ...) -> int;
        fn fib(n: int) -> int { if n < 2 { return n; } return fib(n - 1) + fib(n - 2); }
        fn main() -> int { printf(\"fib %d\\n\", fib(20)); return fib(10); }",
        55,
        "fib 6765\n",
    ),
    (
        "structures by value",
        "extern fn printf(format: *byte, ...) -> int;
        struct Pair { a: int; b: long; }
        struct Big { pair: Pair; values: [5]double; tag: byte; }
        fn swap(p: Pair) -> Pair { var q: Pair; q.a = p.b as int; q.b = p.a as long; return q; }
        fn fill(x: double) -> Big { var big: Big; var i: int = 0;
            while i < 5 { big.values[i] = x * i; i = i + 1; }
            big.pair = swap(big.pair); big.pair.a = 7; big.tag = 300 as byte; return big; }
        fn sum(big: Big, scale: double) -> double { var s: double = 0.0; var i: int = 0;
            while i < 5 { s = s + big.values[i] * scale; i = i + 1; } big.tag = 1 as byte; return s + big.pair.a; }
        fn main() -> int { var p: Pair; p.a = 1; p.b = 2; p = swap(swap(swap(p)));
            var big: Big = fill(1.5);
            printf(\"%d %ld %.2f %d\\n\", p.a, p.b, sum(big, 2.0), big.tag); return 0; }",
        0,
        "2 1 37.00 44\n",
    ),
    (
        "pointers, lists, the heap",
        "extern fn printf(format: *byte, ...) -> int;
        extern fn malloc(n: long) -> *byte; extern fn free(p: *byte);
        struct Node { value: int; next: *Node; }
        fn push(list: *Node, value: int) -> *Node { var n: *Node = malloc(16) as *Node;
            n.value = value; n.next = list; return n; }
        fn main() -> int { var list: *Node = 0 as *Node; var i: int = 1;
            while i <= 5 { list = push(list, i * i); i = i + 1; }
            var total: int = 0;
            while list != 0 as *Node { printf(\"%d \", list.value); total = total + list.value;
                var next: *Node = list.next; free(list as *byte); list = next; }
            printf(\"\\n\"); var x: int = 3; var px: *int = &x; *px = *px + total; return x; }",
        58,
        "25 16 9 4 1 \n",
    ),
    (
        "short circuits run what they must",
        "extern fn printf(format: *byte, ...) -> int;
        var calls: int = 0;
        fn yes(x: int) -> int { calls = calls + 1; return x; }
        fn main() -> int { var i: int = 0; var hits: int = 0;
            while i < 8 { if (yes(i) & 1) != 0 && (yes(i) & 2) != 0 || (i & 4) != 0 && yes(1) != 0 { hits = hits + 1; }
                i = i + 1; }
            printf(\"%d %d\\n\", hits, calls); return hits; }",
        5,
        "5 15\n",
    ),
    (
        "functions as values, qsort",
        "extern fn printf(format: *byte, ...) -> int;
        extern fn qsort(base: *int, n: long, size: long, compare: *fn(a: *int, b: *int) -> int);
        fn up(a: *int, b: *int) -> int { return *a - *b; }
        fn down(a: *int, b: *int) -> int { return *b - *a; }
        fn apply(f: *fn(a: *int, b: *int) -> int, a: int, b: int) -> int { return f(&a, &b); }
        var seed: long = 12345;
        fn random() -> int { seed = (seed * 1103515245 + 12345) % 2147483648; return (seed >> 16) as int % 100; }
        fn main() -> int { var a: [10]int; var i: int = 0;
            while i < 10 { a[i] = random(); i = i + 1; }
            var order: *fn(a: *int, b: *int) -> int = &up;
            qsort(&a[0], 10, 4, order); i = 1;
            while i < 10 { if a[i] < a[i - 1] { return 1; } i = i + 1; }
            order = &down; qsort(&a[0], 10, 4, order);
            printf(\"%d %d\\n\", a[0] >= a[9], apply(order, 3, 10)); return 0; }",
        0,
        "1 7\n",
    ),
    (
        "arithmetic of all types",
        "extern fn printf(format: *byte, ...) -> int;
        fn main() -> int { var b: byte = 250 as byte; var l: long = 1; var d: double = 10.0;
            b = (b + 10) as byte; l = l << 40; d = d / 4 - 0.25;
            printf(\"%d %ld %g %d %d %d\\n\", b, l / 3 % 1000, d, -7 / 2, -7 % 3, d > 2.0 && d <= 2.25);
            printf(\"%d %x %ld\\n\", (l >> 39) as int, 255 ^ 15 | 4096, (-1) as long); return 0; }",
        0,
        "4 925 2.25 -3 -1 1\n2 10f0 -1\n",
    ),
];
