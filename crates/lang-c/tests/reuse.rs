//! Units that share what their headers did give what each gives alone: tokens, places, messages, dependencies.

mod common;

use base::diag::{RenderOptions, render};
use base::io::{FileBytes, FileStat, InputSource, IoError};
use lang_c::options::Options;
use lang_c::parse::{ParseOptions, Parser};
use lang_c::pp::Pp;
use lang_c::pp::reuse::{HeaderCounters, Kept};
use lang_c::token::{Tok, Token};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Files of memory.
#[derive(Default)]
struct World(BTreeMap<String, String>);

impl World {
    fn new(files: &[(&str, &str)]) -> World {
        World(files.iter().map(|&(name, text)| (name.to_string(), text.to_string())).collect())
    }

    fn find(&self, path: &Path) -> Result<(u64, &[u8]), IoError> {
        let name = path.to_str().unwrap_or("");
        let missing = || IoError::new(path, "open", &std::io::Error::from(std::io::ErrorKind::NotFound));
        let at = self.0.keys().position(|key| key == name).ok_or_else(missing)?;
        Ok((at as u64 + 1, self.0[name].as_bytes()))
    }
}

impl InputSource for World {
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        let (inode, bytes) = self.find(path)?;
        Ok(FileStat { inode, size: bytes.len() as u64, ..FileStat::default() })
    }

    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        Ok(FileBytes::from_vec(self.find(path)?.1.to_vec()))
    }

    fn read_into(&self, path: &Path, out: &mut Vec<u8>) -> Result<FileStat, IoError> {
        out.extend_from_slice(self.find(path)?.1);
        self.stat(path)
    }
}

fn options(file: &str) -> Options {
    let mut options = common::options(file);
    options.system_dirs = vec!["sys".into()];
    options.include_dirs = vec!["inc".into()];
    options.warnings.option("undef").unwrap();
    options.warnings.option("comment").unwrap();
    options
}

fn place(pp: &Pp, token: &Token) -> String {
    let shown = |pos| pp.map.place(pos).map_or_else(String::new, |p| format!("{}:{}:{}", p.file, p.line, p.column));
    format!("{} {}", shown(token.pos), shown(pp.span(token).lo))
}

/// All that can be seen of a unit, with the parser's messages.
fn everything(mut pp: Pp) -> (String, Option<Kept>) {
    let mut out = String::new();
    loop {
        let token = pp.next();
        let pragma = if token.kind == Tok::Pragma { pp.pragma_tokens(&token).to_vec() } else { Vec::new() };
        for token in std::iter::once(&token).chain(&pragma) {
            let text = String::from_utf8_lossy(pp.spelling(token)).into_owned();
            writeln!(out, "{:?} {text} {:?} {}", token.kind, token.flags, place(&pp, token)).unwrap();
        }
        if token.kind == Tok::Eof {
            break;
        }
    }
    for file in pp.dependencies() {
        writeln!(out, "read {} {}", file.path, file.system).unwrap();
    }
    let (mut kept, map, diags) = pp.into_kept();
    for diag in &diags.diags {
        render(&mut out, &map, "pp", diag, RenderOptions::default());
    }
    if let Some(kept) = &mut kept {
        kept.give_back(map);
    }
    (out, kept)
}

/// Reads `units` in this order, each alone and all in one session, and compares. What became of the headers, at the end of each.
fn compare(world: &World, units: &[&str]) -> Vec<Option<HeaderCounters>> {
    let mut kept: Option<Kept> = None;
    let mut counters = Vec::new();
    for unit in units {
        let (alone, _) = everything(Pp::new(options(unit), world));
        let pp = match kept.take().filter(|kept| kept.fits(&options(unit))) {
            Some(kept) => Pp::go_on(kept, options(unit), world),
            None => Pp::new_session(options(unit), world),
        };
        let (shared, next) = everything(pp);
        if alone != shared {
            let (a, b) = alone.lines().zip(shared.lines()).find(|(a, b)| a != b).unwrap_or(("", "(length)"));
            panic!("{unit} of {units:?}\nalone:  {a}\nshared: {b}\n{}", world.0[*unit]);
        }
        counters.push(next.as_ref().map(Kept::counters));
        kept = next;
    }
    counters
}

