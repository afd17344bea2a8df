//! Runs `tests/cases/pp`: what each file preprocesses to, and what is said about it, against the directives in it.
//!
//! Directives are comments: `STD: c99`, `INCLUDE: dir` (as `-I`, relative to the cases), then at the end `EXPECT:` lines
//! with the tokens of each output line, a blank between tokens, and `DIAG:` lines with `line:column: severity: text`.
//! Where gcc is installed its `-E -P` must give the same tokens; where it is not, that is counted and printed.
//! `PP_CASES_WRITE=1` rewrites the expectations from what comes out, to be read before they are kept.

mod support;

use lang_c::options::{Options, Standard};
use lang_c::pp::Pp;
use lang_c::token::{Tok, TokenFlags};
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{Disk, Memory};

struct Case {
    path: PathBuf,
    text: String,
    options: Options,
    standard: Option<String>,
}

fn cases_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/pp")
}

fn directive<'t>(text: &'t str, word: &str) -> impl Iterator<Item = &'t str> + use<'t> {
    let word = format!("{word}:");
    text.lines().filter_map(move |line| {
        let comment = line.strip_prefix("/*").and_then(|l| l.strip_suffix("*/")).or_else(|| line.strip_prefix("//"))?;
        comment.trim_start().strip_prefix(word.as_str()).map(str::trim)
    })
}

fn load_cases() -> Vec<Case> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(cases_dir())
        .expect("the cases are there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "c"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let bytes = std::fs::read(&path).expect("readable");
            let text = String::from_utf8(bytes).expect("cases are UTF-8");
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            let mut options = support::options(&name);
            let standard = directive(&text, "STD").next().map(str::to_string);
            if let Some(standard) = &standard {
                options.standard = Standard::parse(standard).expect("a known standard");
            }
            options.include_dirs = directive(&text, "INCLUDE").map(str::to_string).collect();
            Case { path, text, options, standard }
        })
        .collect()
}

/// The tokens by output line, and what was said.
fn run(case: &Case) -> (Vec<String>, Vec<String>) {
    let disk = Disk { root: cases_dir() };
    let mut pp = Pp::new(case.options.clone(), &disk);
    let mut lines: Vec<String> = Vec::new();
    loop {
        let token = pp.next();
        if token.kind == Tok::Eof {
            break;
        }
        if token.kind == Tok::Pragma {
            continue;
        }
        let spelling = String::from_utf8_lossy(pp.spelling(&token)).into_owned();
        match lines.last_mut() {
            Some(line) if !token.flags.has(TokenFlags::LINE_START) => {
                line.push(' ');
                line.push_str(&spelling);
            }
            _ => lines.push(spelling),
        }
    }
    let mut said: Vec<String> = Vec::new();
    for diag in &pp.diags.diags {
        let place = pp.map.place(diag.span.lo).map_or("-".to_string(), |p| format!("{}:{}", p.line, p.column));
        let flag = if diag.flag.is_empty() { String::new() } else { format!(" [-W{}]", diag.flag) };
        said.push(format!("{place}: {}: {}{flag}", diag.severity.word(), diag.text));
    }
    (lines, said)
}

fn rewrite(case: &Case, lines: &[String], said: &[String]) {
    let comment = |word: &str, text: &str| format!("/* {word}: {} */\n", text.replace("*/", "*\\/"));
    let mut out: String = case.text.lines().filter(|l| !is_expectation(l)).map(|l| format!("{l}\n")).collect();
    lines.iter().for_each(|line| out.push_str(&comment("EXPECT", line)));
    said.iter().for_each(|line| out.push_str(&comment("DIAG", line)));
    std::fs::write(&case.path, out).expect("writable");
}

fn is_expectation(line: &str) -> bool {
    line.starts_with("/* EXPECT:") || line.starts_with("/* DIAG:")
}

#[test]
fn cases_give_what_they_say() {
    let write = std::env::var_os("PP_CASES_WRITE").is_some();
    let mut failures = String::new();
    for case in load_cases() {
        let (lines, said) = run(&case);
        if write {
            rewrite(&case, &lines, &said);
            continue;
        }
        let unescape = |text: &str| text.replace("*\\/", "*/");
        let expected: Vec<String> = directive(&case.text, "EXPECT").map(unescape).collect();
        let diags: Vec<String> = directive(&case.text, "DIAG").map(unescape).collect();
        let name = case.path.display();
        for (word, want, got) in [("EXPECT", expected, &lines), ("DIAG", diags, &said)] {
            if &want != got {
                let first = want.iter().zip(got).position(|(a, b)| a != b).unwrap_or(want.len().min(got.len()));
                failures.push_str(&format!(
                    "{name}: {word} {first}\n  want {:?}\n  got  {:?}\n",
                    want.get(first),
                    got.get(first)
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// The tokens of text that is preprocessed already.
fn tokens_of(text: Vec<u8>) -> Vec<String> {
    let input = Memory::new([("x.i", text)]);
    let options = Options { undef: true, gnuc: None, ..Options::new("x.i") };
    let mut pp = Pp::new(options, &input);
    let mut tokens = Vec::new();
    loop {
        let token = pp.next();
        match token.kind {
            Tok::Eof => return tokens,
            Tok::Pragma => {}
            _ => tokens.push(String::from_utf8_lossy(pp.spelling(&token)).into_owned()),
        }
    }
}

#[test]
fn gcc_gives_the_same_tokens() {
    let mut n_skipped = 0;
    let mut failures = String::new();
    for case in load_cases().into_iter().filter(|c| !c.text.contains("ORACLE: none")) {
        let mut command = Command::new("gcc");
        command.args(["-E", "-P", "-w"]).current_dir(cases_dir()).arg(case.path.file_name().expect("a file"));
        command.args(case.standard.iter().map(|s| format!("-std={s}")));
        command.args(case.options.include_dirs.iter().map(|d| format!("-I{d}")));
        let Ok(output) = command.output() else {
            n_skipped += 1;
            continue;
        };
        let theirs = tokens_of(output.stdout);
        // Our own output goes the same way, so that nothing depends on the way back.
        let disk = Disk { root: cases_dir() };
        let mut pp = Pp::new(Options { print_mode: true, ..case.options.clone() }, &disk);
        let printed = lang_c::pp::print::print(
            &mut pp,
            lang_c::pp::print::PrintOptions { no_markers: true, ..Default::default() },
        );
        let ours = tokens_of(printed);
        if ours != theirs {
            let first = ours.iter().zip(&theirs).position(|(a, b)| a != b).unwrap_or(ours.len().min(theirs.len()));
            let around = |t: &[String]| t[first.saturating_sub(4).min(t.len())..(first + 4).min(t.len())].join(" ");
            failures.push_str(&format!(
                "{}:\n  gcc {}\n  kit {}\n",
                case.path.display(),
                around(&theirs),
                around(&ours)
            ));
        }
    }
    println!("skipped for want of gcc: {n_skipped}");
    assert!(failures.is_empty(), "{failures}");
}
