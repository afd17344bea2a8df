//! `cargo xtask accept STEP`: one named check for each clause of a step. The tables, `accept/step_*.rs`, are the promise;
//! this file's functions only run them.
//!
//! A check is proved by a script under `tests/accept`, by an integration test of a crate, by a judge, or by a figure in
//! `bench/RESULTS.md`. What does not exist yet prints `missing`, so that the table can stand before the work it asks for.
//! A proof prints its numbers as lines `figure: NAME VALUE`; a row may bound some of them, and a bounded figure that was
//! not printed is a failure: a test that ran nothing proves nothing.

mod step_1;
mod step_2;
mod step_3;

use crate::judge::{self, Verdict};
use crate::random::{self, Csmith};
use crate::tool::Report;
use crate::{ci, gas, l2, mc, tidy, util};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What shows that a clause holds.
enum Proof {
    /// `tests/accept/NAME.sh`: exit status 0 is a pass, 77 says that what it needs is missing.
    Script(&'static str),
    /// The integration test `crates/PACKAGE/tests/NAME.rs`.
    Test(&'static str, &'static str),
    /// The unit tests of a crate below a module: package and filter, such as `text::`.
    Units(&'static str, &'static str),
    /// A function that is given the path of kit.
    Check(fn(&Path) -> Outcome),
    /// Rows of `bench/RESULTS.md`: nothing is run.
    Results,
}

enum Outcome {
    Pass(String),
    Fail(String),
    Missing(String),
}

/// What a figure must be.
enum Bound {
    AtLeast(f64),
    AtMost(f64),
    /// It only has to be there.
    Present,
}

use Bound::{AtLeast, AtMost, Present};

/// One clause of the step.
struct Clause {
    name: &'static str,
    /// What it shows, in the step's words.
    shows: &'static str,
    proof: Proof,
    figures: &'static [(&'static str, Bound)],
}

const fn clause(
    name: &'static str,
    shows: &'static str,
    proof: Proof,
    figures: &'static [(&'static str, Bound)],
) -> Clause {
    Clause { name, shows, proof, figures }
}

use Proof::{Check, Results, Script, Test, Units};

/// The steps by name.
static STEPS: &[(&str, &[Clause])] = &[("1", step_1::CLAUSES), ("2", step_2::CLAUSES), ("3", step_3::CLAUSES)];

pub fn run(args: &[String]) -> Result<bool, String> {
    let mut names = util::positional(args, &[]);
    let Some((_, clauses)) = names.first().and_then(|name| STEPS.iter().find(|(step, _)| step == name)) else {
        let steps: Vec<&str> = STEPS.iter().map(|(step, _)| *step).collect();
        let steps = steps.join("|");
        return Err(format!("usage: accept {steps} [--list] [NAME...]; a NAME may be a prefix such as `link`"));
    };
    names.remove(0);
    let chosen: Vec<&Clause> =
        clauses.iter().filter(|c| names.is_empty() || names.iter().any(|n| c.name.starts_with(n))).collect();
    if chosen.is_empty() {
        return Err(format!("no check is called {}", names.join(" or ")));
    }
    if util::flag(args, "--list") {
        for clause in &chosen {
            println!("{:<24} {:<52} {}", clause.name, clause.proof_text(), clause.shows);
        }
        return Ok(true);
    }
    if !util::succeeds("cargo", &["build", "--release", "--quiet", "--package", "driver"])? {
        return Err("kit does not build".to_owned());
    }
    let kit = util::target_dir().join("release/kit");
    let (mut passed, mut failed, mut missing) = (0, 0, 0);
    for clause in chosen {
        let start = Instant::now();
        let outcome = clause.judge(&kit);
        let (word, note) = match outcome {
            Outcome::Pass(note) => ("pass", note),
            Outcome::Fail(note) => ("FAIL", note),
            Outcome::Missing(note) => ("missing", note),
        };
        match word {
            "pass" => passed += 1,
            "FAIL" => failed += 1,
            _ => missing += 1,
        }
        let seconds = start.elapsed().as_secs_f64();
        println!("{word:<8} {:<24} {note} ({seconds:.1} s)", clause.name);
    }
    println!("{passed} passed, {failed} failed, {missing} missing");
    Ok(failed == 0 && missing == 0)
}

impl Clause {
    fn proof_text(&self) -> String {
        match self.proof {
            Script(name) => format!("tests/accept/{name}.sh"),
            Test(package, name) => format!("cargo test -p {package} --test {name}"),
            Units(package, filter) => format!("cargo test -p {package} --lib {filter}"),
            Check(_) => format!("cargo xtask accept STEP {}", self.name),
            Results => "bench/RESULTS.md".to_owned(),
        }
    }