const A: &str =
    "#ifndef A_H\n#define A_H\n#include \"b.h\"\n#define TWICE(x) ((x) + (x))\nint a(int);\nextern int one;\n#endif\n";
const B: &str = "#ifndef B_H\n#define B_H\n#include <c.h>\ntypedef c_t b_t;\nstatic inline int b(b_t x) { return TWICE_B(x); }\n#endif\n";
const C: &str = "#ifndef C_H\n#define C_H\ntypedef long c_t;\n#define TWICE_B(x) (x * 2)\n#endif\n";

#[test]
fn a_header_is_read_once() {
    let world = World::new(&[
        ("inc/a.h", A),
        ("inc/b.h", B),
        ("sys/c.h", C),
        ("1.c", "/* one */\n#define one_c\n#include \"a.h\"\nint x = TWICE(1);\n"),
        (
            "2.c",
            "/* the second,\n   longer */\n#define two_c\n#define CORE\n#include <a.h>\nint y = TWICE_B(TWICE(2));\n",
        ),
        ("3.c", "#include <c.h>\n#include \"a.h\"\nc_t z;\n"),
    ]);
    let counters = compare(&world, &["1.c", "2.c", "3.c", "1.c"]);
    let read: Vec<u64> = counters.iter().map(|c| c.unwrap().read).collect();
    // Two of a.h and two of b.h around their includes, one of c.h; what lies between an include and the next counts, too.
    assert_eq!(read, [5, 5, 5, 5]);
    assert_eq!(counters[3].unwrap().replayed, 15);
}

#[test]
fn a_macro_that_a_header_asks_about_counts() {
    let world = World::new(&[
        ("inc/mode.h", "#ifdef MODE\nint with = MODE;\n#else\nint without;\n#endif\nint last;\n"),
        ("inc/name.h", "int NAME(void);\nint last_name;\n"),
        ("inc/paste.h", "#define GLUE_(a, b) a##b\n#define GLUE(a, b) GLUE_(a, b)\nint GLUE(GL, OW);\n"),
        ("1.c", "#include <mode.h>\n#include <name.h>\n#include <paste.h>\n"),
        (
            "2.c",
            "#define MODE 1\n#define NAME other\n#define GLOW shine\n#include <mode.h>\n#include <name.h>\n#include <paste.h>\n",
        ),
        ("3.c", "#define MODE 2\n#define last first\n#include <mode.h>\n#include <name.h>\n#include <paste.h>\n"),
        ("4.c", "#define with MODE\n#define MODE 3\n#include <mode.h>\n#undef MODE\n#include <mode.h>\n"),
    ]);
    let counters = compare(&world, &["1.c", "2.c", "3.c", "4.c", "1.c"]);
    assert_eq!(counters[4].unwrap().replayed - counters[3].unwrap().replayed, 3);
    let read: Vec<u64> = counters.iter().map(|c| c.unwrap().read).collect();
    assert_eq!(read[0..2], [3, 6], "all three must be read anew: {read:?}");
}

