//! A tool under test and how judges use many of them: a command line given as one word list, run with a limit of time,
//! many at once; and what a judge prints: counts, and differences grouped by kind with their first examples.

use crate::util;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A tool as a user names it: `kit as`, `objdump`, `/usr/bin/llvm-objdump-14`.
#[derive(Clone, Debug)]
pub struct Tool {
    words: Vec<String>,
}

/// How a run ended.
pub struct Ran {
    /// `None`: ended by a signal.
    pub status: Option<i32>,
    pub out: Vec<u8>,
    pub err: String,
}

impl Ran {
    pub fn ok(&self) -> bool {
        self.status == Some(0)
    }

    /// The first line of complaint, or how it ended.
    pub fn complaint(&self) -> String {
        let is_error = |line: &&str| line.contains("rror:");
        let first = self.err.lines().find(is_error).or_else(|| self.err.lines().find(|line| !line.trim().is_empty()));
        match (self.status, first) {
            (Some(137 | 124), _) => "not ended in time".to_owned(),
            (None, _) => "ended by a signal".to_owned(),
            (_, Some(_)) if self.err.contains("panicked at") => {
                self.err.lines().find(|line| line.contains("panicked at")).unwrap_or_default().to_owned()
            }
            (_, Some(line)) => line.to_owned(),
            (Some(code), None) => format!("exit status {code} without a word"),
        }
    }
}

impl Tool {
    /// Judges run tools in folders of their own: a path with a slash is made absolute here.
    pub fn parse(text: &str) -> Result<Tool, String> {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let first = words.first_mut().ok_or("a tool's command is empty")?;
        if first.contains('/') {
            *first = fs::canonicalize(&*first).map_err(|e| format!("{first}: {e}"))?.display().to_string();
        }
        Ok(Tool { words })
    }

    /// The tool that an option names, or another.
    pub fn option(args: &[String], name: &str, default: Option<&str>) -> Result<Tool, String> {
        match util::option(args, name).or(default) {
            Some(text) => Tool::parse(text),
            None => Err(format!("{name} CMD is missing")),
        }
    }

    pub fn words(&self) -> &[String] {
        &self.words
    }

    pub fn name(&self) -> String {
        self.words.join(" ")
    }

    /// The command, to be killed after `seconds`.
    pub fn command<S: AsRef<std::ffi::OsStr>>(&self, args: &[S], dir: &Path, seconds: u32) -> Command {
        let mut command = Command::new("timeout");
        command.args(["--signal=KILL", &seconds.to_string()]).args(&self.words).args(args);
        command.current_dir(dir).env("LC_ALL", "C").stdin(Stdio::null());
        command
    }

    pub fn run<S: AsRef<std::ffi::OsStr>>(&self, args: &[S], dir: &Path, seconds: u32) -> Result<Ran, String> {
        let output = self.command(args, dir, seconds).output().map_err(|e| format!("cannot start timeout: {e}"))?;
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(Ran { status: output.status.code(), out: output.stdout, err })
    }
}

/// How many cases are judged at once: `--jobs N`, else one a processor.
pub fn jobs(args: &[String]) -> Result<usize, String> {
    match util::option(args, "--jobs") {
        Some(text) => text.parse().map_err(|_| format!("--jobs {text}: not a number")),
        None => Ok(std::thread::available_parallelism().map_or(2, usize::from)),
    }
}

/// A number that an option gives.
pub fn number(args: &[String], name: &str, default: usize) -> Result<usize, String> {
    match util::option(args, name) {
        Some(text) => text.parse().map_err(|_| format!("{name} {text}: not a number")),
        None => Ok(default),
    }
}

