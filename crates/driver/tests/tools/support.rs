//! Programs outside, and a directory for what they make.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// True when every one of these programs is there. A missing one is a skip, counted by its line, and a failure where
/// everything must be there.
pub fn have(programs: &[&str]) -> bool {
    let missing = programs.iter().find(|program| Command::new(program).arg("--version").output().is_err());
    if let Some(missing) = missing {
        assert!(std::env::var_os("KIT_CI").is_none(), "{missing} is not installed");
        eprintln!("skipped: {missing} is not installed");
    }
    missing.is_none()
}

/// `kit` with this tool.
pub fn kit(tool: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kit"));
    command.arg(tool);
    command
}

/// Compares kit's tool with the one of that name: the standard output of those lines that count, and the exit status.
pub fn compare_lines(dir: &Path, tool: &str, options: &str, files: &[&Path], counts: impl Fn(&str) -> bool) {
    let words = options.split(' ').filter(|word| !word.is_empty());
    let theirs =
        Command::new(tool).env("LC_ALL", "C").current_dir(dir).args(words.clone()).args(files).output().unwrap();
    let ours = kit(tool).current_dir(dir).args(words).args(files).output().unwrap();
    if theirs.stdout != ours.stdout {
        let (theirs, ours) = (String::from_utf8_lossy(&theirs.stdout), String::from_utf8_lossy(&ours.stdout));
        let (wanted, got) = (theirs.lines().filter(|line| counts(line)), ours.lines().filter(|line| counts(line)));
        if !wanted.clone().eq(got.clone()) {
            let differ = wanted.zip(got).enumerate().find(|(_, (a, b))| a != b);
            let (wanted, got) = (theirs.lines().count(), ours.lines().count());
            panic!("{tool} {options} {files:?}: {differ:#?} ({wanted} and {got} lines)");
        }
    }
    assert_eq!(theirs.status.code(), ours.status.code(), "{tool} {options} {files:?}");
}

/// The same for all lines.
pub fn compare(dir: &Path, tool: &str, options: &str, files: &[&Path]) {
    compare_lines(dir, tool, options, files, |_| true);
}

/// A fresh directory of this name.
pub fn dir(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

/// Runs a program that must succeed.
pub fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// A file that the system's compiler knows by name (`libc.so.6`, `crt1.o`), if it exists.
pub fn system_file(name: &str) -> Option<PathBuf> {
    let output = run(Command::new("gcc").arg(format!("-print-file-name={name}")));
    let path = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    path.is_absolute().then_some(path)
}

/// The words behind a source for `kit ld`: a dynamic program that may be loaded anywhere.
pub fn link(objects: &[&Path], out: &Path) {
    static START: OnceLock<Option<Vec<PathBuf>>> = OnceLock::new();
    let start = START.get_or_init(|| ["Scrt1.o", "crti.o", "crtn.o"].into_iter().map(system_file).collect());
    let start = start.as_ref().expect("the C library's start files");
    let mut command = kit("ld");
    command.args(["-pie", "--eh-frame-hdr", "-dynamic-linker", "/lib64/ld-linux-x86-64.so.2", "-o"]).arg(out);
    command.args(&start[..2]).args(objects);
    command.arg(format!("-L{}", start[0].parent().unwrap().display())).arg("-lc").arg(&start[2]);
    run(&mut command);
}
