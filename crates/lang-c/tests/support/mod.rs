//! What the integration tests share: inputs from memory and from a directory, options for one target.
#![allow(dead_code, reason = "each test uses its part")]

pub mod target_macros;

use base::io::{FileBytes, FileStat, InputSource, IoError};
use lang_c::options::Options;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Options for `file` on the test target, with the GNU version of the oracle.
pub fn options(file: &str) -> Options {
    Options { target_macros: target_macros::tables(), gnuc: Some((12, 2, 0)), ..Options::new(file) }
}

/// Files in memory.
pub struct Memory {
    files: Vec<(String, Vec<u8>)>,
}

impl Memory {
    pub fn new<const N: usize>(files: [(&str, Vec<u8>); N]) -> Memory {
        Memory { files: files.map(|(name, text)| (name.to_string(), text)).to_vec() }
    }

    fn find(&self, path: &Path) -> Result<(usize, &Vec<u8>), IoError> {
        let name = path.to_string_lossy();
        let found = self.files.iter().position(|f| f.0 == name);
        let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
        found.map(|idx| (idx, &self.files[idx].1)).ok_or_else(|| IoError::new(path, "open", &missing))
    }
}

impl InputSource for Memory {
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        self.find(path).map(|(idx, text)| FileStat {
            inode: idx as u64 + 1,
            size: text.len() as u64,
            ..FileStat::default()
        })
    }

    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        self.find(path).map(|(_, text)| FileBytes::from_vec(text.clone()))
    }

    fn read_into(&self, path: &Path, out: &mut Vec<u8>) -> Result<FileStat, IoError> {
        out.extend_from_slice(self.find(path)?.1);
        self.stat(path)
    }
}

/// Files below a directory.
pub struct Disk {
    pub root: PathBuf,
}

impl InputSource for Disk {
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        let meta = std::fs::metadata(self.root.join(path)).map_err(|e| IoError::new(path, "stat", &e))?;
        Ok(FileStat { size: meta.len(), device: meta.dev(), inode: meta.ino(), ..FileStat::default() })
    }

    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        std::fs::read(self.root.join(path)).map(FileBytes::from_vec).map_err(|e| IoError::new(path, "read", &e))
    }

    fn read_into(&self, path: &Path, out: &mut Vec<u8>) -> Result<FileStat, IoError> {
        out.extend_from_slice(&self.read(path)?);
        self.stat(path)
    }
}
