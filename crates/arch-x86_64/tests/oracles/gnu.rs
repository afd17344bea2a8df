//! GNU objdump over raw bytes, read as a stream: address by address, with the text behind it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

pub struct Listing {
    child: Child,
    lines: BufReader<ChildStdout>,
    line: Vec<u8>,
}

/// Whether the release is here whose text is followed.
pub fn is_here() -> bool {
    let version = Command::new("objdump").arg("--version").output();
    version
        .is_ok_and(|out| String::from_utf8_lossy(&out.stdout).lines().next().is_some_and(|line| line.contains("2.40")))
}

impl Listing {
    pub fn start(file: &Path, syntax: &str) -> Listing {
        let mut child = Command::new("objdump")
            .args(["-D", "-z", "-w", "--no-show-raw-insn", "-b", "binary", "-m", "i386:x86-64", "-M", syntax])
            .arg(file)
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("objdump starts");
        let pipe = child.stdout.take().expect("standard output was asked for");
        Listing { child, lines: BufReader::with_capacity(1 << 16, pipe), line: Vec::new() }
    }

    /// The next instruction: where it stands and its text.
    pub fn next(&mut self) -> Option<(usize, &[u8])> {
        loop {
            self.line.clear();
            if self.lines.read_until(b'\n', &mut self.line).expect("objdump is read") == 0 {
                return None;
            }
            if let Some((address, start)) = head(&self.line) {
                let end = self.line.len() - usize::from(self.line.ends_with(b"\n"));
                return Some((address, &self.line[start..end]));
            }
        }
    }

    pub fn finish(mut self) {
        drop(self.lines);
        assert!(self.child.wait().expect("objdump ends").success(), "objdump failed");
    }
}

/// Address of a line and where its text begins.
fn head(line: &[u8]) -> Option<(usize, usize)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    if line.get(colon + 1) != Some(&b'\t') {
        return None;
    }
    let digits = std::str::from_utf8(line.get(..colon)?).ok()?.trim_start();
    Some((usize::from_str_radix(digits, 16).ok()?, colon + 2))
}
