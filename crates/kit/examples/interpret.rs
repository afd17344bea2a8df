//! A C program in the IR's interpreter, from front end to exit status: `interpret [-Idir] [--steps=N] FILE.c...`.
//!
//! What the program prints is printed, its exit status is given back; 125 and a message say that it cannot be run there
//! (a function that the interpreter's library lacks, more steps than allowed), 124 that it did what would be a signal.

use ir::interp::Limits;
use ir::record::Recorder;
use kit::compile::{CodeOptions, CompileRequest, Goal, lower_to};
use kit::plugins::TARGETS;
use lang_c::options::Options;
use std::io::Write;
use testkit::run::{End, run_program};

fn main() {
    let (mut files, mut include_dirs, mut steps) = (Vec::new(), Vec::new(), 1_000_000_000);
    for arg in std::env::args().skip(1) {
        if let Some(dir) = arg.strip_prefix("-I") {
            include_dirs.push(dir.to_owned());
        } else if let Some(count) = arg.strip_prefix("--steps=") {
            steps = count.parse().unwrap_or(steps);
        } else {
            files.push(arg);
        }
    }
    let mut units = Vec::new();
    for file in &files {
        let mut c = Options::new(file);
        c.no_warnings = true;
        c.include_dirs.clone_from(&include_dirs);
        c.system_dirs = vec![
            kit::headers::DIR.to_string(),
            "/usr/local/include".to_string(),
            format!("/usr/include/{}", TARGETS[0].multiarch),
            "/usr/include".to_string(),
        ];
        let request = CompileRequest {
            target: &TARGETS[0],
            c,
            code: CodeOptions::default(),
            goal: Goal::Object,
            processors: None,
        };
        let mut recorder = Recorder::new();
        if lower_to(&request, &sys::Host, &mut recorder).diags.has_errors() {
            eprintln!("interpret: {file} does not compile");
            std::process::exit(125);
        }
        units.push(recorder.unit);
    }
    // The interpreter is called again for every call that it interprets.
    let work = move || run_program(&units, &["./a.out"], b"", Limits { steps, ..Limits::default() });
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(work).expect("a thread");
    let ran = thread.join().expect("the interpreter ends");
    std::io::stdout().write_all(&ran.stdout).expect("written");
    let status = match ran.end {
        End::Exit(status) => i32::from(status),
        End::Trap(why) => {
            eprintln!("interpret: {why}");
            124
        }
        End::CannotRun(why) => {
            eprintln!("interpret: {why}");
            125
        }
    };
    std::process::exit(status);
}
