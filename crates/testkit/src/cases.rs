//! Test files with their expectations inside, and a runner for them.
//!
//! A case is one file under `tests/cases/<area>/`, named as a sentence. Expectations are comment lines, `//` or `;` as
//! the language has it (a C comment may also stand as `/* run: … */`):
//!
//! ```text
//! // run: ARGUMENTS          what to do with the file; the area says what the words mean; may repeat
//! // expect: TEXT            the next line of output is this; may repeat
//! // error: LINE:COL: TEXT   an error at this place whose message contains the text; may repeat
//! // status: N               exit status, if not 0
//! // skip: REASON            not run, and counted
//! ```
//!
//! The runner finds the files, takes the directives out and asks the area's function what happens; it compares and
//! reports every case that differs.

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A case, read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Case {
    pub path: PathBuf,
    pub text: String,
    pub runs: Vec<String>,
    pub expect: Vec<String>,
    pub errors: Vec<ExpectedError>,
    pub status: i32,
    pub skip: Option<String>,
}

/// An error at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExpectedError {
    pub line: u32,
    pub column: u32,
    /// Expected: a part of the message. Found: the whole message.
    pub text: String,
}

/// What happened with a case.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// Its lines are compared with `expect` when there is one.
    pub output: String,
    pub errors: Vec<ExpectedError>,
    pub status: i32,
}

/// How many cases there were.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
}

impl Case {
    /// Takes the directives out of a file's text. A directive that is not understood is an error.
    pub fn parse(path: &Path, text: &str) -> Result<Case, String> {
        let mut case = Case { path: path.into(), text: text.into(), ..Case::default() };
        for (idx, line) in text.lines().enumerate() {
            if let Some((word, rest)) = directive(line) {
                case.add(word, rest).map_err(|message| format!("{}:{}: {message}", path.display(), idx + 1))?;
            }
        }
        Ok(case)
    }

    fn add(&mut self, word: &str, rest: &str) -> Result<(), String> {
        match word {
            "run" => self.runs.push(rest.into()),
            "expect" => self.expect.push(rest.into()),
            "status" => self.status = rest.parse().map_err(|_| format!("`{rest}` is no exit status"))?,
            "skip" => self.skip = Some(rest.into()),
            _ => {
                let mut parts = rest.splitn(3, ':').map(str::trim);
                let mut number = || parts.next()?.parse().ok();
                let (line, column) = (number(), number());
                let (Some(line), Some(column), Some(text)) = (line, column, parts.next()) else {
                    return Err(format!("`{rest}` is not LINE:COL: TEXT"));
                };
                self.errors.push(ExpectedError { line, column, text: text.into() });
            }
        }
        Ok(())
    }

    /// What differs between expectation and outcome; empty when nothing does.
    pub fn compare(&self, outcome: &Outcome) -> String {
        let mut report = String::new();
        let mut say = |text: String| {
            let _ = writeln!(report, "  {text}");
        };
        let lines: Vec<&str> = outcome.output.lines().map(str::trim_end).collect();
        if !self.expect.is_empty() {
            for idx in 0..lines.len().max(self.expect.len()) {
                let (wanted, found) = (self.expect.get(idx).map(String::as_str), lines.get(idx).copied());
                if wanted != found {
                    say(format!("line {} of the output: expected {wanted:?}, found {found:?}", idx + 1));
                    break;
                }
            }
        }
        let mut found = outcome.errors.clone();
        for wanted in &self.errors {
            let ExpectedError { line, column, text } = wanted;
            let fits = |e: &ExpectedError| (e.line, e.column) == (*line, *column) && e.text.contains(text.as_str());
            match found.iter().position(fits) {
                Some(idx) => drop(found.remove(idx)),
                None => say(format!("expected the error {line}:{column}: {text}")),
            }
        }
        for ExpectedError { line, column, text } in found {
            say(format!("unexpected error {line}:{column}: {text}"));
        }
        if outcome.status != self.status {
            say(format!("expected status {}, found {}", self.status, outcome.status));
        }
        report
    }
}

/// The word and text of a line that is a directive.
fn directive(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let comment = line.strip_prefix("//").or_else(|| line.strip_prefix(';'));
    let comment = comment.or_else(|| line.strip_prefix("/*").and_then(|rest| rest.strip_suffix("*/")))?;
    let (word, rest) = comment.trim_start().split_once(':')?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest).trim_end();
    matches!(word, "run" | "expect" | "error" | "status" | "skip").then_some((word, rest))
}

/// Every case below `dir` (not in directories below it) whose name ends in one of `endings`, in order of names.
pub fn find(dir: &Path, endings: &[&str]) -> Result<Vec<Case>, String> {
    let fail = |error: std::io::Error| format!("{}: {error}", dir.display());
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
            paths.push(path);
        }
    }
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Case::parse(&path, &text)
    };
    paths.into_iter().map(read).collect()
}

/// Runs every case below `dir`; prints the counts and panics when a case fails or none is found.
pub fn check(dir: &Path, endings: &[&str], mut run: impl FnMut(&Case) -> Result<Outcome, String>) -> Counts {
    let cases = find(dir, endings).unwrap_or_else(|error| panic!("{error}"));
    let mut counts = Counts::default();
    let mut report = String::new();
    for case in &cases {
        if let Some(reason) = &case.skip {
            println!("skip: {}: {reason}", case.path.display());
            counts.skipped += 1;
            continue;
        }
        let differences = match run(case) {
            Ok(outcome) => case.compare(&outcome),
            Err(error) => format!("  {error}\n"),
        };
        if differences.is_empty() {
            counts.passed += 1;
        } else {
            counts.failed += 1;
            let _ = write!(report, "{}:\n{differences}", case.path.display());
        }
    }
    println!("figure: cases {}", counts.passed);
    assert!(counts.failed == 0, "{} of {} cases failed:\n{report}", counts.failed, cases.len());
    assert!(counts.passed + counts.skipped > 0, "there is no case in {}", dir.display());
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_taken_out_and_compared() {
        let text = "// run: -O0\n; expect: one: two\nint x; // expect: not at the start\n/* error: 3:5: bad */\n// status: 2\n";
        let case = Case::parse(Path::new("a.c"), text).unwrap();
        assert_eq!(case.runs, ["-O0"]);
        assert_eq!(case.expect, ["one: two"]);
        let error = |column, text: &str| ExpectedError { line: 3, column, text: text.into() };
        assert_eq!(case.errors, [error(5, "bad")]);
        let good = Outcome { output: "one: two \n".into(), errors: vec![error(5, "a bad thing")], status: 2 };
        assert_eq!(case.compare(&good), "");
        let wrong = Outcome { output: "one\nmore\n".into(), errors: vec![error(6, "bad")], status: 0 };
        assert_eq!(case.compare(&wrong).lines().count(), 4);
        assert!(Case::parse(Path::new("a.c"), "// error: x\n").unwrap_err().starts_with("a.c:1: "));
    }
}
