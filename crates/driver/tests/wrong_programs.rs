//! Wrong programs through the built compiler: each case of `tests/cases/c-check` that has an error is given to `kit cc -c`,
//! whose first error must be the case's, in the shape that editors read (`file:line:column: error: …`). The exit status
//! is 1 and no object is left.
//!
//! What else is said about the cases, and that gcc says the same, is `lang-c`'s test `check_cases`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

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
    for path in &paths {
        let (program, golden) = case(path);
        let Some(first) = golden.first() else { continue };
        programs += 1;
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        std::fs::write(scratch.join(&name), &program).expect("written");
        let output = Command::new(env!("CARGO_BIN_EXE_kit"))
            .args(["cc", "-c", &name, "-o", "out.o"])
            .current_dir(&scratch)
            .output()
            .expect("kit runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let errors: Vec<&str> = said
            .lines()
            .filter_map(|line| line.strip_prefix(&name)?.strip_prefix(':'))
            .filter(|line| line.contains(": error: "))
            .collect();
        if errors.first() != Some(&first.as_str()) {
            wrong.push(format!("{name}: said {:?} instead of {first:?}", errors.first()));
        }
        if output.status.code() != Some(1) || scratch.join("out.o").exists() {
            wrong.push(format!("{name}: {}, or an object is left", output.status));
        }
        let mut parts: BTreeMap<usize, usize> = BTreeMap::new();
        for error in &errors {
            *parts.entry(part_of(&program, error)).or_default() += 1;
        }
        most = most.max(parts.into_values().max().unwrap_or(0));
    }
    println!("figure: wrong programs {programs}");
    println!("figure: most errors for one mistake {most}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
