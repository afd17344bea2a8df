//! The interpreter's C library against the host's: the same program of the small language, interpreted, and its calls as
//! C compiled with gcc.

use ir::interp::Limits;
use ir::record::Recorder;
use std::fmt::Write;
use testkit::rng::Rng;
use testkit::run::{End, run_program};
use testkit::tools::{gcc_and_run, have};

/// A `printf` conversion and an argument, as C text. `long double` arguments are not of the small language.
fn conversion(rng: &mut Rng) -> (String, String) {
    let mut format = String::from("%");
    for flag in ["-", "+", " ", "#", "0"] {
        if rng.one_in(4) {
            format.push_str(flag);
        }
    }
    if rng.one_in(2) {
        write!(format, "{}", rng.below(30)).unwrap();
    }
    let precision = rng.one_in(2).then(|| rng.below(25));
    let kind = *rng.pick(&["d", "ld", "u", "x", "lX", "o", "hhd", "f", "e", "g", "G", "E", "a", "A", "s", "c"]);
    if let Some(precision) = precision.filter(|_| kind != "c") {
        write!(format, ".{precision}").unwrap();
    }
    format.push_str(kind);
    let arg = match kind.as_bytes()[kind.len() - 1] {
        b's' => "\"some text\"".into(),
        b'c' => format!("{}", 33 + rng.below(90)),
        b'd' | b'u' | b'x' | b'X' | b'o' if kind.contains('l') => {
            format!("{}", (rng.interesting(63) >> rng.below(60)) as i64)
        }
        b'd' | b'u' | b'x' | b'X' | b'o' => format!("{}", rng.interesting(31)),
        _ => {
            let number = rng.interesting(50) as f64 / [1.0, 3.0, 1e7, 1e15][rng.below(4)];
            format!("{number:.9}")
        }
    };
    (format, arg)
}

fn interpreted(program: &str) -> String {
    let mut recorder = Recorder::new();
    testkit::mini::compile(program, &mut recorder).unwrap_or_else(|error| panic!("{error}\n{program}"));
    let run = run_program(&[recorder.unit], &["test"], b"", Limits::default());
    assert_eq!(run.end, End::Exit(0));
    String::from_utf8_lossy(&run.stdout).into_owned()
}

#[test]
fn printf_formats_as_the_host_does() {
    if !have("gcc") {
        return;
    }
    let mut rng = Rng::new(1);
    let mut calls = String::new();
    let mut formats = Vec::new();
    for _ in 0..1500 {
        let (format, arg) = conversion(&mut rng);
        let suffix = if format.ends_with(['d', 'X']) && format.contains('l') { " as long" } else { "" };
        writeln!(calls, "printf(\"[{format}]\\n\", {arg}{suffix});").unwrap();
        formats.push((format, arg));
    }
    let ours =
        interpreted(&format!("extern fn printf(format: *byte, ...) -> int; fn main() -> int {{ {calls} return 0; }}"));
    let c = format!("#include <stdio.h>\nint main(void) {{ {} return 0; }}", calls.replace(" as long", "L"));
    let theirs = gcc_and_run(&c, &["-O0"]).unwrap();
    let theirs = String::from_utf8_lossy(&theirs.stdout);
    for ((ours, theirs), (format, arg)) in ours.lines().zip(theirs.lines()).zip(&formats) {
        assert_eq!(ours, theirs, "{format} of {arg}");
    }
    assert_eq!(ours.lines().count(), formats.len());
    println!("figure: conversions {}", formats.len());
}

#[test]
fn rand_gives_the_host_s_numbers() {
    if !have("gcc") {
        return;
    }
    let more = "srand(1); printf(\"%d\\n\", rand()); return 0; }";
    let ours = interpreted(&format!(
        "extern fn printf(format: *byte, ...) -> int; extern fn rand() -> int; extern fn srand(seed: int);
        fn main() -> int {{ var a: int; srand(42); a = rand(); printf(\"%d \", a); a = rand(); printf(\"%d\\n\", a); {more}"
    ));
    let theirs = gcc_and_run(
        "#include <stdio.h>\n#include <stdlib.h>\nint main(void) { srand(42); int a = rand(); printf(\"%d \", a); a = rand();
        printf(\"%d\\n\", a); srand(1); printf(\"%d\\n\", rand()); return 0; }",
        &[],
    );
    assert_eq!(ours, String::from_utf8_lossy(&theirs.unwrap().stdout));
}
