//! The judges that draw at random: csmith's programs, and functions of random signatures. What is drawn depends on a seed
//! alone, the commit's hash unless one is given.

use crate::judge::{Verdict, cc, jobs, work};
use crate::record::{Row, record};
use crate::util;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// `count` programs that end under gcc.
pub struct Csmith<'a> {
    pub cc: &'a str,
    pub count: usize,
    pub seed: &'a str,
    pub jobs: usize,
    /// `crates/kit/examples/interpret.rs`, built; programs also run in it.
    pub interpreter: Option<PathBuf>,
    /// Keeps every case's verdict, so that a run that was broken off goes on where it was.
    pub state: Option<PathBuf>,
}

pub fn csmith(args: &[String]) -> Result<bool, String> {
    let count = util::option(args, "--count").unwrap_or("100");
    let count = count.parse().map_err(|_| format!("--count {count}: not a number"))?;
    let seed = util::option(args, "--seed").map_or_else(util::commit, str::to_owned);
    println!("csmith: {count} programs drawn from {seed}");
    let recorded = util::flag(args, "--record");
    let interpreter = if recorded || util::flag(args, "--interpret") { Some(interpreter()?) } else { None };
    let state = recorded.then(|| util::target_dir().join("judge").join(format!("csmith-{seed}.cases")));
    let tally = run_csmith(&Csmith { cc: cc(args)?, count, seed: &seed, jobs: jobs(args)?, interpreter, state })?;
    println!("figure: csmith interpreted {}", tally.interpreted);
    if recorded {
        let made_by = format!("cargo xtask csmith --cc 'kit cc' --count {count} --seed {seed} --record");
        let row = |name, value: u32, what: String| Row { name, value: value.into(), what, made_by: made_by.clone() };
        let Verdict { passed, failed, skipped } = tally.verdict;
        record(&[
            row("csmith.equal", passed, format!("programs equal to gcc's; {skipped} more did not end under gcc")),
            row("csmith.different", failed, "programs that differ from gcc's".into()),
            row("csmith.interpreted", tally.interpreted, format!("of them, in the interpreter; {}", tally.reasons())),
        ])?;
    }
    Ok(tally.verdict.print("csmith"))
}

/// Builds the interpreter as a program.
fn interpreter() -> Result<PathBuf, String> {
    let args = ["build", "--quiet", "--release", "-p", "kit", "--example", "interpret"];
    if !util::succeeds("cargo", &args)? {
        return Err("the interpreter does not build".to_owned());
    }
    Ok(util::target_dir().join("release/examples/interpret"))
}

/// What came of one random program.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Case {
    /// csmith or gcc's program did not end in time: another one is drawn.
    Endless,
    Equal,
    /// Equal, and in the interpreter, too.
    Interpreted,
    /// Equal, and why the interpreter cannot run it.
    NotInterpreted(String),
    Different(String),
}

impl Case {
    fn to_line(&self) -> String {
        match self {
            Case::Endless => "endless".into(),
            Case::Equal => "equal".into(),
            Case::Interpreted => "interpreted".into(),
            Case::NotInterpreted(why) => format!("equal {why}"),
            Case::Different(why) => format!("different {why}"),
        }
    }

    fn of_line(line: &str) -> Option<Case> {
        let (word, why) = line.split_once(' ').unwrap_or((line, ""));
        Some(match (word, why) {
            ("endless", _) => Case::Endless,
            ("equal", "") => Case::Equal,
            ("interpreted", _) => Case::Interpreted,
            ("equal", why) => Case::NotInterpreted(why.into()),
            ("different", why) => Case::Different(why.into()),
            _ => return None,
        })
    }
}

/// What all cases add up to.
#[derive(Default)]
pub struct Tally {
    pub verdict: Verdict,
    /// Of the equal ones.
    pub interpreted: u32,
    not_interpreted: BTreeMap<String, u32>,
}

impl Tally {
    fn add(&mut self, case: &Case) {
        match case {
            Case::Endless => self.verdict.skipped += 1,
            Case::Different(_) => self.verdict.failed += 1,
            Case::Equal => self.verdict.passed += 1,
            Case::Interpreted => {
                self.verdict.passed += 1;
                self.interpreted += 1;
            }
            Case::NotInterpreted(why) => {
                self.verdict.passed += 1;
                *self.not_interpreted.entry(why.clone()).or_default() += 1;
            }
        }
    }

    fn reasons(&self) -> String {
        let reasons: Vec<String> = self.not_interpreted.iter().map(|(why, n)| format!("{n}: {why}")).collect();
        if reasons.is_empty() { "all".into() } else { reasons.join(", ") }
    }
}

