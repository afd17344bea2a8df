//! `cargo xtask ci`: everything a change must pass, in the order in which it fails fastest, with a closing line
//! `N passed, N failed` that counts every test of every runner.
//!
//! The judges of breadth have a *floor*: what they passed when somebody last raised it. CI fails when a figure falls
//! below its floor, so that breadth is never lost unnoticed; goals stand in `accept.rs`.

use crate::judge::{self, Ci, Verdict};
use crate::random::{self, Csmith};
use crate::{accept, gas, gccs, l0, l1, mc, mutants, util};
use std::fs;
use std::path::Path;
use std::time::Instant;

/// The least that each judge of breadth must give, in passed cases.
/// Raise a floor in the commit that earns it.
const TORTURE_FLOOR: u32 = 1643;
const TESTS2_FLOOR: u32 = 91;
/// Damaged files tried in CI; more are tried by hand: `cargo xtask mutants`.
const MUTANT_COUNT: u64 = 1000;
/// Random programs tried in CI, drawn from the commit's hash; all of them must agree with gcc.
const CSMITH_COUNT: usize = 100;
/// Damaged assembly, objects and programs tried in CI through the tools that read them.
const TOOL_MUTANT_COUNT: u64 = 600;
/// The floors of the judges of assembly: cases of gas's tests by kit as, and by kit's dump programs; LLVM's encodings;
/// compilers' assembly and round trips in the sample below; percent of libc's lines disassembled as GNU does.
const GAS_FLOOR: u32 = 807;
const GAS_DUMPS_FLOOR: u32 = 786;
const MC_FLOOR: u32 = 62352;
const GCCS_FLOOR: u32 = 452;
const L1_FLOOR: u32 = 168;
const L0_FLOOR: f64 = 99.99;
/// Every so many sources of the corpus: 7 minutes of it all are half a minute in CI.
const SAMPLE: &str = "--sample=97";
/// Random functions that kit and gcc call of each other in CI, drawn from the commit's hash.
const ABI_FUNCTIONS: u32 = 600;

/// The sum so far, and where time went.
#[derive(Default)]
struct Tally {
    passed: u32,
    failed: u32,
    failures: Vec<String>,
}

impl Tally {
    /// Runs one step; `Ok` holds the counts of the tests in it.
    fn step(&mut self, name: &str, run: impl FnOnce() -> Result<Verdict, String>) {
        println!("--- {name}");
        let start = Instant::now();
        let (verdict, note) = match run() {
            Ok(verdict) => (verdict, String::new()),
            Err(why) => (Verdict { failed: 1, ..Verdict::default() }, format!(": {why}")),
        };
        self.passed += verdict.passed;
        self.failed += verdict.failed;
        if verdict.failed > 0 {
            self.failures.push(format!("{name}{note}"));
        }
        let seconds = start.elapsed().as_secs_f64();
        println!("--- {name}: {} passed, {} failed, {seconds:.0} s{note}", verdict.passed, verdict.failed);
    }
}

/// The verdict of a step that is one check.
fn one(ok: bool) -> Verdict {
    Verdict { passed: u32::from(ok), failed: u32::from(!ok), skipped: 0 }
}