/// Calls `one(worker, case)` for `0..count` on `jobs` threads; the results stand in the order of the cases.
pub fn parallel<T: Send>(count: usize, jobs: usize, one: impl Fn(usize, usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(count));
    std::thread::scope(|scope| {
        for worker in 0..jobs.max(1) {
            let (next, results, one) = (&next, &results, &one);
            scope.spawn(move || {
                loop {
                    let case = next.fetch_add(1, Ordering::Relaxed);
                    if case >= count {
                        break;
                    }
                    let result = one(worker, case);
                    results.lock().unwrap_or_else(|e| e.into_inner()).push((case, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(|e| e.into_inner());
    results.sort_by_key(|(case, _)| *case);
    results.into_iter().map(|(_, result)| result).collect()
}

/// One thing that is not as it should be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// What differences are grouped by.
    pub kind: String,
    pub detail: String,
}

impl Difference {
    pub fn new(kind: impl Into<String>, detail: impl Into<String>) -> Difference {
        Difference { kind: kind.into(), detail: detail.into() }
    }
}

/// What came of one case.
pub enum Case {
    Equal,
    Different(Vec<Difference>),
    /// Not judged, and why.
    Skipped(String),
}

/// Counts by kind, with the first examples of each.
#[derive(Default)]
pub struct Groups {
    kinds: BTreeMap<String, (u64, Vec<String>)>,
}

/// Examples that are kept of a kind.
const EXAMPLES: usize = 3;

impl Groups {
    pub fn add(&mut self, kind: &str, detail: impl FnOnce() -> String) {
        let group = match self.kinds.get_mut(kind) {
            Some(group) => group,
            None => self.kinds.entry(kind.to_owned()).or_default(),
        };
        group.0 += 1;
        if group.1.len() < EXAMPLES {
            group.1.push(detail());
        }
    }

    /// Adds what another has counted.
    pub fn take(&mut self, other: Groups) {
        for (kind, (count, examples)) in other.kinds {
            let group = self.kinds.entry(kind).or_default();
            group.0 += count;
            let room = EXAMPLES - group.1.len().min(EXAMPLES);
            group.1.extend(examples.into_iter().take(room));
        }
    }

    pub fn total(&self) -> u64 {
        self.kinds.values().map(|(count, _)| count).sum()
    }

    /// The most frequent kinds first, each with its examples.
    pub fn print(&self, title: &str, most: usize) {
        let mut list: Vec<_> = self.kinds.iter().collect();
        list.sort_by_key(|(kind, (count, _))| (std::cmp::Reverse(*count), kind.as_str()));
        if !list.is_empty() {
            println!("{title}:");
        }
        for (kind, (count, examples)) in list.iter().take(most) {
            println!("{count:>9}  {kind}");
            for example in examples {
                println!("           {}", shortened(example));
            }
        }
        if list.len() > most {
            println!("           … and {} more kinds", list.len() - most);
        }
    }
}

/// At most some hundred characters of a line.
pub fn shortened(text: &str) -> String {
    const MOST: usize = 220;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain(['…']).collect() }
}

/// What a judge's cases add up to.
#[derive(Default)]
pub struct Report {
    pub equal: u32,
    pub different: u32,
    pub skipped: u32,
    kinds: Groups,
    reasons: Groups,
}

impl Report {
    pub fn add(&mut self, name: &str, case: Case) {
        match case {
            Case::Equal => self.equal += 1,
            Case::Skipped(why) => {
                self.skipped += 1;
                self.reasons.add(&why, || name.to_owned());
            }
            Case::Different(differences) => {
                self.different += 1;
                // A kind counts once a case, else one wrong jump would drown everything.
                let mut seen: Vec<&str> = Vec::new();
                for difference in &differences {
                    if !seen.contains(&difference.kind.as_str()) {
                        seen.push(&difference.kind);
                        self.kinds.add(&difference.kind, || format!("{name}: {}", difference.detail));
                    }
                }
            }
        }
    }

    pub fn percent(&self) -> f64 {
        100.0 * f64::from(self.equal) / f64::from((self.equal + self.different).max(1))
    }

    /// The counts as other judges give them.
    pub fn verdict(&self) -> crate::judge::Verdict {
        crate::judge::Verdict { passed: self.equal, failed: self.different, skipped: self.skipped }
    }

    /// Prints everything and tells whether nothing differed. Something must have been judged.
    pub fn print(&self, judge: &str, args: &[String]) -> Result<bool, String> {
        let most = number(args, "--kinds", 40)?;
        self.reasons.print("skipped", 12);
        self.kinds.print("different", most);
        println!("figure: {judge} equal {}", self.equal);
        println!("figure: {judge} different {}", self.different);
        println!("figure: {judge} percent {:.2}", self.percent());
        println!("{} passed, {} failed, {} skipped", self.equal, self.different, self.skipped);
        Ok(self.different == 0 && self.equal > 0)
    }
}

/// A judge's folder: work for each worker, and what is kept of cases that differ.
pub struct Bench {
    dir: PathBuf,
    kept: PathBuf,
}

impl Bench {
    pub fn new(judge: &str) -> Result<Bench, String> {
        let dir = crate::judge::work(judge)?;
        let kept = dir.join("differing");
        fs::create_dir_all(&kept).map_err(|e| format!("{}: {e}", kept.display()))?;
        Ok(Bench { dir, kept })
    }

    /// A worker's own folder, empty at first; files of one case are overwritten by the next.
    pub fn work(&self, worker: usize) -> Result<PathBuf, String> {
        let dir = self.dir.join(format!("work{worker}"));
        fs::create_dir_all(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
        Ok(dir)
    }

    /// Keeps files of a differing case: (file, the ending under which it is kept).
    pub fn keep(&self, case: &str, files: &[(&Path, &str)], differences: &[Difference]) {
        let stem: String = case.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        for (file, ending) in files {
            // What was not made cannot be kept.
            let _ = fs::copy(file, self.kept.join(format!("{stem}.{ending}")));
        }
        let lines: Vec<String> = differences.iter().map(|d| format!("{}: {}\n", d.kind, d.detail)).collect();
        let _ = fs::write(self.kept.join(format!("{stem}.why")), lines.concat());
    }

    /// Removes what workers left; the folder of differing cases stays.
    pub fn clean(&self) {
        if let Ok(list) = fs::read_dir(&self.dir) {
            for entry in list.flatten() {
                if entry.file_name().to_string_lossy().starts_with("work") {
                    let _ = fs::remove_dir_all(entry.path());
                }
            }
        }
        println!("what differs is kept in {}", self.kept.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_cases() {
        assert_eq!(parallel(100, 3, |_, case| case * 2), (0..100).map(|n| n * 2).collect::<Vec<_>>());
    }

    #[test]
    fn a_kind_counts_once_a_case() {
        let mut report = Report::default();
        let twice = vec![Difference::new("k", "1"), Difference::new("k", "2")];
        report.add("a", Case::Different(twice.clone()));
        report.add("b", Case::Different(twice));
        report.add("c", Case::Equal);
        assert_eq!((report.equal, report.different, report.kinds.total()), (1, 2, 2));
    }
}
