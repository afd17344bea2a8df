//! `cargo xtask accept 1`: one named check for each clause of the first step. The table is the promise; this file's
//! functions only run it.
//!
//! A check is proved by a script under `tests/accept`, by an integration test of a crate, by a judge, or by a figure in
//! `bench/RESULTS.md`. What does not exist yet prints `missing`, so that the table can stand before the work it asks for.
//! A proof prints its numbers as lines `figure: NAME VALUE`; a row may bound some of them, and a bounded figure that was
//! not printed is a failure: a test that ran nothing proves nothing.

use crate::judge::{self, Verdict};
use crate::{ci, tidy, util};
use std::fs;
use std::path::Path;
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

// One row a line: this is read as a table.
#[rustfmt::skip]
static STEP_1: &[Clause] = &[
    // House.
    clause("house.tidy", "crate edges, headers, no plug-in named in generic crates", Check(house_tidy), &[]),
    clause("house.pages", "README, ARCHITECTURE, decisions, dependencies, status, licences, .ci/run", Check(house_pages), &[]),
    clause("house.first-command", "the README's first command runs a C program", Check(first_command), &[]),
    // The driver and the tools.
    clause("cc.flags", "every option from one table; unknown -f and -m are errors, -Wno- silent; -S later", Script("cc-flags"), &[("checks", AtLeast(100.0))]),
    clause("cc.inputs-kept", "an output that is an input is refused, under any name and by every tool", Script("cc-inputs-kept"), &[]),
    clause("cc.environment", "CPATH, C_INCLUDE_PATH, LIBRARY_PATH, SOURCE_DATE_EPOCH, TMPDIR as gcc", Script("cc-environment"), &[]),
    clause("cc.queries", "--version -v -dumpmachine -dumpversion -print-*", Script("cc-queries"), &[("checks", AtLeast(20.0))]),
    clause("cc.dependencies", "-M -MM -MD -MMD -MF -MT -MQ -MP -Wp,-MD as gcc writes them", Script("cc-dependencies"), &[("checks", AtLeast(11.0))]),
    clause("cc.inputs", ".s and .S by the system's as; C, objects, archives, shared objects in one link", Script("cc-assembly"), &[]),
    clause("cc.no-gcc-files", "a dynamic PIE program without any file of gcc's", Script("cc-no-gcc-files"), &[]),
    clause("tools.objects", "kit cpp, ld, ar, nm, objdump; notes; objects that other tools read", Script("objects"), &[]),
    clause("tools.install", "kit install, argv[0], kit doctor", Script("install"), &[]),
    // The C front end and the IR.
    clause("c.language", "C11 and K&R, modes of code, errors with caret and notes, many in a run", Script("cc-language"), &[]),
    clause("c.wrong-programs", "30 wrong programs with golden first lines, at most two errors a mistake", Test("driver", "wrong_programs"), &[("wrong programs", AtLeast(30.0)), ("most errors for one mistake", AtMost(2.0))]),
    clause("c.rewind", "the front end's state rewinds at every external declaration", Test("lang-c", "rewind"), &[]),
    clause("ir.text", "text form, parser, verifier, round trip", Units("ir", "text::"), &[]),
    clause("ir.interpreter", "the interpreter runs every operation", Units("ir", "interp::"), &[]),
    clause("ir.second-front-end", "a test-only front end of at most 800 lines over the public IR", Test("testkit", "second_front_end"), &[("front end lines", AtMost(800.0))]),
    clause("codegen.sinks", "register sink and spill-everything sink agree on the corpus", Test("kit", "sinks"), &[]),
    clause("codegen.abi", "SysV: scalars, aggregates, varargs, long double, both ways with gcc", Test("kit", "abi"), &[]),
    // Objects and linking.
    clause("obj.round-trip", "read(write(o)) == o", Test("fmt-elf", "round_trip"), &[]),
    clause("link.kinds", "dynamic PIE, non-PIE, static, static-PIE, shared; TLS, IFUNC, versions; messages", Script("link-kinds"), &[]),
    clause("link.against-gnu-ld", "60 cases against GNU ld, with a throwing g++ program and a rustc program", Test("driver", "link_cases"), &[("link cases", AtLeast(60.0))]),
    // The first patch.
    clause("patch.outcomes", "UNCHANGED, PATCHED, full with a reason; kit's and gcc's objects, archives, -g", Script("patch"), &[]),
    clause("patch.work", "no unchanged input opened; bytes do not grow from 100 to 1,000 units (strace)", Test("driver", "patch_work"), &[("unchanged inputs opened", AtMost(0.0)), ("growth of bytes", AtMost(1.05))]),
    clause("patch.kill", "killed at every write: old, new or not executable, and relinks", Test("driver", "patch_kill"), &[("kill points", AtLeast(10.0)), ("wrong", AtMost(0.0))]),
    clause("patch.audit", "500 seeded random edits audited, none wrong; corruption is seen", Test("driver", "patch_audit"), &[("edits", AtLeast(500.0)), ("wrong", AtMost(0.0))]),
    // Running, debugging, embedding.
    clause("run.program", "kit run and build-exe: a program runs as a program, faults are told", Script("run"), &[]),
    clause("debug.gdb", "25 gdb transcripts", Test("driver", "gdb"), &[("transcripts", AtLeast(25.0))]),
    clause("library.example", "a 30-line example: a C string, linked in memory, called", Check(library_example), &[]),
    clause("library.sessions", "two sessions in two threads", Test("kit", "two_sessions"), &[]),
    // 1 Programs.
    clause("programs.lua", "Lua 5.4 by its makefile, a broad script as with gcc", Check(|kit| program(kit, "lua", false)), &[]),
    clause("programs.sqlite", "sqlite3 amalgamation: SQL script, speedtest1 with verification", Check(|kit| program(kit, "sqlite", false)), &[]),
    clause("programs.zlib", "zlib: configure, make, example, minigzip, shared library", Check(|kit| program(kit, "zlib", false)), &[]),
    clause("programs.lua-mixed", "every other unit by gcc, both ways, linked by kit and GNU ld", Check(|kit| program(kit, "lua", true)), &[]),
    clause("programs.sqlite-mixed", "every other unit by gcc, both ways, linked by kit and GNU ld", Check(|kit| program(kit, "sqlite", true)), &[]),
    clause("programs.zlib-mixed", "every other unit by gcc, both ways, linked by kit and GNU ld", Check(|kit| program(kit, "zlib", true)), &[]),
    // 2 Breadth.
    clause("breadth.torture", "gcc 14.2's c-torture/execute, at least 80 % of cases tried", Check(torture), &[]),
    clause("breadth.tests2", "tcc's tests2, at least 80 of 95", Check(tests2), &[]),
    clause("breadth.csmith", "100 random programs drawn from the commit's hash equal to gcc", Check(csmith), &[]),
    // 3 One path.
    clause("path.text", "every function of the corpus through IR text gives the same bytes", Test("kit", "one_path"), &[("functions", AtLeast(1000.0)), ("different", AtMost(0.0))]),
    clause("path.interpreter", "the interpreter agrees with machine code on csmith and tests2", Test("kit", "interp_agrees"), &[("programs agreeing", AtLeast(100.0)), ("programs differing", AtMost(0.0))]),
    clause("path.edges", "lang-c has no edge to codegen, mc or any architecture", Check(lang_c_edges), &[]),
    // 6 Fuzz and a failing world.
    clause("fuzz.c", "lexer, preprocessor, parser: errors, never a panic, bounded", Test("lang-c", "fuzz"), &[("tests", AtLeast(1.0))]),
    clause("fuzz.ir", "IR text", Test("ir", "fuzz"), &[("tests", AtLeast(1.0))]),
    clause("fuzz.elf", "ELF reader", Test("fmt-elf", "fuzz"), &[("tests", AtLeast(1.0))]),
    clause("fuzz.archive", "archive reader", Units("obj", "archive::tests::mutated_archives"), &[("tests", AtLeast(1.0))]),
    clause("world.outputs", "outputs, missing inputs, EPIPE: clear messages, nothing lost, no partial file", Script("outputs"), &[]),
    clause("world.files", "every failing file operation", Test("sys", "files"), &[]),
    clause("rt.headers", "freestanding headers equal to gcc's in names, values and types", Test("rt", "headers"), &[]),
    // 7 Figures.
    clause("figures.compile", "-c -O0 of sqlite3.c and Lua: at most 1.3x tcc, 0.15x gcc", Results, &[("compile.sqlite3.per-tcc", AtMost(1.3)), ("compile.sqlite3.per-gcc", AtMost(0.15)), ("compile.lua.per-tcc", AtMost(1.3)), ("compile.lua.per-gcc", AtMost(0.15))]),
    clause("figures.phases", "instructions per token by phase beside the budget", Results, &[("compile.sqlite3.per-token", Present)]),
    clause("figures.run", "kit run hello against tcc -run", Results, &[("run.hello.per-tcc", Present)]),
    clause("figures.link", "links of Lua and sqlite against mold and wild", Results, &[("link.lua.per-mold", Present), ("link.sqlite.per-mold", Present), ("link.lua.per-wild", Present), ("link.sqlite.per-wild", Present)]),
    clause("figures.patch", "one-function patch against full link at 100 and 1,000 units", Results, &[("patch.100.per-full", Present), ("patch.1000.per-full", Present)]),
    clause("figures.size", "peak memory, binary size", Results, &[("memory.sqlite3.mb", Present), ("binary.mb", Present)]),
    clause("figures.version", "kit --version takes at most 0.5 M instructions", Results, &[("version.instructions", AtMost(500_000.0))]),
];

