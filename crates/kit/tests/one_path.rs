//! One path: what the front end says about a unit goes through the IR's text form and back, obeys the verifier's rules,
//! and gives the object that the direct way gives, byte for byte. The corpus: the project's own programs, tcc's `tests2`,
//! gcc's `c-torture/execute`, csmith's programs, Lua, zlib, SQLite; all but the last three with debug information, too.

mod common;

use codegen::NativeSink;
use common::{TARGET, compile, lower, object_of, request};
use ir::record::Unit;
use std::path::Path;
use testkit::corpus::{self, CProgram, in_parallel};
use testkit::tools::TempDir;

/// Seeds of csmith's programs.
const SEEDS: std::ops::Range<u64> = 2000..2030;

/// What came of a unit.
struct Trip {
    functions: usize,
    /// Why it is not the same.
    different: Option<String>,
}

fn trip(program: &CProgram, source: &Path, debug: bool) -> Trip {
    let request = request(program, source, debug);
    let mut functions = 0;
    let different = (|| {
        let direct = compile(&request)?;
        let lowered = lower(&request)?;
        let module = lowered.unit.module();
        for func in lowered.unit.functions() {
            functions += 1;
            if let Some(error) = ir::verify::verify(&module, func).first() {
                return Err(format!("the verifier says {error}"));
            }
        }
        let text = ir::text::print(&lowered.unit);
        let parsed = ir::text::parse(text.as_bytes()).map_err(|error| format!("its text does not parse: {error}"))?;
        if parsed != lowered.unit {
            return Err(format!("its text says something else: {}", first_difference(&parsed, &lowered.unit)));
        }
        // The module, too, is what the text says.
        let native = NativeSink::new(TARGET.select);
        let through_text = object_of(&request, &parsed, &parsed.module(), &lowered.map, native)?;
        if direct != through_text {
            return Err(format!("{} bytes of object, through text {}", direct.len(), through_text.len()));
        }
        Ok(())
    })()
    .err();
    Trip { functions, different }
}

fn first_difference(parsed: &Unit, unit: &Unit) -> String {
    let events = parsed.events.iter().zip(&unit.events);
    match events.enumerate().find(|(_, (a, b))| a != b) {
        Some((at, (a, b))) => {
            let short = |text: String| text.chars().take(300).collect::<String>();
            format!("event {at}: {} instead of {}", short(format!("{a:?}")), short(format!("{b:?}")))
        }
        None => format!("{} events instead of {}", parsed.events.len(), unit.events.len()),
    }
}

#[test]
fn text_gives_the_same_bytes() {
    let dir = TempDir::new("one-path").expect("a directory for csmith's programs");
    let mut small = corpus::own_programs();
    small.extend(corpus::tests2().into_iter().chain(corpus::torture()).chain(corpus::csmith(dir.path(), SEEDS)));
    let real = corpus::real_units();
    let mut jobs: Vec<(&CProgram, bool)> = Vec::new();
    // The largest first, so that no thread waits for it at the end.
    jobs.extend(real.iter().rev().map(|unit| (unit, false)));
    jobs.extend(small.iter().flat_map(|program| [(program, false), (program, true)]));
    let trips = in_parallel(&jobs, |(program, debug)| {
        let of_one = |source| trip(program, source, *debug);
        program.sources.iter().map(|source| of_one(source)).collect::<Vec<Trip>>()
    });
    let (mut functions, mut different, mut not_compiled) = (0, 0, 0);
    for ((program, debug), trips) in jobs.iter().zip(trips) {
        for trip in trips {
            functions += trip.functions;
            match trip.different {
                // Breadth is counted elsewhere: this test is about what compiles.
                Some(why) if trip.functions == 0 && why.contains("error:") => not_compiled += 1,
                Some(why) => {
                    println!("different: {} (debug: {debug}): {why}", program.name);
                    different += 1;
                }
                None => {}
            }
        }
    }
    println!("figure: units {}", jobs.len());
    println!("figure: units not compiled {not_compiled}");
    println!("figure: functions {functions}");
    println!("figure: different {different}");
    assert_eq!(different, 0);
    assert!(functions >= 15_000, "{functions} functions are no corpus");
    assert!(not_compiled * 6 < jobs.len(), "{not_compiled} units are a sixth of the corpus");
}
