//! `cargo xtask l2`: programs made directly and by way of assembly (`cc -S`, `as`, link) must behave the same.
//!
//! The long way is a compiler of its own, `bench/corpora/round-trip.sh`, so that the judges that there are, gcc's torture,
//! tests2, the real programs, judge it without knowing. Of torture each case's verdict is compared, as some fail both ways.

use crate::judge;
use crate::tool::{self, Tool};
use crate::{corpora, util};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// The direct compiler and the long way.
pub struct Ways {
    pub direct: String,
    pub round: String,
}

impl Ways {
    /// Writes the long way as a program of one word, as build systems want it.
    pub fn new(cc: &str, assembler: &str) -> Result<Ways, String> {
        let dir = util::target_dir().join("judge");
        fs::create_dir_all(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
        let path = dir.join("round-trip-cc");
        let absolute = |text: &str| Tool::parse(text).map(|tool| tool.name());
        let (direct, assembler) = (absolute(cc)?, absolute(assembler)?);
        let script = util::root().join("bench/corpora/round-trip.sh");
        let text = format!(
            "#!/bin/sh\nROUND_TRIP_CC='{direct}' ROUND_TRIP_AS='{assembler}' exec bash '{}' \"$@\"\n",
            script.display()
        );
        fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
        let made = util::succeeds("chmod", &["+x".to_owned(), path.display().to_string()])?;
        if made { Ok(Ways { direct, round: path.display().to_string() }) } else { Err("chmod failed".to_owned()) }
    }
}

/// What a round trip came to: a note, or what differs.
pub type Verdict = Result<Result<String, String>, String>;

pub fn run(args: &[String]) -> Result<bool, String> {
    let cc = util::option(args, "--cc").ok_or("--cc CMD is missing")?;
    let assembler = util::option(args, "--as").ok_or("--as CMD is missing")?;
    let ways = Ways::new(cc, assembler)?;
    let names = util::positional(args, &["--cc", "--as", "--jobs"]);
    let names = if names.is_empty() { vec!["torture", "tests2", "lua", "zlib", "sqlite"] } else { names };
    let (mut passed, mut failed) = (0, 0);
    for name in names {
        let verdict = match name {
            "torture" => torture(&ways),
            "tests2" => tests2(&ways),
            name => program(&ways, name),
        };
        match verdict? {
            Ok(note) => {
                passed += 1;
                println!("same     {name}: {note}");
            }
            Err(why) => {
                failed += 1;
                println!("DIFFERS  {name}: {why}");
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    Ok(failed == 0)
}

/// c-torture/execute, case by case.
pub fn torture(ways: &Ways) -> Verdict {
    let jobs = tool::jobs(&[])?;
    let mut verdicts: Vec<BTreeMap<String, String>> = Vec::new();
    for (cc, name) in [(&ways.direct, "direct"), (&ways.round, "round")] {
        let json = util::target_dir().join("judge").join(format!("l2-{name}.json"));
        let more = [format!("--json={}", json.display()), "--timeout=30".to_owned()];
        judge::run_torture(cc, jobs, &more)?;
        verdicts.push(read_verdicts(&json)?);
    }
    let differing: Vec<String> = verdicts[0]
        .iter()
        .filter(|(case, verdict)| verdicts[1].get(*case) != Some(verdict))
        .map(|(case, verdict)| format!("{case}: {} for {verdict}", verdicts[1].get(case).map_or("?", String::as_str)))
        .collect();
    let cases = verdicts[0].len();
    Ok(match (differing.is_empty(), cases > 1600) {
        (true, true) => Ok(format!("{cases} cases")),
        (true, false) => Err(format!("only {cases} cases")),
        (false, _) => {
            differing.iter().for_each(|line| println!("FAIL {line}"));
            Err(format!("{} of {cases} differ: {}", differing.len(), differing[0]))
        }
    })
}

/// torture.py's `{"case.c": ["PASS", "…"], …}`, an element a line.
fn read_verdicts(path: &PathBuf) -> Result<BTreeMap<String, String>, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut verdicts = BTreeMap::new();
    let mut case = None;
    for line in text.lines() {
        match (line.strip_suffix(": ["), case.take()) {
            (Some(name), _) => case = Some(name.trim_matches('"').to_owned()),
            (None, Some(name)) => drop(verdicts.insert(name, line.trim_matches(['"', ',']).to_owned())),
            _ => {}
        }
    }
    Ok(verdicts)
}

/// tests2, by its counts.
pub fn tests2(ways: &Ways) -> Verdict {
    let (direct, _) = judge::run_tests2(&ways.direct)?;
    let (round, _) = judge::run_tests2(&ways.round)?;
    Ok(if direct == round && direct.passed > 80 {
        Ok(format!("{} pass either way", direct.passed))
    } else {
        Err(format!("{} pass, directly {}", round.passed, direct.passed))
    })
}

/// A real program with its own tests, which must give what they give of gcc's build.
pub fn program(ways: &Ways, name: &str) -> Verdict {
    corpora::fetch(&corpora::default_dir(), name)?;
    let verdict = judge::run_program(name, &ways.round, false)?;
    Ok(if verdict.failed == 0 && verdict.passed > 0 {
        Ok(format!("{} builds", verdict.passed))
    } else {
        Err(format!("{} passed, {} failed", verdict.passed, verdict.failed))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_read_from_the_runner() {
        let path = std::env::temp_dir().join(format!("xtask-l2-{}.json", std::process::id()));
        fs::write(&path, "{\n\"a.c\": [\n\"PASS\",\n\"\"\n],\n\"b.c\": [\n\"RFAIL\",\n\"rc=1\"\n]\n}").expect("writes");
        let got = read_verdicts(&path).expect("reads");
        fs::remove_file(&path).expect("gone");
        assert_eq!(
            got.into_iter().collect::<Vec<_>>(),
            [("a.c".into(), "PASS".into()), ("b.c".into(), "RFAIL".into())]
        );
    }
}
