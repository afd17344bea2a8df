//! A seeded, bounded fuzz run over the parser: mutated C may give any diagnostics, but never a panic, and always an end.

mod common;

use std::time::{Duration, Instant};

/// xorshift64*: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

/// Tokens put in, two of them glued by a blank.
const PIECES: &[&str] = &[
    "int",
    "struct",
    "union",
    "enum",
    "typedef",
    "static",
    "extern",
    "inline",
    "char",
    "unsigned",
    "long",
    "double",
    "float",
    "void",
    "const",
    "volatile",
    "_Complex",
    "__int128",
    "_Bool",
    "_Atomic",
    "_Generic",
    "_Static_assert",
    "_Alignas",
    "_Alignof",
    "sizeof",
    "typeof",
    "__auto_type",
    "__label__",
    "__extension__",
    "__attribute__((packed))",
    "__attribute__((aligned(8)))",
    "__attribute__((vector_size(16)))",
    "__attribute__((mode(DI)))",
    "__builtin_offsetof",
    "__builtin_va_arg",
    "__builtin_choose_expr",
    "__builtin_types_compatible_p",
    "__builtin_constant_p",
    "__builtin_clz",
    "__sync_fetch_and_add",
    "__atomic_load_n",
    "__builtin_add_overflow",
    "asm",
    "goto",
    "return",
    "if",
    "else",
    "while",
    "for",
    "do",
    "switch",
    "case",
    "default",
    "break",
    "continue",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ";",
    ",",
    ":",
    "?",
    "...",
    ".",
    "->",
    "++",
    "--",
    "&",
    "&&",
    "*",
    "+",
    "-",
    "~",
    "!",
    "/",
    "%",
    "<<",
    ">>",
    "<",
    ">",
    "==",
    "=",
    "+=",
    "<<=",
    "|",
    "^",
    "||",
    "0",
    "1",
    "-1",
    "0x7fffffff",
    "9223372036854775808u",
    "1e400",
    "0.5L",
    "1.0i",
    "'a'",
    "L'b'",
    "\"s\"",
    "L\"w\"",
    "x",
    "y",
    "f",
    "s",
    "T",
    "a",
    "b",
    "main",
    "({",
    "})",
    "(T)",
    "(int)",
    "[3]",
    "[0 ... 2] =",
    ".a =",
    "#pragma pack(1)\n",
    "&&x",
    "*p",
];

const SEEDS: &[&str] = &[
    "typedef struct s { int a : 3; unsigned b : 5; struct { int c; union { float d; char e[4]; }; }; char f[]; } T;\n\
     T x = { 1, 2, { 3, { .e = \"abc\" } } }; enum e { A, B = 5, C }; int y[] = { [2] = 1, 2, [0 ... 1] = 7 };\n\
     int f(int a, char *b, ...) { T *p = (T *)b; for (int i = 0; i < a; i++) { p->a += i; y[i] = p->c ? i : -i; }\n\
     switch (a) { case 1: case 3 ... 5: return 2; default: break; } goto x; x: return sizeof(T) + f(1, 0, 2.0); }\n",
    "int f(a, b) int a; double b; { int v[a]; int (*q)[a] = &v; __label__ l; void *t = &&l; goto *t; l: return sizeof v +\n\
     sizeof *q + ({ int z = a; z * 2; }) + _Generic(b, double: 1, default: 2) + (b > 0 ?: 3) + __builtin_clz(a); }\n\
     static inline int g(void) { static int n = 3; return n++ << 2 | ~n & 1 ^ n % 3; }\n",
    "struct p { int x, y; }; struct p *h(struct p q) { struct p r = (struct p){ q.y, .x = 1 }; static struct p s; s = r;\n\
     _Complex double c = 1.0 + 2.0i; __int128 w = (__int128)1 << 100; c *= c; w /= 3; do { s.x--; } while (s.x > 0 && w);\n\
     if (__builtin_expect(s.y, 0)) return &s; else return __builtin_va_arg(*(__builtin_va_list *)0, struct p *); }\n\
     _Static_assert(sizeof(struct p) == 8, \"size\"); extern int z[]; char *names[] = { \"a\", \"b\" \"c\", 0 };\n",
];

fn mutate(random: &mut Random) -> String {
    let mut tokens: Vec<String> = Vec::new();
    for _ in 0..1 + random.below(2) {
        let seed = SEEDS[random.below(SEEDS.len())];
        tokens.extend(seed.split_inclusive([' ', '(', ')', ';', ',', '{', '}', '[', ']']).map(String::from));
    }
    for _ in 0..1 + random.below(8) {
        let at = random.below(tokens.len());
        match random.below(5) {
            0 => {
                tokens.remove(at);
            }
            1 => tokens.insert(at, format!(" {} ", PIECES[random.below(PIECES.len())])),
            2 => tokens[at] = format!(" {} ", PIECES[random.below(PIECES.len())]),
            3 => {
                let other = random.below(tokens.len());
                tokens.swap(at, other);
            }
            _ => {
                let copy = tokens[at].clone();
                let times = if random.below(20) == 0 { 600 } else { 1 };
                for _ in 0..times {
                    tokens.insert(at, copy.clone());
                }
            }
        }
        if tokens.is_empty() {
            break;
        }
    }
    tokens.concat()
}

/// How many inputs; more with `PARSE_FUZZ=n`.
fn rounds() -> u64 {
    std::env::var("PARSE_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(3000)
}

#[test]
fn mutated_programs_never_panic_and_end() {
    let first: u64 = std::env::var("PARSE_FUZZ_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    for seed in first..first + rounds() {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let text = mutate(&mut random);
        let started = Instant::now();
        let result = std::panic::catch_unwind(|| common::check_text(&text));
        assert!(result.is_ok(), "seed {seed} panics on:\n{text}");
        assert!(started.elapsed() < Duration::from_secs(20), "seed {seed} takes too long on:\n{text}");
    }
}

#[test]
fn nesting_gives_an_error_not_an_overflow() {
    for (open, close) in [
        ("(", ")"),
        ("{", "}"),
        ("[", "]"),
        ("-", ""),
        ("(int)", ""),
        ("x?", ""),
        ("a=", ""),
        ("({", "})"),
        ("f(", ")"),
    ] {
        let body = format!("int f(int x) {{ int a; {}0{}; }}", open.repeat(20_000), close.repeat(20_000));
        let (text, n_errors) = common::check_text(&body);
        assert!(n_errors == 1 || n_errors == 2, "{open}: {n_errors} errors\n{}", text.lines().next().unwrap_or(""));
    }
    for (open, close) in [("*", ""), ("(", ")"), ("struct{", "}"), ("int(*", ")()"), ("={", "}")] {
        let body = format!("int {}x{};", open.repeat(20_000), close.repeat(20_000));
        let _ = common::check_text(&body);
    }
    for (length, errors) in [(9_000, 0), (50_000, 1)] {
        let chain = format!("int f(int x) {{ return x{}; }}", "+x".repeat(length));
        assert_eq!(common::check_text(&chain).1, errors, "{length} operators in a row");
    }
}