pub fn run(args: &[String]) -> Result<bool, String> {
    let mut names = util::positional(args, &[]);
    if names.first() != Some(&"1") {
        return Err("usage: accept 1 [--list] [NAME...]; a NAME may be a prefix such as `link`".to_owned());
    }
    names.remove(0);
    let chosen: Vec<&Clause> =
        STEP_1.iter().filter(|c| names.is_empty() || names.iter().any(|n| c.name.starts_with(n))).collect();
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
            Check(_) => format!("cargo xtask accept 1 {}", self.name),
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

/// Runs the scripts of all rows, as `cargo xtask ci` does: what is a test of a crate runs there with the others.
pub fn scripts(kit: &Path) -> Verdict {
    let mut verdict = Verdict::default();
    for clause in STEP_1.iter().filter(|clause| matches!(clause.proof, Script(_))) {
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

/// Runs a script of `tests/accept` in a fresh folder; its output when it passed.
fn script(name: &str, kit: &Path) -> Result<String, Outcome> {
    let path = util::root().join("tests/accept").join(format!("{name}.sh"));
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

fn torture(kit: &Path) -> Outcome {
    let cc = match kit_cc(kit) {
        Ok(cc) => cc,
        Err(outcome) => return outcome,
    };
    match judge::run_torture(&cc, 2, &[]) {
        Ok(v) if v.passed + v.failed < 1600 => Outcome::Fail(format!("only {} cases tried", v.passed + v.failed)),
        Ok(v) if v.percent() >= 80.0 => Outcome::Pass(format!("{:.1} % of {}", v.percent(), v.passed + v.failed)),
        Ok(v) => Outcome::Fail(format!("{:.1} % of {}", v.percent(), v.passed + v.failed)),
        Err(why) => Outcome::Fail(why),
    }
}

fn tests2(kit: &Path) -> Outcome {
    let cc = match kit_cc(kit) {
        Ok(cc) => cc,
        Err(outcome) => return outcome,
    };
    match judge::run_tests2(&cc) {
        Ok((v, pp)) if v.passed >= 80 => Outcome::Pass(format!("{} of 95, pp {} of 22", v.passed, pp.passed)),
        Ok((v, _)) => Outcome::Fail(format!("{} of 95", v.passed)),
        Err(why) => Outcome::Fail(why),
    }
}

fn csmith(kit: &Path) -> Outcome {
    let cc = match kit_cc(kit) {
        Ok(cc) => cc,
        Err(outcome) => return outcome,
    };
    match judge::run_csmith(&cc, 100, &util::commit(), 2) {
        Ok(v) if v.failed == 0 && v.passed >= 100 => Outcome::Pass(format!("{} equal", v.passed)),
        Ok(v) => Outcome::Fail(format!("{} equal, {} different", v.passed, v.failed)),
        Err(why) => Outcome::Fail(why),
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
        for (at, clause) in STEP_1.iter().enumerate() {
            assert!(STEP_1[..at].iter().all(|other| other.name != clause.name), "{}", clause.name);
            if let Script(name) = clause.proof {
                assert!(util::root().join(format!("tests/accept/{name}.sh")).is_file(), "{name}");
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