/// Draws random programs until enough of them end under gcc, and compares what the compiler makes of them.
pub fn run_csmith(what: &Csmith<'_>) -> Result<Tally, String> {
    let work = work("csmith")?;
    let mut known = read_cases(what.state.as_deref());
    let mut tally = Tally::default();
    let mut drawn = 0u64;
    loop {
        let done = (tally.verdict.passed + tally.verdict.failed) as usize;
        if done >= what.count {
            return Ok(tally);
        }
        if drawn > 20 * what.count as u64 + 100 {
            return Err("csmith: hardly any program ends under gcc; is csmith installed?".to_owned());
        }
        let n = (what.count - done).min(what.jobs.max(1)) as u64;
        let batch: Vec<u64> = (0..n).map(|i| draw(what.seed, drawn + i)).collect();
        drawn += n;
        let new: Vec<u64> = batch.iter().copied().filter(|number| !known.contains_key(number)).collect();
        let cases: Vec<Result<Case, String>> = std::thread::scope(|scope| {
            let work = &work;
            let threads: Vec<_> =
                new.iter().map(|number| scope.spawn(move || csmith_case(what, *number, work))).collect();
            threads.into_iter().map(|t| t.join().unwrap_or_else(|_| Err("the judge failed".to_owned()))).collect()
        });
        for (number, case) in new.iter().zip(cases) {
            let case = case?;
            if let Case::Different(why) = &case {
                println!("FAIL csmith seed {number}: {why} ({}/{number}.c)", work.display());
            }
            keep_case(what.state.as_deref(), *number, &case)?;
            known.insert(*number, case);
        }
        batch.iter().for_each(|number| tally.add(&known[number]));
    }
}

/// The verdicts of an earlier run. What differed is tried again: it may have been mended.
fn read_cases(state: Option<&Path>) -> BTreeMap<u64, Case> {
    let text = state.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
    let case = |line: &str| {
        let (number, rest) = line.split_once(' ')?;
        Some((number.parse().ok()?, Case::of_line(rest)?))
    };
    text.lines().filter_map(case).filter(|(_, case)| !matches!(case, Case::Different(_))).collect()
}

fn keep_case(state: Option<&Path>, number: u64, case: &Case) -> Result<(), String> {
    use std::io::Write;
    let Some(path) = state else { return Ok(()) };
    let file = fs::OpenOptions::new().create(true).append(true).open(path);
    let written = file.and_then(|mut file| writeln!(file, "{number} {}", case.to_line()));
    written.map_err(|e| format!("{}: {e}", path.display()))
}

/// The `index`th number that belongs to `seed`: 31 bits, as csmith takes them. FNV-1a over both, which is enough to
/// spread them.
fn draw(seed: &str, index: u64) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for byte in seed.bytes().chain(index.to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash ^ hash >> 32) & 0x7fff_ffff
}

fn csmith_case(what: &Csmith<'_>, number: u64, work: &Path) -> Result<Case, String> {
    let cc = what.cc;
    let file = |end: &str| work.join(format!("{number}{end}")).display().to_string();
    let (source, reference, program) = (file(".c"), file(".ref"), file(".exe"));
    let generate = format!("csmith --seed {number} --no-packed-struct --max-funcs 6 --concise");
    let text = limited(&generate, 30)?;
    if text.killed {
        return Ok(Case::Endless);
    }
    if !text.ok {
        return Err(format!("csmith --seed {number} failed: {}", text.text.trim()));
    }
    fs::write(&source, &text.text).map_err(|e| format!("{source}: {e}"))?;
    let options = format!("-w -I/usr/include/csmith {source} -lm -o");
    let built = limited(&format!("gcc -O0 {options} {reference}"), 120)?;
    if !built.ok {
        return Err(format!("gcc does not compile seed {number}: {}", built.text.trim()));
    }
    let wanted = limited(&reference, 5)?;
    if !wanted.ok {
        remove(&[&source, &reference]);
        return Ok(Case::Endless);
    }
    let built = limited(&format!("{cc} {options} {program}"), 60)?;
    if !built.ok {
        let why = built.text.trim().lines().next().unwrap_or("no message").to_owned();
        return Ok(Case::Different(format!("not compiled: {why}")));
    }
    // Unoptimized code may take several times as long as the reference.
    let got = limited(&program, 60)?;
    if !got.ok || got.text != wanted.text {
        return Ok(Case::Different(format!("{:?} instead of {:?}", got.text.trim(), wanted.text.trim())));
    }
    let case = match &what.interpreter {
        Some(interpreter) => interpreted(interpreter, &source, &wanted.text)?,
        None => Case::Equal,
    };
    if !matches!(case, Case::Different(_)) {
        remove(&[&source, &reference, &program]);
    }
    Ok(case)
}

