//! Wrong programs through the built compiler: each case of `tests/cases/c-check` that has an error is given to `kit cc -c`,
//! whose first error must be the case's, in the shape that editors read (`file:line:column: error: …`). The exit status
//! is 1 and no object is left.
//!
//! Clang judges beside it: its first error stands on the same line (a case in which it does not on purpose says why in a
//! `CLANG-DIFFERS:` comment), and where it offers a mend or a name that was meant, kit should in most cases.
//!
//! What else is said about the cases, and that gcc says the same, is `lang-c`'s test `check_cases`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Of the programs that clang mends, those that kit mends, too.
const LEAST_MENDS_PERCENT: usize = 50;

/// A case as it is compiled, without its directives, and its golden errors: `line:column: error: …`.
fn case(path: &Path) -> (String, Vec<String>) {
    let text = std::fs::read_to_string(path).expect("a case in UTF-8");
    let program = text.split("// DIAG: ").next().unwrap_or_default().to_string();
    let diags = text.lines().filter_map(|line| line.strip_prefix("// DIAG: "));
    (program, diags.filter(|line| line.contains(": error: ")).map(str::to_string).collect())
}

/// Number of the declarator, operand or statement that an error at `line:column: …` stands in. Mistakes of the cases stand
/// in different ones.
fn part_of(program: &str, error: &str) -> usize {
    let mut numbers = error.split(':').map_while(|number| number.parse::<usize>().ok());
    let (line, column) = (numbers.next().expect("a line"), numbers.next().expect("a column"));
    let before: usize = program.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let end = (before + column - 1).min(program.len());
    program.as_bytes()[..end].iter().filter(|byte| matches!(byte, b';' | b',' | b'{' | b'}')).count()
}

/// What a compiler says about a file, or `None` when there is no such compiler.
fn said_by(program: &str, args: &[&str], name: &str, dir: &Path) -> Option<(String, Option<i32>)> {
    let output = Command::new(program)
        .args(args)
        .args(["-fdiagnostics-parseable-fixits", "-c", name, "-o", "out.o"])
        .current_dir(dir)
        .output()
        .ok()?;
    Some((String::from_utf8_lossy(&output.stderr).into_owned(), output.status.code()))
}

/// `line:column: error: …` of the file's errors.
fn errors<'s>(said: &'s str, name: &str) -> Vec<&'s str> {
    let lines = said.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    lines.filter(|line| line.contains(": error: ") || line.contains(": fatal error: ")).collect()
}

fn line_of(error: Option<&&str>) -> Option<String> {
    Some(error?.split(':').next()?.to_string())
}

fn offers_a_mend(said: &str) -> bool {
    said.lines().any(|line| line.starts_with("fix-it:")) || said.contains("did you mean")
}

#[test]
fn wrong_programs_end_in_their_first_error() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/c-check");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(dir).expect("cases").map(|e| e.expect("readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ext| ext == "c"));
    paths.sort();
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wrong-programs");
    let _ = std::fs::remove_dir_all(&scratch);
    std::fs::create_dir_all(&scratch).expect("a directory to work in");
    let (mut programs, mut most, mut wrong) = (0, 0, Vec::new());
    let (mut judged, mut mended, mut both) = (0, 0, 0);
    for path in &paths {
        let (program, golden) = case(path);
        let Some(first) = golden.first() else { continue };
        programs += 1;
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        std::fs::write(scratch.join(&name), &program).expect("written");
        let (said, status) = said_by(env!("CARGO_BIN_EXE_kit"), &["cc"], &name, &scratch).expect("kit runs");
        let ours = errors(&said, &name);
        if ours.first() != Some(&first.as_str()) {
            wrong.push(format!("{name}: said {:?} instead of {first:?}", ours.first()));
        }
        if status != Some(1) || scratch.join("out.o").exists() {
            wrong.push(format!("{name}: status {status:?}, or an object is left"));
        }
        let mut parts: BTreeMap<usize, usize> = BTreeMap::new();
        for error in &ours {
            *parts.entry(part_of(&program, error)).or_default() += 1;
        }
        most = most.max(parts.into_values().max().unwrap_or(0));
        let Some((theirs, _)) = said_by("clang", &["-w"], &name, &scratch) else { continue };
        judged += 1;
        let (line, their_line) = (line_of(ours.first()), line_of(errors(&theirs, &name).first()));
        if line != their_line && !program.contains("// CLANG-DIFFERS: ") {
            wrong.push(format!("{name}: clang's first error stands in line {their_line:?}, ours in {line:?}"));
        }
        if offers_a_mend(&theirs) {
            mended += 1;
            both += usize::from(offers_a_mend(&said));
        }
    }
    println!("figure: wrong programs {programs}");
    println!("figure: most errors for one mistake {most}");
    if judged == 0 {
        assert!(std::env::var_os("KIT_CI").is_none(), "clang is not installed");
        eprintln!("SKIPPED: clang is not installed ({programs} comparisons)");
    } else {
        let percent = both * 100 / mended.max(1);
        println!("figure: fix-its of clang's percent {percent}");
        if percent < LEAST_MENDS_PERCENT {
            wrong.push(format!("clang mends {mended} programs, kit {both} of them"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