    fn judge(&self, kit: &Path) -> Outcome {
        match &self.proof {
            Script(name) => self.bounded(script(name, kit)),
            Test(package, name) => self.bounded(test(package, name)),
            Units(package, filter) => self.bounded(cargo_test(package, &["--lib", filter])),
            Check(check) => check(kit),
            Results => self.results(),
        }
    }

    /// Holds the figures that a proof printed against the row's bounds.
    fn bounded(&self, proof: Result<String, Outcome>) -> Outcome {
        let text = match proof {
            Ok(text) => text,
            Err(outcome) => return outcome,
        };
        let figures = util::figures(&text);
        let notes: Vec<String> = figures.iter().map(|(name, value)| format!("{name} {value}")).collect();
        match self.out_of_bounds(&figures) {
            None => Outcome::Pass(notes.join(", ")),
            Some(why) => Outcome::Fail(why),
        }
    }

    fn out_of_bounds(&self, figures: &[(String, f64)]) -> Option<String> {
        self.figures.iter().find_map(|(name, bound)| {
            let Some((_, value)) = figures.iter().rev().find(|(have, _)| have == name) else {
                return Some(format!("the figure `{name}` was not printed"));
            };
            match bound {
                AtLeast(least) if value < least => Some(format!("{name} is {value}, must be at least {least}")),
                AtMost(most) if value > most => Some(format!("{name} is {value}, must be at most {most}")),
                _ => None,
            }
        })
    }

    /// Figures in the table of `bench/RESULTS.md`: rows that begin with `` | `name` | value | ``.
    fn results(&self) -> Outcome {
        let page = fs::read_to_string(util::root().join("bench/RESULTS.md")).unwrap_or_default();
        let rows = results_rows(&page);
        if let Some((name, _)) = self.figures.iter().find(|(name, _)| rows.iter().all(|(have, _)| have != name)) {
            return Outcome::Missing(format!("bench/RESULTS.md has no `{name}`: bench/run makes it"));
        }
        self.bounded(Ok(rows.iter().filter(|(have, _)| self.figures.iter().any(|(name, _)| have == name)).fold(
            String::new(),
            |mut text, (name, value)| {
                text.push_str(&format!("figure: {name} {value}\n"));
                text
            },
        )))
    }
}

fn results_rows(page: &str) -> Vec<(String, f64)> {
    page.lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
            let name = cells.next()?.strip_prefix('`')?.strip_suffix('`')?;
            Some((name.to_owned(), cells.next()?.parse().ok()?))
        })
        .collect()
}

/// Runs the scripts of all rows, as `cargo xtask ci` does: what is a test of a crate runs there with the others. Rows of a
/// step in the making may have no script yet.
pub fn scripts(kit: &Path) -> Verdict {
    let mut verdict = Verdict::default();
    let has_script = |clause: &&Clause| matches!(clause.proof, Script(name) if script_path(name).is_file());
    for clause in STEPS.iter().flat_map(|(_, clauses)| *clauses).filter(has_script) {
        match clause.judge(kit) {
            Outcome::Pass(note) => {
                verdict.passed += 1;
                println!("pass     {:<24} {note}", clause.name);
            }
            Outcome::Fail(note) | Outcome::Missing(note) => {
                verdict.failed += 1;
                println!("FAIL     {:<24} {note}", clause.name);
            }
        }
    }
    verdict
}

fn script_path(name: &str) -> PathBuf {
    util::root().join("tests/accept").join(format!("{name}.sh"))
}

/// Runs a script of `tests/accept` in a fresh folder; its output when it passed.
fn script(name: &str, kit: &Path) -> Result<String, Outcome> {
    let path = script_path(name);
    if !path.is_file() {
        return Err(Outcome::Missing(format!("tests/accept/{name}.sh does not exist")));
    }
    let work = util::target_dir().join("accept").join(name);
    let _ = fs::remove_dir_all(&work);
    fs::create_dir_all(&work).map_err(|e| Outcome::Fail(format!("{}: {e}", work.display())))?;
    let output = Command::new("timeout")
        .args(["--signal=KILL", "600", "bash"])
        .arg(&path)
        .env("KIT", kit)
        .env("ROOT", util::root())
        .env("LC_ALL", "C")
        .env_remove("CC")
        .current_dir(&work)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| Outcome::Fail(format!("cannot start bash: {e}")))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let first = |start: &str| text.lines().filter(|l| l.starts_with(start)).take(3).collect::<Vec<_>>().join("; ");
    match output.status.code() {
        Some(0) => Ok(text),
        Some(77) => Err(Outcome::Missing(first("missing").replacen("missing: ", "", 1))),
        _ => {
            let count = text.lines().last().unwrap_or("no output").to_owned();
            Err(Outcome::Fail(format!("{count}: {} (tests/accept/{name}.sh)", first("FAIL"))))
        }
    }
}