/// What the interpreter makes of a program that prints `wanted`.
fn interpreted(interpreter: &Path, source: &str, wanted: &str) -> Result<Case, String> {
    let line = format!("{} --steps=400000000 -I/usr/include/csmith {source}", interpreter.display());
    let got = limited(&line, 120)?;
    Ok(match (got.ok, got.text == wanted) {
        (true, true) => Case::Interpreted,
        (true, false) => Case::Different(format!("the interpreter prints {:?}", got.text.trim())),
        (false, _) if got.killed => Case::NotInterpreted("too slow".into()),
        (false, _) if got.status == Some(125) => {
            let why = got.text.lines().last().unwrap_or_default();
            Case::NotInterpreted(why.trim_start_matches("interpret: ").to_owned())
        }
        (false, _) => Case::Different(format!("in the interpreter: {:?}", got.text.trim())),
    })
}

fn remove(paths: &[&String]) {
    for path in paths {
        // A file that stays behind harms nobody.
        let _ = fs::remove_file(path);
    }
}

struct Limited {
    /// Exit status 0 within the time.
    ok: bool,
    /// The time was up.
    killed: bool,
    status: Option<i32>,
    /// Both output streams.
    text: String,
}

/// Runs a command line in its own process group for at most `seconds`.
fn limited(line: &str, seconds: u32) -> Result<Limited, String> {
    let output = Command::new("timeout")
        .args(["--signal=KILL", &seconds.to_string(), "sh", "-c", &format!("exec {line}")])
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("cannot start timeout: {e}"))?;
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    let status = output.status.code();
    Ok(Limited { ok: output.status.success(), killed: status.is_none_or(|code| code == 137), status, text })
}

pub fn abi_fuzz(args: &[String]) -> Result<bool, String> {
    let count = util::option(args, "--functions").unwrap_or("20000");
    let count = count.parse().map_err(|_| format!("--functions {count}: not a number"))?;
    let seed = util::option(args, "--seed").map_or_else(util::commit, str::to_owned);
    let (verdict, functions) = run_abi_fuzz(count, &seed)?;
    if util::flag(args, "--record") {
        let made_by = format!("cargo xtask abi-fuzz --functions {count} --seed {seed} --record");
        let what = "random functions, each called by kit from gcc, by gcc from kit, and by kit from kit";
        let different = "of them, a value or a preserved register that is not what it should be";
        record(&[
            Row { name: "abi.functions", value: functions, what: what.into(), made_by: made_by.clone() },
            Row { name: "abi.different", value: verdict.failed.into(), what: different.into(), made_by },
        ])?;
    }
    Ok(verdict.print("abi-fuzz"))
}

/// Functions of random signatures, called from one compiler's code in another's: `crates/kit/tests/abi.rs`.
pub fn run_abi_fuzz(count: u32, seed: &str) -> Result<(Verdict, f64), String> {
    let line = format!(
        "KIT_CI=1 KIT_ABI_FUNCTIONS={count} KIT_ABI_SEED={} cargo test --quiet --release -p kit --test abi -- --nocapture",
        draw(seed, 0) << 20
    );
    let (ok, text) = util::tee("sh", &["-c", &line])?;
    let figures = util::figures(&text);
    let figure = |name: &str| figures.iter().find(|figure| figure.0 == name).map(|figure| figure.1);
    let (Some(functions), Some(different)) = (figure("functions"), figure("different")) else {
        return Err("the test `abi` gave no figures".to_owned());
    };
    let failed = (different as u32).max(u32::from(!ok));
    Ok((Verdict { passed: (functions as u32).saturating_sub(failed), failed, skipped: 0 }, functions))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_depend_on_seed_and_index_only() {
        assert_eq!(draw("abc", 1), draw("abc", 1));
        assert_ne!(draw("abc", 1), draw("abc", 2));
        assert_ne!(draw("abc", 1), draw("abd", 1));
        assert!((0..1000).all(|i| draw("seed", i) < 1 << 31));
    }

    #[test]
    fn cases_are_read_as_they_were_kept() {
        let cases = [Case::Endless, Case::Equal, Case::Interpreted, Case::NotInterpreted("limit of steps".into())];
        for case in cases {
            assert_eq!(Case::of_line(&case.to_line()), Some(case));
        }
        assert_eq!(Case::of_line("noise"), None);
    }
}
