//! Programs of the small language: compiled over the public IR, verified, through text, run in the interpreter.

mod common;

use common::PROGRAMS;
use ir::interp::Limits;
use ir::record::Recorder;
use ir::text::{parse, print};
use ir::verify::verify;
use testkit::mini::compile;
use testkit::run::{End, run_program};

#[test]
fn programs_run_in_the_interpreter() {
    for (name, text, status, output) in PROGRAMS {
        let mut recorder = Recorder::new();
        compile(text, &mut recorder).unwrap_or_else(|error| panic!("{name}: {error}"));
        let unit = recorder.unit;
        let module = unit.module();
        for func in unit.functions() {
            assert_eq!(verify(&module, func), [], "{name}");
        }
        let parsed = parse(print(&unit).as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(parsed, unit, "{name}");
        let run = run_program(&[parsed], &["mini"], b"", Limits::default());
        assert_eq!(String::from_utf8_lossy(&run.stdout), *output, "{name}");
        assert_eq!(run.end, End::Exit(*status), "{name}");
    }
    println!("figure: programs {}", PROGRAMS.len());
}

#[test]
fn the_front_end_stays_small() {
    let lines = include_str!("../src/mini.rs").lines().count();
    println!("figure: front end lines {lines}");
    assert!(lines <= 800, "{lines}");
}

#[test]
fn wrong_programs_are_told_where() {
    let error = |text: &str| compile(text, &mut Recorder::new()).unwrap_err();
    assert_eq!(error("fn f() {\n  x = 1;\n}"), "line 2: there is no `x`");
    assert_eq!(error("fn f(a: int) { f(1, 2); }"), "line 1: too many arguments");
    assert_eq!(error("fn f() { var p: *int = 0 as *int; p.x = 1; }"), "line 1: Int has no members");
}
