//! A seeded, bounded fuzz run: mutated C text may give any diagnostics, but never a panic, and always an end.

mod support;

use lang_c::options::{Options, Standard};
use lang_c::pp::Pp;
use lang_c::pp::print::{PrintOptions, print};
use lang_c::token::Tok;
use support::Memory;

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

const PIECES: &[&str] = &[
    "#define ",
    "#undef ",
    "#if ",
    "#ifdef ",
    "#ifndef ",
    "#elif ",
    "#else\n",
    "#endif\n",
    "#include \"a.h\"\n",
    "#include <a.h>\n",
    "#include X\n",
    "#line 3 \"q\"\n",
    "#pragma once\n",
    "#pragma push_macro(\"f\")\n",
    "#pragma pop_macro(\"f\")\n",
    "#pragma GCC poison zz\n",
    "#pragma GCC system_header\n",
    "_Pragma(\"x\")",
    "#error e\n",
    "# 3 \"m.c\" 1 3\n",
    "defined(",
    "__VA_ARGS__",
    "__VA_OPT__(",
    "__LINE__",
    "__FILE__",
    "__COUNTER__",
    "__has_include(<a.h>)",
    "f(",
    "f(a, b)",
    "f(x)",
    "g",
    "g(",
    "x",
    "y",
    "##",
    "#",
    "(",
    ")",
    ",",
    "...",
    "\\\n",
    "\\",
    "/*",
    "*/",
    "//",
    "\"",
    "'",
    "\"s\"",
    "'c'",
    "L",
    "u8",
    "0x",
    "1e+",
    ".5",
    "<:",
    "%:",
    "%:%:",
    "??/",
    "\\u00e9",
    "é",
    "\u{0}",
    "\n",
    " ",
    "\t",
    "\r\n",
    "+",
    "-",
    "<<=",
    "?",
    ":",
    "1",
    "2u",
    "9223372036854775807",
    "/",
    "%",
    "&&",
    "f(a,...)",
    "f(...) ",
    "(a) #a a##a ",
    "(a,b...) a,##b ",
    "x x ",
    "f(f(f(",
    "@",
    "`",
    "$",
];

fn text(random: &mut Random, n_pieces: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..random.below(n_pieces) {
        match random.below(20) {
            0 => out.push(random.next() as u8),
            1 => {
                let len = out.len();
                let at = random.below(len);
                let end = (at + random.below(20)).min(len);
                out.extend_from_within(at..end);
            }
            2 => out.extend_from_slice(b"#define f(a, b) "),
            3 => out.extend_from_slice(b"#define x "),
            _ => out.extend_from_slice(PIECES[random.below(PIECES.len())].as_bytes()),
        }
        if random.below(6) == 0 {
            out.push(b'\n');
        }
    }
    out
}

fn options(random: &mut Random) -> Options {
    let names = ["gnu17", "c99", "c90", "gnu23"];
    let mut options = support::options("main.c");
    options.standard = Standard::parse(names[random.below(names.len())]).expect("known");
    options.include_dirs = vec!["d".into()];
    options.pedantic = random.below(2) == 0;
    options
}

#[test]
fn mutated_text_never_panics() {
    for seed in 1..=3000u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        if std::env::var_os("FUZZ_VERBOSE").is_some() {
            eprintln!("seed {seed}");
        }
        let main = text(&mut random, 120);
        let header = text(&mut random, 30);
        let input = Memory::new([("main.c", main), ("a.h", header.clone()), ("d/a.h", header)]);
        let options = options(&mut random);
        let mut pp = Pp::new(options.clone(), &input);
        let mut n_tokens = 0u64;
        loop {
            let token = pp.next();
            let _ = (pp.spelling(&token), pp.span(&token), pp.user_pos(token.pos, token.expansion));
            if token.kind == Tok::Pragma {
                let _ = pp.pragma_tokens(&token);
            }
            n_tokens += 1;
            if token.kind == Tok::Eof || n_tokens > 200_000 {
                break;
            }
        }
        if n_tokens <= 200_000 {
            assert_eq!(pp.next().kind, Tok::Eof, "seed {seed}: the end is for ever");
            let mut out = String::new();
            for diag in &pp.diags.diags {
                base::diag::render(&mut out, &pp.map, "t", diag, base::diag::RenderOptions::default());
            }
            let mut pp = Pp::new(Options { print_mode: true, ..options }, &input);
            print(&mut pp, PrintOptions { definitions: seed % 3 == 0, ..PrintOptions::default() });
        }
    }
}

fn run(source: &str) -> (u64, Vec<String>) {
    let input = Memory::new([("main.c", source.as_bytes().to_vec()), ("self.h", b"#include \"self.h\"\n".to_vec())]);
    let mut pp = Pp::new(support::options("main.c"), &input);
    let mut n_tokens = 0;
    while pp.next().kind != Tok::Eof {
        n_tokens += 1;
    }
    let said = pp.diags.diags.iter().map(|d| d.text.clone()).collect();
    (n_tokens, said)
}

#[test]
fn bombs_and_bottomless_nesting_end_in_an_error() {
    let mut doubling = String::from("#define A0 x\n");
    for n in 1..70 {
        doubling.push_str(&format!("#define A{n} A{} A{}\n", n - 1, n - 1));
    }
    let (_, said) = run(&format!("{doubling}A69\n"));
    assert!(said.iter().any(|t| t.contains("too large")), "{said:?}");

    let mut squaring = String::from("#define D0(x) x x\n");
    for n in 1..70 {
        squaring.push_str(&format!("#define D{n}(x) D{}(x x)\n", n - 1));
    }
    let (_, said) = run(&format!("{squaring}D69(a)\n"));
    assert!(said.iter().any(|t| t.contains("too large")), "{said:?}");

    let nested = format!("#define f(x) x\n{}1{}\n", "f(".repeat(1000), ")".repeat(1000));
    let (_, said) = run(&nested);
    assert!(said.iter().any(|t| t.contains("nested too deeply")), "{said:?}");

    let (_, said) = run(&format!("#if {}1\n#endif\n", "(".repeat(100_000)));
    assert!(said.iter().any(|t| t.contains("nested too deeply")), "{said:?}");
    let (_, said) = run(&format!("#if {}1\n#endif\n", "-".repeat(100_000)));
    assert!(!said.is_empty());

    let (_, said) = run("#include \"self.h\"\n");
    assert!(said.iter().any(|t| t.contains("nested depth")), "{said:?}");

    let (n_tokens, said) = run(&format!("{}x\n", "/\\\n".repeat(50_000)));
    assert!(n_tokens <= 100_000 && said.len() < 100_000);
}