pub fn run(args: &[String]) -> Result<bool, String> {
    let mut tally = Tally::default();
    tally.step("format", || util::succeeds("cargo", &["fmt", "--all", "--check"]).map(one));
    tally.step("tidy", || crate::tidy::run(&[]).map(one));
    tally.step("clippy", || {
        let args = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
        util::succeeds("cargo", &args).map(one)
    });
    tally.step("tests", workspace_tests);
    if !util::flag(args, "--quick") {
        judges(&mut tally);
    }
    for failure in &tally.failures {
        println!("failed: {failure}");
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(tally.failed == 0)
}

/// All tests of the workspace, by nextest where it is installed.
fn workspace_tests() -> Result<Verdict, String> {
    // The tests find out from this that a missing tool is a failure and not a skip.
    let nextest = util::output_of("cargo", &["nextest", "--version"]).is_ok_and(|o| o.status.success());
    let runner: &[&str] = if nextest {
        &["KIT_CI=1", "cargo", "nextest", "run", "--workspace", "--no-fail-fast", "--color=never"]
    } else {
        &["KIT_CI=1", "cargo", "test", "--workspace", "--no-fail-fast", "--color=never"]
    };
    // nextest counts on its error stream: both are read as one.
    let line = format!("env {} 2>&1", runner.join(" "));
    let (ok, text) = util::tee("sh", &["-c", &line])?;
    let mut verdict = test_counts(&text);
    if !ok && verdict.failed == 0 {
        verdict.failed = 1;
    }
    if verdict.passed == 0 {
        return Err("no test ran".to_owned());
    }
    Ok(verdict)
}

/// Adds up what `cargo test` (one line a target) or nextest (one summary) print.
fn test_counts(text: &str) -> Verdict {
    let mut sum = Verdict::default();
    for line in text.lines() {
        let line = line.trim();
        let counted = line.starts_with("test result:") || line.starts_with("Summary [");
        if !counted {
            continue;
        }
        for part in line.split([',', ';', ':', '.']) {
            let mut words = part.split_whitespace();
            let (Some(number), Some(what)) = (words.next(), words.next()) else { continue };
            let Ok(number) = number.parse::<u32>() else { continue };
            match what {
                "passed" => sum.passed += number,
                "failed" => sum.failed += number,
                "ignored" | "skipped" => sum.skipped += number,
                _ => {}
            }
        }
    }
    sum
}

/// Builds kit for speed and lets the judges try it.
fn judges(tally: &mut Tally) {
    let mut built = false;
    tally.step("release build", || {
        built = util::succeeds("cargo", &["build", "--release", "--quiet", "--package", "driver"])?;
        Ok(one(built))
    });
    if !built {
        return;
    }
    let kit = util::target_dir().join("release/kit");
    let cc = format!("{} cc", kit.display());
    tally.step("hello", || Ok(one(compiles_hello(&cc))));
    tally.step("accept scripts", || Ok(accept::scripts(&kit)));
    tally.step("torture", || Ok(at_least(judge::run_torture(&cc, 2, &[])?, TORTURE_FLOOR)));
    tally.step("tests2", || Ok(at_least(judge::run_tests2(&cc)?.0, TESTS2_FLOOR)));
    tally.step("mutants", || {
        // Others for every commit, and the same ones for the same commit.
        let seed = u64::from_str_radix(util::commit().get(..12).unwrap_or_default(), 16).unwrap_or(1);
        let tried = mutants::try_mutants(&kit, seed, 0..MUTANT_COUNT, 2, None)?;
        let failed = tried.failures.len() as u32;
        Ok(Verdict { passed: tried.tried as u32 - failed, failed, skipped: 0 })
    });
    tally.step("csmith", || {
        let seed = &util::commit();
        let what = Csmith { cc: &cc, count: CSMITH_COUNT, seed, jobs: 2, interpreter: None, state: None };
        Ok(random::run_csmith(&what)?.verdict)
    });
    assembly(tally, &kit);
    tally.step("abi-fuzz", || Ok(random::run_abi_fuzz(ABI_FUNCTIONS, &util::commit())?.0));
    for program in judge::PROGRAMS.iter().filter(|program| program.ci != Ci::No) {
        let name = program.name;
        tally.step(&format!("program {name}"), || judge::run_program(name, &cc, false));
        if program.ci == Ci::Mixed {
            tally.step(&format!("program {name}, every other unit by gcc"), || judge::run_program(name, &cc, true));
        }
    }
}

/// Judges the tools of assembly, each as soon as it is there.
fn assembly(tally: &mut Tally, kit: &Path) {
    let path = kit.display().to_string();
    let has = |tool: &str| {
        util::output_of(&path, &[tool, "--help"]).is_ok_and(|o| o.status.success() && !o.stdout.is_empty())
    };
    let tool = |name: &str| format!("--{name}={path} {name}");
    if has("as") {
        tally.step("gas", || Ok(at_least(gas::judge(&[tool("as")])?.verdict(), GAS_FLOOR)));
        tally.step("mc", || Ok(at_least(mc::judge(&[tool("as")])?.verdict(), MC_FLOOR)));
        tally.step("gccs", || Ok(at_least(gccs::judge(&[tool("as"), SAMPLE.to_owned()])?.verdict(), GCCS_FLOOR)));
        tally.step("l1", || {
            let args = [tool("as"), tool("cc"), SAMPLE.to_owned()];
            Ok(at_least(l1::judge(&args)?.0.verdict(), L1_FLOOR))
        });
    }
    if has("readelf") {
        let args = ["objdump", "readelf", "nm"].map(tool);
        let args = [&args[..], &["--as=as".to_owned()]].concat();
        tally.step("gas, dumps", || Ok(at_least(gas::judge(&args)?.verdict(), GAS_DUMPS_FLOOR)));
        tally.step("l0", || {
            let libc = util::text_of("gcc", &["-print-file-name=libc.so.6"])?;
            let counts = l0::judge(&[tool("objdump"), libc])?;
            println!("{:.4} % of libc's lines, the floor is {L0_FLOOR}", counts.percent());
            Ok(one(counts.percent() >= L0_FLOOR))
        });
    }
    if has("as") && has("readelf") && has("strip") && has("addr2line") {
        tally.step("mutants of tools", || {
            let seed = u64::from_str_radix(util::commit().get(..12).unwrap_or_default(), 16).unwrap_or(1);
            let tried = mutants::try_mutants(kit, seed, 0..TOOL_MUTANT_COUNT, 2, Some(mutants::TOOLS))?;
            let failed = tried.failures.len() as u32;
            Ok(Verdict { passed: tried.tried as u32 - failed, failed, skipped: 0 })
        });
    }
}

/// A judge's verdict against its floor: at or above it what did not pass is work ahead, not a failure.
fn at_least(verdict: Verdict, floor: u32) -> Verdict {
    println!("{} of {} passed, the floor is {floor}", verdict.passed, verdict.passed + verdict.failed);
    let failed = floor.saturating_sub(verdict.passed);
    Verdict { passed: verdict.passed, failed, skipped: verdict.skipped }
}

/// Whether `cc` makes a program that says hello.
pub fn compiles_hello(cc: &str) -> bool {
    let dir = util::target_dir().join("judge/hello");
    let source = dir.join("hello.c");
    let program = dir.join("hello");
    let text = "#include <stdio.h>\nint main(void) { printf(\"hello %d\\n\", 42); return 0; }\n";
    if fs::create_dir_all(&dir).and_then(|()| fs::write(&source, text)).is_err() {
        return false;
    }
    let line =
        format!("timeout 60 {cc} {} -o {} && timeout 10 {}", source.display(), program.display(), program.display());
    util::output_of("sh", &["-c", &line]).is_ok_and(|o| o.status.success() && o.stdout == b"hello 42\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_both_runners_are_read() {
        let cargo = "test result: ok. 19 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.05s\n\
                     test result: FAILED. 6 passed; 2 failed; 0 ignored; 0 measured\n";
        assert_eq!(test_counts(cargo), Verdict { passed: 25, failed: 2, skipped: 1 });
        let nextest = "     Summary [   0.131s] 26 tests run: 25 passed (1 slow), 1 failed, 3 skipped\n";
        assert_eq!(test_counts(nextest), Verdict { passed: 25, failed: 1, skipped: 3 });
    }

    #[test]
    fn a_floor_forgives_what_is_ahead_and_not_what_is_lost() {
        let verdict = Verdict { passed: 90, failed: 10, skipped: 0 };
        assert_eq!(at_least(verdict, 80).failed, 0);
        assert_eq!(at_least(verdict, 95).failed, 5);
    }
}
