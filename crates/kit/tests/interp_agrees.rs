//! The interpreter and machine code do the same with the same IR: output and exit status of csmith's random programs and
//! tcc's `tests2`. What the interpreter cannot run (a function that its library lacks, too many steps, assembly) is
//! counted, by reason.

mod common;

use codegen::NativeSink;
use common::{Ran, TARGET, TIME_UP, lower_all, object_of, run};
use ir::interp::Limits;
use ir::record::Unit;
use std::collections::BTreeMap;
use testkit::corpus::{self, CProgram, in_parallel};
use testkit::run::{End, run_program};
use testkit::tools::TempDir;

/// Seeds of csmith's programs.
const SEEDS: std::ops::Range<u64> = 1000..1040;
/// Instructions that a program may take in the interpreter: csmith's programs end at once or never.
const STEPS: u64 = 30_000_000;
/// Machine code is given more time than that many instructions could take.
const SECONDS: u32 = 20;

/// `tests2` that print what differs on purpose, and what it is.
const NOT_COMPARED: &[(&str, &str)] =
    &[("46_grep.c", "reads a file"), ("40_stdio.c", "reads a file"), ("101_cleanup.c", "prints addresses")];

enum Compared {
    Agree,
    CannotRun(String),
    Differ(String),
}

fn compare(program: &CProgram) -> Compared {
    if let Some((_, why)) = NOT_COMPARED.iter().find(|(name, _)| program.name == *name) {
        return Compared::CannotRun((*why).into());
    }
    let lowered = match lower_all(program) {
        Ok(lowered) => lowered,
        Err(_) => return Compared::CannotRun("it does not compile".into()),
    };
    let units: Vec<Unit> = lowered.iter().map(|(_, lowered)| lowered.unit.clone()).collect();
    let mut argv = vec!["./a.out"];
    argv.extend(program.args.iter().map(String::as_str));
    let interpreted = run_program(&units, &argv, b"", Limits { steps: STEPS, ..Limits::default() });
    let ran = match interpreted.end {
        End::Exit(status) => {
            Ran { status: i32::from(status), stdout: String::from_utf8_lossy(&interpreted.stdout).into_owned() }
        }
        End::CannotRun(why) => return Compared::CannotRun(why),
        End::Trap(why) => {
            return match native(program, &lowered) {
                Ok(ran) if ran.status > 128 => Compared::Agree,
                Ok(ran) => Compared::Differ(format!("the interpreter traps: {why}; status {}", ran.status)),
                Err(why) => Compared::CannotRun(why),
            };
        }
    };
    match native(program, &lowered) {
        Ok(found) if found == ran => Compared::Agree,
        Ok(found) if found.status == TIME_UP => Compared::Differ("the machine code does not end".into()),
        Ok(found) => {
            let line = ran.stdout.lines().zip(found.stdout.lines()).find(|(a, b)| a != b);
            Compared::Differ(format!("statuses {} and {}; interpreted and run: {line:?}", ran.status, found.status))
        }
        Err(why) => Compared::CannotRun(why),
    }
}

fn native(program: &CProgram, lowered: &[(kit::compile::CompileRequest, common::Lowered)]) -> Result<Ran, String> {
    let mut objects = Vec::new();
    for (at, (request, lowered)) in lowered.iter().enumerate() {
        let sink = NativeSink::new(TARGET.select);
        objects.push((format!("{at}.o"), object_of(request, &lowered.unit, &lowered.module, &lowered.map, sink)?));
    }
    run(objects, &program.args, None, SECONDS)
}

#[test]
fn interpreter_and_machine_code_agree() {
    let dir = TempDir::new("agree").expect("a temporary directory");
    let mut programs = corpus::csmith(dir.path(), SEEDS);
    programs.extend(corpus::own_programs());
    programs.extend(corpus::tests2());
    let results = in_parallel(&programs, compare);
    let (mut agreeing, mut differing) = (0, 0);
    let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (program, result) in programs.iter().zip(results) {
        match result {
            Compared::Agree => agreeing += 1,
            Compared::CannotRun(why) => {
                let reason = why.lines().next().unwrap_or_default().to_owned();
                reasons.entry(reason).or_default().push(&program.name);
            }
            Compared::Differ(why) => {
                println!("differ: {}: {why}", program.name);
                differing += 1;
            }
        }
    }
    for (reason, names) in &reasons {
        println!("cannot run {}: {reason}: {}", names.len(), names.join(" "));
    }
    println!("figure: programs agreeing {agreeing}");
    println!("figure: programs not run {}", reasons.values().map(Vec::len).sum::<usize>());
    println!("figure: programs differing {differing}");
    assert_eq!(differing, 0);
    assert!(agreeing > 0);
}
