//! The parser's state is lengths and trail marks: going back over an external declaration leaves no trace.

mod common;

use lang_c::parse::{ParseOptions, Parser};
use lang_c::pp::Pp;

const UNIT: &str = "#include <stdio.h>\n#include <stdlib.h>\n\
    struct s; struct t { struct s *p; int n : 3; }; struct s { int a; union { int b; float c; }; };\n\
    enum later; enum colour { RED, GREEN = 7 }; typedef struct t T; extern int table[]; static int f(int); int x;\n\
    int table[4] = { 1, 2 }; int x = 3; static int f(int a) { static int n; struct local { int q; } l = { a }; goto out;\n\
    out: return n++ + l.q + x; }\n\
    #pragma pack(push, 1)\nstruct packed { char c; long l; };\n#pragma pack(pop)\n\
    int g(a, b) int a; char b; { extern int elsewhere; return implicit(a, b) + elsewhere + f(GREEN); }\n\
    int implicit(int a, char b) { return a + b; }\nint *h(void) { return (int[]){ 1, 2, 3 }; }\n";

#[test]
fn going_back_over_each_declaration_leaves_no_trace() {
    let files = common::Files { text: Some(UNIT.as_bytes().to_vec()) };
    let mut parser = Parser::new(Pp::new(common::options("t.c"), &files), &common::LAYOUT, ParseOptions::default());
    // States before each declaration, in order; then back through them.
    let mut states = vec![(parser.mark(), parser.dump_state())];
    while parser.next_external().is_some() {
        states.push((parser.mark(), parser.dump_state()));
    }
    assert!(states.len() > 300, "headers and {} declarations", states.len());
    for (mark, text) in states.into_iter().rev() {
        parser.rewind(mark);
        assert_eq!(parser.mark(), mark);
        let now = parser.dump_state();
        if now != text {
            let (a, b) = text.lines().zip(now.lines()).find(|(a, b)| a != b).unwrap_or(("", ""));
            panic!("before: {a}\nafter:  {b}");
        }
    }
}
