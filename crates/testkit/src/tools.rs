//! The world that tests touch: temporary directories and the tools they compare with.
//!
//! A missing tool is a skip that is said on standard output (`skip: gcc`), and a failure where `KIT_CI` is set.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A directory that is removed when this is dropped.
pub struct TempDir {
    path: PathBuf,
}

static N_DIRS: AtomicU32 = AtomicU32::new(0);

impl TempDir {
    /// A new directory, whose name begins with `prefix`.
    pub fn new(prefix: &str) -> io::Result<TempDir> {
        let name = format!("kit-{prefix}-{}-{}", std::process::id(), N_DIRS.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path)?;
        Ok(TempDir { path })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of a file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Writes a file; its path.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> io::Result<PathBuf> {
        let path = self.file(name);
        std::fs::write(&path, bytes)?;
        Ok(path)
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        // A test that leaves files behind is no failure.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// Whether a tool can be run. A missing one is said; where `KIT_CI` is set, that is a failure.
pub fn have(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !found {
        println!("skip: {tool}");
        assert!(std::env::var_os("KIT_CI").is_none(), "{tool} is missing");
    }
    found
}

/// Runs a command to its end and gives its output; an error names the command.
pub fn run(command: &mut Command) -> Result<Output, String> {
    command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))
}

/// How a program ended: its exit status, or 128 and the signal.
pub fn status_code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().or(status.signal().map(|signal| 128 + signal)).unwrap_or(-1)
}

/// Runs gcc with these arguments; its messages when it fails.
pub fn run_gcc<S: AsRef<OsStr>>(args: &[S]) -> Result<(), String> {
    let output = run(Command::new("gcc").args(args))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// Compiles a C program with gcc and these options, and runs it.
pub fn gcc_and_run(source: &str, options: &[&str]) -> Result<Output, String> {
    let dir = TempDir::new("gcc").map_err(|error| error.to_string())?;
    let file = dir.write("a.c", source).map_err(|error| error.to_string())?;
    let program = dir.file("a.out");
    let mut args: Vec<&OsStr> = vec!["-w".as_ref(), "-o".as_ref(), program.as_os_str(), file.as_os_str()];
    args.extend(options.iter().map(OsStr::new));
    args.push("-lm".as_ref());
    run_gcc(&args)?;
    run(&mut Command::new(&program))
}
