//! Bodies of C that tests put through the compiler: the pinned sources of `cargo xtask corpora`, and random programs.
//!
//! What cannot be had is a skip that is said on standard output (`skip: NAME`), and a failure where `KIT_CI` is set.

use crate::tools;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The project's root folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder of the corpus `name`, fetched if need be.
pub fn fetch(name: &str) -> Option<PathBuf> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["xtask", "corpora", "fetch", name]).current_dir(root());
    let why = match tools::run(&mut command) {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            return Some(PathBuf::from(text.lines().last().unwrap_or_default()));
        }
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(why) => why,
    };
    println!("skip: {name}: {why}");
    assert!(std::env::var_os("KIT_CI").is_none(), "the corpus {name} cannot be had: {why}");
    None
}

/// The C files directly in `dir`, in order of names.
pub fn c_files(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ext| ext == "c"));
    paths.sort();
    paths
}

/// A C program as a test takes it.
#[derive(Clone, Debug, Default)]
pub struct CProgram {
    pub name: String,
    pub sources: Vec<PathBuf>,
    pub include_dirs: Vec<String>,
    /// Macros to define, as `-D` takes them.
    pub macros: Vec<String>,
    pub pthread: bool,
    /// Arguments it is run with.
    pub args: Vec<String>,
}

impl CProgram {
    /// A program of one file.
    pub fn of(source: PathBuf) -> CProgram {
        let name = source.file_name().unwrap_or_default().to_string_lossy().into_owned();
        CProgram { name, sources: vec![source], ..CProgram::default() }
    }
}

/// The project's own programs, `tests/cases/c-run`.
pub fn own_programs() -> Vec<CProgram> {
    c_files(&root().join("tests/cases/c-run")).into_iter().map(CProgram::of).collect()
}

/// Cases of `tests2` that are about tcc itself: its messages, its bounds checker, its grammar.
const ABOUT_TCC: &[&str] =
    &["34_", "60_", "73_", "96_", "98_", "99_", "112_", "113_", "114_", "115_", "116_", "117_", "104+"];

/// tcc's `tests2`, but for cases about tcc itself.
pub fn tests2() -> Vec<CProgram> {
    let Some(tcc) = fetch("tcc") else { return Vec::new() };
    let dir = tcc.join("tests/tests2");
    let mut programs = Vec::new();
    for path in c_files(&dir) {
        let mut program = CProgram::of(path.clone());
        let has = |prefix: &str| program.name.starts_with(prefix);
        if ABOUT_TCC.iter().any(|prefix| has(prefix)) || !path.with_extension("expect").is_file() {
            continue;
        }
        let (threads, second, more_args) = (has("106_") || has("124_"), has("104_"), has("31_"));
        let greps = has("46_");
        program.pthread = threads;
        if second {
            program.sources.push(dir.join("104+_inline.c"));
        }
        if more_args {
            program.args = ["arg1", "arg2", "arg3", "arg4", "arg5"].map(String::from).to_vec();
        }
        if greps {
            program.args = vec!["[^* ]*[:a:d: ]+\\:\\*-/: $".into(), path.display().to_string()];
        }
        programs.push(program);
    }
    programs
}

/// gcc's `c-torture/execute`: one file each, compiled and not run.
pub fn torture() -> Vec<CProgram> {
    let Some(gcc) = fetch("gcc14") else { return Vec::new() };
    let dir = gcc.join("gcc/testsuite/gcc.c-torture/execute");
    [dir.clone(), dir.join("ieee")].iter().flat_map(|dir| c_files(dir)).map(CProgram::of).collect()
}

/// Random programs by csmith, one for each seed, written into `dir`.
pub fn csmith(dir: &Path, seeds: impl IntoIterator<Item = u64>) -> Vec<CProgram> {
    if !tools::have("csmith") {
        return Vec::new();
    }
    let seeds: Vec<u64> = seeds.into_iter().collect();
    in_parallel(&seeds, |&seed| csmith_program(dir, seed)).into_iter().flatten().collect()
}

fn csmith_program(dir: &Path, seed: u64) -> Option<CProgram> {
    let mut command = Command::new("timeout");
    command.args(["10", "csmith", "--no-packed-struct", "--concise", "--max-funcs", "6", "--seed"]);
    let text = tools::run(command.arg(seed.to_string())).unwrap_or_else(|error| panic!("{error}"));
    // csmith itself hangs on some seeds.
    if !text.status.success() {
        println!("skip: csmith gives nothing for seed {seed}");
        return None;
    }
    let path = dir.join(format!("csmith-{seed}.c"));
    std::fs::write(&path, text.stdout).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut program = CProgram::of(path);
    program.include_dirs.push("/usr/include/csmith".into());
    Some(program)
}

/// Units of real programs: Lua, zlib, SQLite. They are compiled, not run.
pub fn real_units() -> Vec<CProgram> {
    let mut units = Vec::new();
    let bodies: [(&str, &[&str]); 3] =
        [("bench-lua", &["LUA_USE_POSIX"]), ("bench-zlib", &["HAVE_UNISTD_H"]), ("bench-sqlite", &[])];
    for (name, macros) in bodies {
        let Some(dir) = fetch(name) else { continue };
        for path in c_files(&dir) {
            let mut unit = CProgram::of(path);
            // For another system.
            if unit.name.starts_with("wasm") {
                continue;
            }
            unit.macros = macros.iter().map(|&text| text.to_owned()).collect();
            units.push(unit);
        }
    }
    units
}

/// Runs `work` on every item with as many threads as the machine has; results in order of items.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut results: Vec<Option<R>> = items.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        let take = || {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let Some(item) = items.get(at) else { return done };
                done.push((at, work(item)));
            }
        };
        let builder = || std::thread::Builder::new().stack_size(64 << 20);
        let threads: Vec<_> = (0..n_threads).map(|_| builder().spawn_scoped(scope, take).expect("a thread")).collect();
        for thread in threads {
            let done = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            for (at, result) in done {
                results[at] = Some(result);
            }
        }
    });
    results.into_iter().map(|result| result.expect("every item was taken")).collect()
}