/// Runs one integration test; its output when it passed.
fn test(package: &str, name: &str) -> Result<String, Outcome> {
    if !util::root().join(format!("crates/{package}/tests/{name}.rs")).is_file() {
        return Err(Outcome::Missing(format!("crates/{package}/tests/{name}.rs does not exist")));
    }
    cargo_test(package, &["--test", name])
}

/// Runs some tests of a crate; their output when all passed and there were any.
fn cargo_test(package: &str, which: &[&str]) -> Result<String, Outcome> {
    let mut args = vec!["test", "--quiet", "--release", "-p", package];
    args.extend_from_slice(which);
    args.extend(["--", "--nocapture", "--color=never"]);
    let output = util::command("cargo", &args).env("KIT_CI", "1").output();
    let output = output.map_err(|e| Outcome::Fail(format!("cannot start cargo: {e}")))?;
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    let which = format!("cargo test -p {package} {}", which.join(" "));
    match text.lines().rev().find(|line| line.starts_with("test result:")) {
        Some(line) if output.status.success() && line.contains(" 0 passed") => {
            Err(Outcome::Missing(format!("{which} runs nothing")))
        }
        Some(line) if output.status.success() => {
            let passed = line.split(' ').nth(3).unwrap_or("0").to_owned();
            text.push_str(&format!("figure: tests {passed}\n"));
            Ok(text)
        }
        _ => {
            let panicked = text.lines().find(|line| line.contains("panicked at")).unwrap_or("does not build");
            Err(Outcome::Fail(format!("{which}: {panicked}")))
        }
    }
}

fn house_tidy(_: &Path) -> Outcome {
    match tidy::run(&[]) {
        Ok(true) => Outcome::Pass("all rules".to_owned()),
        Ok(false) => Outcome::Fail("cargo xtask tidy".to_owned()),
        Err(why) => Outcome::Fail(why),
    }
}

fn house_pages(_: &Path) -> Outcome {
    let pages = [
        "README.md",
        "ARCHITECTURE.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "docs/dependencies.md",
        "docs/status.md",
        "docs/decisions/0001-crate-names-without-prefix.md",
        "bench/RESULTS.md",
        ".ci/run",
    ];
    match pages.iter().find(|page| !util::root().join(page).is_file()) {
        Some(page) => Outcome::Missing((*page).to_owned()),
        None => Outcome::Pass(format!("{} pages", pages.len())),
    }
}

fn first_command(_: &Path) -> Outcome {
    let readme = fs::read_to_string(util::root().join("README.md")).unwrap_or_default();
    let Some(line) = readme.lines().find(|line| line.starts_with("cargo run --release -- run ")) else {
        return Outcome::Fail("README.md has no first command".to_owned());
    };
    match util::output_of("sh", &["-c", line]) {
        Ok(o) if o.status.success() && o.stdout == b"hello from kit, gcd(1071, 462) = 21\n" => {
            Outcome::Pass("says hello".to_owned())
        }
        Ok(o) if o.stdout.is_empty() => Outcome::Missing("kit run does not run examples/hello.c yet".to_owned()),
        Ok(o) => Outcome::Fail(format!("prints {:?}", String::from_utf8_lossy(&o.stdout))),
        Err(why) => Outcome::Fail(why),
    }
}

fn library_example(_: &Path) -> Outcome {
    let path = "crates/kit/examples/embed.rs";
    let Ok(text) = fs::read_to_string(util::root().join(path)) else {
        return Outcome::Missing(format!("{path} does not exist"));
    };
    let n_lines = text.lines().filter(|l| !l.trim().is_empty() && !l.trim_start().starts_with("//")).count();
    match util::output_of("cargo", &["run", "--quiet", "--release", "-p", "kit", "--example", "embed"]) {
        Ok(o) if !o.status.success() => Outcome::Fail(String::from_utf8_lossy(&o.stderr).trim().to_owned()),
        Ok(_) if n_lines > 35 => Outcome::Fail(format!("{n_lines} lines of code, 30 were promised")),
        Ok(_) => Outcome::Pass(format!("{n_lines} lines")),
        Err(why) => Outcome::Fail(why),
    }
}

