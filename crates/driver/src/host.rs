//! What a tool needs of the world: standard streams, messages with the tool's name in front, the file system.

use base::io::IoError;
use kit::plugins::{TARGETS, TargetRow};
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Why a tool stopped: one message, said once, exit status 1 unless it says otherwise.
#[derive(Debug)]
pub struct Failure {
    pub text: String,
    pub status: i32,
}

impl Failure {
    pub fn new(text: impl Into<String>) -> Failure {
        Failure { text: text.into(), status: 1 }
    }

    /// The command line was wrong: exit status 1, as gcc's.
    pub fn usage(text: impl Into<String>) -> Failure {
        Failure { text: text.into(), status: 1 }
    }
}

impl From<IoError> for Failure {
    fn from(error: IoError) -> Failure {
        Failure::new(error.to_string())
    }
}

/// The names of inputs that an output must not replace: a slip in a makefile (`-o $<`) would cost the source.
#[derive(Default)]
pub struct Guarded {
    /// Device, inode, and the name for messages.
    files: Vec<(u64, u64, String)>,
}

impl Guarded {
    /// Adds a file under the identity that the file system gives it; what is no regular file cannot be lost.
    pub fn add(&mut self, path: &Path) {
        if let Some((device, inode)) = regular_file(path) {
            self.files.push((device, inode, path.display().to_string()));
        }
    }

    /// An error if `output` is one of the files, under whatever name.
    pub fn check(&self, output: &Path) -> Result<(), Failure> {
        if self.files.is_empty() {
            return Ok(());
        }
        let Some((device, inode)) = regular_file(output) else { return Ok(()) };
        match self.files.iter().find(|(d, i, _)| (*d, *i) == (device, inode)) {
            Some((.., name)) => Err(Failure::new(format!("input file ‘{name}’ is the same as output file"))),
            None => Ok(()),
        }
    }
}

/// Device and inode of a regular file, symbolic links followed.
fn regular_file(path: &Path) -> Option<(u64, u64)> {
    let meta = std::fs::metadata(path).ok().filter(|meta| meta.is_file())?;
    Some((meta.dev(), meta.ino()))
}

/// The surroundings of one tool run.
pub struct Shell {
    /// As messages name it: `kit cc`, or the name it was called by.
    pub program: String,
    pub host: sys::Host,
    pub target: &'static TargetRow,
    /// Says nothing: what is done is done once more.
    pub silent: bool,
}

impl Shell {
    pub fn new(program: String) -> Shell {
        Shell { program, host: sys::Host, target: &TARGETS[0], silent: false }
    }

    /// The same surroundings, in which nothing is said.
    pub fn quiet(&self) -> Shell {
        Shell { program: self.program.clone(), host: sys::Host, target: self.target, silent: true }
    }

    /// The same surroundings for the target that `--target=` names, if it was given.
    pub fn for_target(&self, triple: Option<&str>) -> Result<Shell, Failure> {
        let target = match triple {
            None => self.target,
            Some(triple) => kit::plugins::find_target(triple)
                .ok_or_else(|| Failure::usage(format!("‘--target={triple}’: kit has no such target yet")))?,
        };
        Ok(Shell { program: self.program.clone(), host: sys::Host, target, silent: self.silent })
    }

    /// Writes to standard output; a closed pipe ends the process quietly before this returns.
    pub fn print(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush()).map_err(|e| Failure::new(format!("cannot write output: {e}")))
    }

    /// Writes to standard error; what cannot be said there is lost.
    pub fn say(&self, text: &str) {
        if !self.silent {
            let _ = std::io::stderr().lock().write_all(text.as_bytes());
        }
    }

    pub fn error(&self, text: &str) {
        self.say(&format!("{}: error: {text}\n", self.program));
    }

    pub fn warning(&self, text: &str) {
        self.say(&format!("{}: warning: {text}\n", self.program));
    }
}
