//! The judges: bodies of C code that nobody of us wrote, and a verdict on the compiler that is given with `--cc`.
//!
//! Each takes the same options whatever the compiler is, so that gcc and tcc can be judged in kit's place: a judge that
//! does not give gcc its known score is broken. Verdicts that need a shell or a Tcl-like parser are scripts under
//! `bench/corpora`; this file fetches their inputs, runs them and reads their closing counts.

use crate::corpora;
use crate::util;
use std::fs;
use std::path::{Path, PathBuf};

/// What a judge found.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Verdict {
    pub passed: u32,
    pub failed: u32,
    pub skipped: u32,
}

impl Verdict {
    /// Passed of tried, in percent.
    pub fn percent(self) -> f64 {
        100.0 * f64::from(self.passed) / f64::from((self.passed + self.failed).max(1))
    }

    pub(crate) fn print(self, judge: &str) -> bool {
        println!("figure: {judge} passed {}", self.passed);
        println!("figure: {judge} percent {:.1}", self.percent());
        println!("{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped);
        self.failed == 0
    }
}

/// Reads the last line `N passed, N failed[, N skipped]` of a runner's output that starts with `prefix`.
pub fn closing_count(text: &str, prefix: &str) -> Option<Verdict> {
    text.lines().rev().find_map(|line| {
        let mut verdict = Verdict::default();
        let mut any = false;
        for part in line.trim().strip_prefix(prefix)?.split(',') {
            let (number, what) = part.trim().split_once(' ')?;
            let number = number.parse().ok()?;
            match what {
                "passed" => verdict.passed = number,
                "failed" => verdict.failed = number,
                "skipped" => verdict.skipped = number,
                _ => return None,
            }
            any = true;
        }
        any.then_some(verdict)
    })
}

pub(crate) fn cc(args: &[String]) -> Result<&str, String> {
    util::option(args, "--cc").ok_or_else(|| "--cc CMD is missing".to_owned())
}

pub(crate) fn jobs(args: &[String]) -> Result<usize, String> {
    util::option(args, "--jobs").map_or(Ok(2), |text| text.parse().map_err(|_| format!("--jobs {text}: not a number")))
}

/// A fresh folder for a judge's products.
pub(crate) fn work(name: &str) -> Result<PathBuf, String> {
    let dir = util::target_dir().join("judge").join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    Ok(dir)
}

fn script(name: &str) -> String {
    util::root().join("bench").join(name).display().to_string()
}

pub fn torture(args: &[String]) -> Result<bool, String> {
    let mut more = Vec::new();
    for name in ["--only", "--json", "-O", "--run-with", "--flags"] {
        if let Some(value) = util::option(args, name) {
            more.push(format!("{name}={value}").replacen("-O=", "-O", 1));
        }
    }
    Ok(run_torture(cc(args)?, jobs(args)?, &more)?.print("torture"))
}

/// gcc 14.2's `gcc.c-torture/execute`.
pub fn run_torture(cc: &str, jobs: usize, more: &[String]) -> Result<Verdict, String> {
    run_torture_in("execute", cc, jobs, more)
}

/// c-torture/compile: programs that only have to compile.
pub fn run_torture_compile(cc: &str, jobs: usize) -> Result<Verdict, String> {
    run_torture_in("compile", cc, jobs, &[])
}

fn run_torture_in(suite: &str, cc: &str, jobs: usize, more: &[String]) -> Result<Verdict, String> {
    let gcc = corpora::fetch(&corpora::default_dir(), "gcc14")?;
    let suite = gcc.join("gcc/testsuite/gcc.c-torture").join(suite);
    let mut args = vec![script("corpora/torture.py"), "--cc".to_owned(), cc.to_owned()];
    args.extend(["--dir".to_owned(), suite.display().to_string(), "--jobs".to_owned(), jobs.to_string()]);
    args.extend_from_slice(more);
    let (_, text) = util::tee("python3", &args)?;
    closing_count(&text, "").ok_or_else(|| "torture.py gave no closing count".to_owned())
}

pub fn tests2(args: &[String]) -> Result<bool, String> {
    let (tests2, pp) = run_tests2(cc(args)?)?;
    println!("figure: pp passed {}", pp.passed);
    Ok(tests2.print("tests2"))
}

/// tcc's `tests2`, and its `pp` (the preprocessor).
pub fn run_tests2(cc: &str) -> Result<(Verdict, Verdict), String> {
    let tcc = corpora::fetch(&corpora::default_dir(), "tcc")?;
    let work = work("tests2")?;
    let args = [script("corpora/tests2.sh"), cc.to_owned(), tcc.display().to_string(), work.display().to_string()];
    let (_, text) = util::tee("bash", &args)?;
    let tests2 = closing_count(&text, "tests2: ").ok_or("tests2.sh gave no closing count")?;
    let pp = closing_count(&text, "pp: ").ok_or("tests2.sh gave no count for pp")?;
    Ok((tests2, pp))
}

/// A real program: a script under `bench/corpora/programs`, and what it reads.
pub struct Program {
    pub name: &'static str,
    /// The sources that it is made of.
    corpora: &'static [&'static str],
    /// What CI does with it. What takes long is run by hand, `cargo xtask programs --cc 'kit cc' NAME`, and its last result
    /// stands in `bench/RESULTS.md`.
    pub ci: Ci,
}