/// `kit cc` as a judge takes it, or what is missing.
fn kit_cc(kit: &Path) -> Result<String, Outcome> {
    let cc = format!("{} cc", kit.display());
    if ci::compiles_hello(&cc) { Ok(cc) } else { Err(Outcome::Missing("a kit cc that compiles hello".to_owned())) }
}

fn program(kit: &Path, name: &str, mixed: bool) -> Outcome {
    if !judge::has_program(name) {
        return Outcome::Missing(format!("bench/corpora/programs has no {name}.sh"));
    }
    let cc = match kit_cc(kit) {
        Ok(cc) => cc,
        Err(outcome) => return outcome,
    };
    match judge::run_program(name, &cc, mixed) {
        Ok(v) if v.failed == 0 && v.passed > 0 => Outcome::Pass(format!("{} builds", v.passed)),
        Ok(v) => Outcome::Fail(format!("{} passed, {} failed", v.passed, v.failed)),
        Err(why) => Outcome::Fail(why),
    }
}

/// c-torture/execute, of which at least `percent` must pass.
fn torture(kit: &Path, percent: f64) -> Outcome {
    let cc = match kit_cc(kit) {
        Ok(cc) => cc,
        Err(outcome) => return outcome,
    };
    match judge::run_torture(&cc, 2, &[]) {
        Ok(v) if v.passed + v.failed < 1600 => Outcome::Fail(format!("only {} cases tried", v.passed + v.failed)),
        Ok(v) if v.percent() >= percent => Outcome::Pass(format!("{:.1} % of {}", v.percent(), v.passed + v.failed)),
        Ok(v) => Outcome::Fail(format!("{:.1} % of {}", v.percent(), v.passed + v.failed)),
        Err(why) => Outcome::Fail(why),
    }
}

/// c-torture/compile, of which at least `percent` must compile.
fn torture_compile(kit: &Path, percent: f64) -> Outcome {
    let cc = match kit_cc(kit) {
        Ok(cc) => cc,
        Err(outcome) => return outcome,
    };
    match judge::run_torture_compile(&cc, 2) {
        Ok(v) if v.passed + v.failed < 1000 => Outcome::Fail(format!("only {} cases tried", v.passed + v.failed)),
        Ok(v) if v.percent() >= percent => Outcome::Pass(format!("{:.1} % of {}", v.percent(), v.passed + v.failed)),
        Ok(v) => Outcome::Fail(format!("{:.1} % of {}", v.percent(), v.passed + v.failed)),
        Err(why) => Outcome::Fail(why),
    }
}

/// tcc's `tests2` and `pp`, of which at least so many must pass.
fn tests2(kit: &Path, least: u32, least_pp: u32) -> Outcome {
    let cc = match kit_cc(kit) {
        Ok(cc) => cc,
        Err(outcome) => return outcome,
    };
    match judge::run_tests2(&cc) {
        Ok((v, pp)) if v.passed >= least && pp.passed >= least_pp => {
            Outcome::Pass(format!("{} of 95, pp {} of 22", v.passed, pp.passed))
        }
        Ok((v, pp)) => Outcome::Fail(format!("{} of 95, pp {} of 22", v.passed, pp.passed)),
        Err(why) => Outcome::Fail(why),
    }
}

fn csmith(kit: &Path, count: u32) -> Outcome {
    let cc = match kit_cc(kit) {
        Ok(cc) => cc,
        Err(outcome) => return outcome,
    };
    let seed = &util::commit();
    let what = Csmith { cc: &cc, count: count as usize, seed, jobs: 2, interpreter: None, state: None };
    match random::run_csmith(&what).map(|tally| tally.verdict) {
        Ok(v) if v.failed == 0 && v.passed >= count => Outcome::Pass(format!("{} equal", v.passed)),
        Ok(v) => Outcome::Fail(format!("{} equal, {} different", v.passed, v.failed)),
        Err(why) => Outcome::Fail(why),
    }
}

/// What is missing of tools that a clause needs: a tool that is there has a help page.
fn lacks(kit: &Path, tools: &[&str]) -> Option<Outcome> {
    let has = |tool: &&&str| {
        util::output_of(&kit.display().to_string(), &[**tool, "--help"])
            .is_ok_and(|o| o.status.success() && !o.stdout.is_empty())
    };
    tools.iter().find(|tool| !has(tool)).map(|tool| Outcome::Missing(format!("kit {tool} does not exist")))
}