/// Headers with everything that makes a recording hard.
const HARD: &[(&str, &str)] = &[
    ("inc/a.h", A),
    ("inc/b.h", B),
    ("sys/c.h", C),
    ("inc/once.h", "#pragma once\n#include \"c.h\"\nint once;\n"),
    ("inc/outer.h", "#include \"once.h\"\n#include \"once.h\"\nint outer;\n"),
    ("inc/counter.h", "int n[] = { __COUNTER__, __COUNTER__ };\n"),
    ("inc/level.h", "int level = __INCLUDE_LEVEL__;\n#include \"line.h\"\n"),
    ("inc/base.h", "char *base = __BASE_FILE__, *file = __FILE__, *date = __DATE__;\n"),
    (
        "inc/line.h",
        "int line = __LINE__; char *name = __FILE__;\n#line 77 \"else.h\"\nint other = __LINE__;\nchar *n = __FILE__;\n",
    ),
    ("inc/warn.h", "#define M0 other\n#warning be careful\n#if UNKNOWN\n#endif\nint warned;\n"),
    (
        "inc/push.h",
        "#pragma push_macro(\"M1\")\n#undef M1\n#define M1 pushed\nint M1;\n#pragma pop_macro(\"M1\")\nint M1;\n",
    ),
    ("inc/x.h", "#ifdef X\nX(one)\nX(two)\n#endif\n#undef X\n"),
    (
        "inc/cond.h",
        "#if defined M0 && M0 > 1\n#include \"a.h\"\nint yes;\n#elif !defined(M1)\n#include <c.h>\n#else\nint neither;\n#endif\nM2\n",
    ),
    ("inc/open.h", "int open;\n#if 1\nint more;\n"),
    ("inc/tail.h", "#define CALL(x) x x\nint tail; M3"),
    ("inc/call.h", "int call; CALL\n"),
    ("inc/args.h", "M4(\n#include \"c.h\"\n)\nint args;\n"),
    (
        "inc/pack.h",
        "#pragma pack(push, 1)\nstruct p { char c; };\n#pragma pack(pop)\n#pragma GCC visibility push(hidden)\n",
    ),
    (
        "inc/diag.h",
        "#pragma GCC diagnostic push\n#pragma GCC diagnostic ignored \"-Wundef\"\n#if UNKNOWN2\n#endif\n#pragma GCC diagnostic pop\n#if UNKNOWN3\n#endif\n",
    ),
    ("inc/sysh.h", "#pragma GCC system_header\n#if UNKNOWN4\n#endif\nint sysh;\n"),
    ("inc/next.h", "int mine;\n#include_next <next.h>\n"),
    ("sys/next.h", "int theirs = M0;\n"),
    (
        "inc/computed.h",
        "#define WHICH <c.h>\n#include WHICH\n#undef WHICH\n#if __has_include(<no.h>) || __has_include(M5)\nint has;\n#endif\n",
    ),
    ("inc/odd.h", "int \\\nodd = 'a'; /* comment /* in\n comment */ char *s = \"M0\" #M1; M0##M1 @ int z;\n"),
    ("inc/strings.h", "#define STR(x...) #x\n#define XSTR(x) STR(x)\nchar *strings = XSTR(M0 M1 (M2));\nM3(M0, M1)\n"),
    ("inc/poison.h", "#pragma GCC poison bad\nint poison;\n"),
    ("inc/op.h", "_Pragma(\"pack(4)\") int op; M2 _Pragma(\"push_macro(\\\"M0\\\")\")\n"),
    ("inc/empty.h", ""),
    (
        "inc/redefine.h",
        "#undef __STDC_VERSION__\n#define same 1\n#define same 1\n#define EMPTY\n#define F( a , b ) a + b /* x */\n#define F(a, b) a + b\nint r = F(same, 2) EMPTY;\n",
    ),
    (
        "inc/splice.h",
        "#define LONG one \\\n two\n#define Q \"/*\" // c\nint LONG; char *q = Q;\n#define BAD(x) #y\n#define V __VA_ARGS__\n",
    ),
];

