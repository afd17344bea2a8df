//! Both register sinks make programs that do the same: the fast one, which users get, and the one that keeps every value
//! in the frame, which knows no allocation that selection could lean on. The corpus: the project's own programs, tcc's
//! `tests2`, csmith's random programs.

mod common;

use codegen::NativeSink;
use common::{Ran, TARGET, TIME_UP, lower_all, object_of, run};
use testkit::corpus::{self, CProgram, in_parallel};
use testkit::tools::TempDir;

/// Seeds of csmith's programs.
const SEEDS: std::ops::Range<u64> = 100..120;
/// A program may run so long: most of csmith's end at once or never.
const SECONDS: u32 = 10;

enum Compared {
    Agree,
    /// Neither ends.
    Endless,
    NotCompiled(String),
    Differ(String),
}

fn compare(program: &CProgram) -> Compared {
    let lowered = match lower_all(program) {
        Ok(lowered) => lowered,
        Err(error) => return Compared::NotCompiled(error),
    };
    let with = |sink: fn(&'static codegen::Select) -> NativeSink| -> Result<Ran, String> {
        let mut objects = Vec::new();
        for (at, (request, lowered)) in lowered.iter().enumerate() {
            let made = object_of(request, &lowered.unit, &lowered.module, &lowered.map, sink(TARGET.select))?;
            objects.push((format!("{at}.o"), made));
        }
        run(objects, &program.args, None, SECONDS)
    };
    match (with(NativeSink::new), with(NativeSink::spilling)) {
        // Messages of the linker hold addresses: their first lines are compared.
        (Err(fast), Err(spilling)) if fast.lines().next() == spilling.lines().next() => Compared::NotCompiled(fast),
        (Ok(fast), Ok(spilling)) if fast.status == TIME_UP && spilling.status == TIME_UP => Compared::Endless,
        (Ok(fast), Ok(spilling)) if fast == spilling => Compared::Agree,
        (Ok(fast), Ok(spilling)) => {
            let lines = fast.stdout.lines().zip(spilling.stdout.lines()).find(|(a, b)| a != b);
            Compared::Differ(format!("statuses {} and {}, {lines:?}", fast.status, spilling.status))
        }
        (fast, spilling) => Compared::Differ(format!("{:?} and {:?}", fast.err(), spilling.err())),
    }
}

#[test]
fn both_sinks_make_the_same_program() {
    let dir = TempDir::new("sinks").expect("a temporary directory");
    let mut programs = corpus::csmith(dir.path(), SEEDS);
    programs.extend(corpus::own_programs());
    programs.extend(corpus::tests2());
    let results = in_parallel(&programs, compare);
    let (mut agree, mut endless, mut not_compiled, mut differ) = (0, 0, 0, 0);
    for (program, result) in programs.iter().zip(results) {
        match result {
            Compared::Agree => agree += 1,
            Compared::Endless => endless += 1,
            Compared::NotCompiled(why) => {
                println!("not compiled: {}: {}", program.name, why.lines().next().unwrap_or_default());
                not_compiled += 1;
            }
            Compared::Differ(why) => {
                println!("differ: {}: {why}", program.name);
                differ += 1;
            }
        }
    }
    println!("figure: programs agreeing {agree}");
    println!("figure: programs endless {endless}");
    println!("figure: programs not compiled {not_compiled}");
    println!("figure: programs differing {differ}");
    assert_eq!(differ, 0);
    assert!(agree > 0);
}