/// A judge of assembly with kit's tools in place of `tools`, of whose cases at least `percent` must pass.
fn assembly(
    kit: &Path,
    tools: &[&str],
    judge: fn(&[String]) -> Result<Report, String>,
    percent: f64,
    least: u32,
) -> Outcome {
    if let Some(missing) = lacks(kit, tools) {
        return missing;
    }
    let mut args: Vec<String> = tools.iter().map(|tool| format!("--{tool}={} {tool}", kit.display())).collect();
    if !tools.contains(&"as") {
        args.push("--as=as".to_owned());
    }
    match judge(&args) {
        Ok(report) => {
            let note = format!("{:.2} % of {}", report.percent(), report.equal + report.different);
            let enough = report.percent() >= percent && report.equal + report.different >= least;
            if enough { Outcome::Pass(note) } else { Outcome::Fail(note) }
        }
        Err(why) => Outcome::Fail(why),
    }
}

/// binutils' tests of gas.
fn gas_cases(kit: &Path, tools: &[&str]) -> Outcome {
    assembly(kit, tools, gas::judge, 95.0, 700)
}

/// LLVM's x86 encodings.
fn llvm_encodings(kit: &Path) -> Outcome {
    assembly(kit, &["as"], mc::judge, 95.0, 50_000)
}

/// Programs made by way of assembly against those made directly.
fn round_trip(kit: &Path, judge: fn(&l2::Ways) -> l2::Verdict) -> Outcome {
    let cc = match kit_cc(kit) {
        Ok(cc) => cc,
        Err(outcome) => return outcome,
    };
    if let Some(missing) = lacks(kit, &["as"]) {
        return missing;
    }
    let ways = l2::Ways::new(&cc, &format!("{} as", kit.display()));
    match ways.and_then(|ways| judge(&ways)) {
        Ok(Ok(note)) => Outcome::Pass(note),
        Ok(Err(why)) | Err(why) => Outcome::Fail(why),
    }
}

/// A page that holds a result which no machine can judge.
fn page(name: &str) -> Outcome {
    match util::root().join(name).is_file() {
        true => Outcome::Pass(name.to_owned()),
        false => Outcome::Missing(format!("{name} does not exist")),
    }
}

fn lang_c_edges(_: &Path) -> Outcome {
    // Not only what its manifest says: what cargo resolved, through every edge.
    let args = ["tree", "-p", "lang-c", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"];
    match util::text_of("cargo", &args) {
        Ok(tree) => {
            let forbidden = |line: &&str| {
                let name = line.split(' ').next().unwrap_or_default();
                ["codegen", "mc"].contains(&name) || name.starts_with("arch-") || name.starts_with("fmt-")
            };
            match tree.lines().find(forbidden) {
                Some(line) => Outcome::Fail(format!("lang-c reaches {line}")),
                None => Outcome::Pass("base, target, ir only".to_owned()),
            }
        }
        Err(why) => Outcome::Fail(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_scripts_exist() {
        for (_, clauses) in STEPS {
            for (at, clause) in clauses.iter().enumerate() {
                assert!(clauses[..at].iter().all(|other| other.name != clause.name), "{}", clause.name);
            }
        }
        for clause in step_1::CLAUSES {
            if let Script(name) = clause.proof {
                assert!(script_path(name).is_file(), "{name}");
            }
        }
    }

    #[test]
    fn a_bound_needs_its_figure() {
        let row = clause("x", "", Results, &[("cases", AtLeast(60.0)), ("wrong", AtMost(0.0))]);
        let text = |s: &str| row.out_of_bounds(&util::figures(s));
        assert_eq!(text("figure: cases 60\nfigure: wrong 0\n"), None);
        assert!(text("figure: cases 59\nfigure: wrong 0\n").unwrap().contains("at least 60"));
        assert!(text("figure: cases 60\nfigure: wrong 1\n").unwrap().contains("at most 0"));
        assert!(text("figure: cases 60\n").unwrap().contains("not printed"));
    }

    #[test]
    fn figures_are_read_from_the_results_page() {
        let page =
            "# Figures\n| name | value | command |\n|---|---|---|\n| `binary.mb` | 3.25 | ls |\n| `x` | - | y |\n";
        assert_eq!(results_rows(page), [("binary.mb".to_owned(), 3.25)]);
    }
}