/// What CI does with a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ci {
    /// Builds and tests it, and again with every other unit by gcc.
    Mixed,
    Plain,
    No,
}

const fn built(name: &'static str, corpora: &'static [&'static str], ci: Ci) -> Program {
    Program { name, corpora, ci }
}

/// Every program, the quick ones first. A program joins CI once it was seen to give gcc's results.
pub static PROGRAMS: &[Program] = &[
    built("lua", &["lua"], Ci::Mixed),
    built("sqlite", &["sqlite"], Ci::Mixed),
    built("zlib", &["zlib"], Ci::Mixed),
    built("bzip2", &["bzip2"], Ci::Plain),
    built("cjson", &["cjson"], Ci::Plain),
    built("jansson", &["jansson"], Ci::No),
    built("tinycc", &["tcc"], Ci::Plain),
    built("lz4", &["lz4"], Ci::No),
    built("libpng", &["libpng", "zlib"], Ci::No),
    built("expat", &["expat"], Ci::Plain),
    built("xz", &["xz"], Ci::No),
    built("zstd", &["zstd"], Ci::No),
    built("pcre2", &["pcre2"], Ci::No),
    built("quickjs", &["quickjs"], Ci::Plain),
    built("jq", &["jq", "onig"], Ci::Plain),
    built("redis", &["redis"], Ci::No),
    built("musl", &["musl"], Ci::Plain),
    built("musl_static", ON_MUSL, Ci::No),
    built("openssl", &["openssl"], Ci::No),
];

/// musl, and what is built on it.
const ON_MUSL: &[&str] = &[
    "musl", "bzip2", "lz4", "zlib", "lua", "sqlite", "cjson", "jansson", "xz", "pcre2", "quickjs", "jq", "onig",
    "libpng", "zstd",
];

pub fn programs(args: &[String]) -> Result<bool, String> {
    let names = util::positional(args, &["--cc", "--jobs"]);
    if names.is_empty() {
        let all: Vec<&str> = PROGRAMS.iter().map(|program| program.name).collect();
        return Err(format!("which programs? {}", all.join(" ")));
    }
    let mut total = Verdict::default();
    for name in names {
        let verdict = run_program(name, cc(args)?, util::flag(args, "--mixed"))?;
        total.passed += verdict.passed;
        total.failed += verdict.failed;
    }
    Ok(total.print("programs"))
}

/// Whether there is a script for this program.
pub fn has_program(name: &str) -> bool {
    PROGRAMS.iter().any(|program| program.name == name)
        && Path::new(&script(&format!("corpora/programs/{name}.sh"))).is_file()
}

/// Builds one real program with `cc` and runs its tests, beside gcc; `mixed` makes every other unit with gcc, both ways
/// round, and links with either.
pub fn run_program(name: &str, cc: &str, mixed: bool) -> Result<Verdict, String> {
    let program = PROGRAMS.iter().find(|program| program.name == name);
    let program = program.ok_or_else(|| format!("no program is called {name}"))?;
    let dir = corpora::default_dir();
    for corpus in program.corpora {
        corpora::fetch(&dir, corpus)?;
    }
    let dir = dir.canonicalize().map_err(|e| format!("{}: {e}", dir.display()))?;
    let mode = if mixed { "mixed" } else { "plain" };
    let work = work(&format!("programs-{name}-{mode}"))?;
    let args = [
        script("corpora/programs.sh"),
        name.to_owned(),
        mode.to_owned(),
        cc.to_owned(),
        dir.display().to_string(),
        work.display().to_string(),
    ];
    let (_, text) = util::tee("bash", &args)?;
    closing_count(&text, "").ok_or_else(|| "programs.sh gave no closing count".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_counts_are_the_last_ones() {
        let text = "1 passed, 2 failed\nnoise\ntests2: 91 passed, 4 failed, 12 skipped\n7 passed, 0 failed\nend\n";
        assert_eq!(closing_count(text, ""), Some(Verdict { passed: 7, failed: 0, skipped: 0 }));
        assert_eq!(closing_count(text, "tests2: "), Some(Verdict { passed: 91, failed: 4, skipped: 12 }));
        assert_eq!(closing_count("nothing", ""), None);
    }

    #[test]
    fn every_program_has_its_script() {
        for program in PROGRAMS {
            assert!(has_program(program.name), "{}", program.name);
        }
    }
}
