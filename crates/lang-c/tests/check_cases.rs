//! Runs `tests/cases/c-check`: what is said about each wrong program, against the `DIAG:` comments at its end.
//!
//! The first thing said must be what gcc says first, word for word and at the same place, where gcc is installed (counted
//! and printed where it is not); a case that differs on purpose says why in a `GCC-DIFFERS:` comment.
//! `CHECK_CASES_WRITE=1` rewrites the expectations from what comes out, to be read before they are kept.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

fn cases_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/c-check")
}

fn directives<'t>(text: &'t str, word: &str) -> Vec<&'t str> {
    let word = format!("// {word}: ");
    text.lines().filter_map(|line| line.strip_prefix(word.as_str())).collect()
}

/// `line:column: severity: text` of every line that starts with the file's name.
fn said(output: &str, name: &str) -> Vec<String> {
    output.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::to_string).collect()
}

/// The `-W` options of an `OPTIONS:` comment.
fn warnings(program: &str) -> impl Iterator<Item = &str> {
    let options = directives(program, "OPTIONS").into_iter().flat_map(str::split_whitespace);
    options.inspect(|option| assert!(option.starts_with("-W"), "{option} is no warning"))
}

/// The case's own text, and nothing of its directives: they would move the end of the file.
fn program(text: &str) -> &str {
    text.split("// DIAG: ").next().unwrap_or(text)
}

#[test]
fn wrong_programs_get_their_messages() {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(cases_dir())
        .expect("the cases are there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "c"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 50);
    let write = std::env::var_os("CHECK_CASES_WRITE").is_some();
    let (mut wrong, mut skipped) = (0, 0);
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a case in UTF-8");
        let program = program(&text).to_string();
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let mut options = common::options("t.c");
        options.gnuc = Some((12, 2, 0));
        for option in warnings(&program) {
            options.warnings.option(&option[2..]).expect("a known warning");
        }
        let (output, _) = common::check(options, &common::Files { text: Some(program.clone().into_bytes()) });
        let ours = said(&output, "t.c");
        if write {
            let mut out = program.clone();
            ours.iter().for_each(|line| out.push_str(&format!("// DIAG: {line}\n")));
            std::fs::write(&path, out).expect("written");
            continue;
        }
        if ours != directives(&text, "DIAG") {
            wrong += 1;
            eprintln!("{name} says\n  {}", ours.join("\n  "));
        }
        if !directives(&text, "GCC-DIFFERS").is_empty() {
            continue;
        }
        match gcc_says(&program) {
            None => skipped += 1,
            Some(theirs) => {
                if theirs.first() != ours.first() {
                    wrong += 1;
                    eprintln!("{name}: gcc says first {:?}, we {:?}", theirs.first(), ours.first());
                }
            }
        }
    }
    if skipped > 0 {
        eprintln!("SKIPPED: gcc is not installed ({skipped} comparisons)");
    }
    assert_eq!(wrong, 0);
}

fn gcc_says(program: &str) -> Option<Vec<String>> {
    use std::io::Write;
    let mut child = Command::new("gcc")
        .args(["-fsyntax-only", "-fno-diagnostics-show-caret", "-x", "c", "-"])
        .args(warnings(program))
        .env("LC_ALL", "C.UTF-8")
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(program.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines = said(&text, "<stdin>").into_iter().filter(|l| l.starts_with(|c: char| c.is_ascii_digit()));
    Some(lines.collect())
}