/// The next of a fixed row of numbers.
fn random(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

fn random_unit(state: &mut u64) -> String {
    let mut text = String::new();
    for _ in 0..random(state) % 4 {
        text.push_str(["/* a comment\n of lines */\n", "// one\n", "\n\n", "int before;\n"][random(state) % 4]);
    }
    for _ in 0..2 + random(state) % 9 {
        let m = random(state) % 6;
        let lines = [
            format!("#define M{m} {}\n", random(state) % 3),
            format!("#undef M{m}\n"),
            format!("#define M{m}(x, ...) x int v{m};\n"),
            format!("#define M{m} M{} \"<c.h>\"\n", (m + 1) % 6),
            "#define X(n) int x_##n;\n".to_string(),
            "#pragma GCC diagnostic ignored \"-Wundef\"\n".to_string(),
            "(1)\n".to_string(),
            format!("int M{m} = __COUNTER__;\n"),
            "void f(void) {\n#include \"c.h\"\n}\n".to_string(),
            "#import \"once.h\"\n".to_string(),
        ];
        if random(state).is_multiple_of(3) {
            text.push_str(&lines[random(state) % lines.len()]);
        } else {
            let (path, _) = HARD[random(state) % HARD.len()];
            let name = &path[4..];
            text.push_str(&if random(state).is_multiple_of(2) {
                format!("#include \"{name}\"\n")
            } else {
                format!("#include <{name}>\n")
            });
        }
    }
    text.push_str("int last = M0 + M1;\n");
    text
}

#[test]
fn sessions_give_what_each_unit_gives_alone() {
    let mut state = 1;
    let mut replayed = 0;
    for _ in 0..60 {
        let mut world = World::new(HARD);
        let names: Vec<String> = (0..8).map(|n| format!("{n}.c")).collect();
        for name in &names {
            world.0.insert(name.clone(), random_unit(&mut state));
        }
        let units: Vec<&str> = (0..14).map(|_| names[random(&mut state) % names.len()].as_str()).collect();
        let counters = compare(&world, &units);
        replayed += counters.iter().flatten().map(|counters| counters.replayed).max().unwrap_or(0);
    }
    assert!(replayed > 1000, "{replayed} segments were replayed");
}

#[test]
fn a_file_may_be_included_very_often() {
    let mut world = World::new(HARD);
    let unit: String = (0..300).map(|n| format!("#define X(name) int x{n}_##name;\n#include \"x.h\"\n")).collect();
    world.0.insert("1.c".into(), unit);
    let counters = compare(&world, &["1.c", "1.c", "1.c"]);
    // The name pasted differs each time, so that nothing but the place tells them apart; behind the last place all are read.
    assert_eq!(counters[2].unwrap().read, counters[0].unwrap().read + 2 * 64);
}

#[test]
fn other_options_begin_anew() {
    let world = World::new(&[("inc/a.h", "int a = M;\n"), ("1.c", "#include <a.h>\n")]);
    let (_, kept) = everything(Pp::new_session(options("1.c"), &world));
    let kept = kept.unwrap();
    assert!(kept.fits(&options("2.c")));
    let mut other = options("1.c");
    other.macros.push(lang_c::options::MacroOption::Define("M".into()));
    assert!(!kept.fits(&other));
}

#[test]
fn the_parser_sees_no_difference() {
    let world = World::new(&[
        ("inc/a.h", A),
        ("inc/b.h", B),
        ("sys/c.h", C),
        ("inc/bad.h", "int bad(void) { int unused; return undeclared; }\n#define WRONG 1 +\nint wrong = WRONG;\n"),
        ("1.c", "#include \"a.h\"\n#include \"bad.h\"\nint main(void) { return b(TWICE(one)); }\n"),
        (
            "2.c",
            "\n\n#include \"b.h\"\n#include \"bad.h\"\n#include \"a.h\"\nint main(void) { return b(TWICE(two)); }\n",
        ),
    ]);
    let mut kept: Option<Kept> = None;
    for unit in ["1.c", "2.c", "2.c", "1.c"] {
        let run = |pp| {
            let mut parser = Parser::new(pp, &common::LAYOUT, ParseOptions::default());
            let mut out = String::new();
            while parser.next_external().is_some() {}
            parser.finish();
            let (mut kept, map, diags) = parser.pp.into_kept();
            for diag in &diags.diags {
                render(&mut out, &map, "check", diag, RenderOptions::default());
            }
            if let Some(kept) = &mut kept {
                kept.give_back(map);
            }
            (out, kept)
        };
        let mut options = options(unit);
        options.warnings.option("all").unwrap();
        let (alone, _) = run(Pp::new(options.clone(), &world));
        let (shared, next) = run(match kept.take() {
            Some(kept) => Pp::go_on(kept, options, &world),
            None => Pp::new_session(options, &world),
        });
        assert!(alone.contains("‘undeclared’ undeclared"), "{alone}");
        assert_eq!(alone, shared);
        kept = next;
    }
}
