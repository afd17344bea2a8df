//! How libraries touch the world: through these traits, implemented by `sys` for the real file system and by tests
//! and embedders for anything else. No other library code opens, reads, stats or writes anything.

use std::fmt;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What identifies one version of one file. Two stats that differ in any field are two versions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub struct FileStat {
    pub device: u64,
    pub inode: u64,
    /// Size in bytes.
    pub size: u64,
    /// Modification time in nanoseconds since the epoch.
    pub mtime_ns: i64,
    /// Change time in nanoseconds since the epoch.
    pub ctime_ns: i64,
    /// Permission bits and file type as in `st_mode`.
    pub mode: u32,
    /// Number of hard links.
    pub n_links: u32,
}

/// The bytes of a whole file, owned by whoever read or mapped it; clones share them.
#[derive(Clone)]
pub struct FileBytes {
    owner: Arc<dyn AsRef<[u8]> + Send + Sync>,
}

impl FileBytes {
    pub fn new(owner: Arc<dyn AsRef<[u8]> + Send + Sync>) -> FileBytes {
        FileBytes { owner }
    }

    pub fn from_vec(bytes: Vec<u8>) -> FileBytes {
        FileBytes { owner: Arc::new(bytes) }
    }
}

impl Deref for FileBytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        (*self.owner).as_ref()
    }
}

impl fmt::Debug for FileBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileBytes({} bytes)", self.len())
    }
}

/// The world failed: which file, what was tried, what the system said.
#[derive(Debug, Clone)]
pub struct IoError {
    pub path: PathBuf,
    /// A verb phrase for the message: `open`, `write`, `rename`.
    pub action: &'static str,
    pub kind: std::io::ErrorKind,
    /// The system's text, such as `No such file or directory`.
    pub text: String,
}

impl IoError {
    pub fn new(path: &Path, action: &'static str, error: &std::io::Error) -> IoError {
        let mut text = error.to_string();
        if let Some(at) = text.find(" (os error") {
            text.truncate(at);
        }
        IoError { path: path.to_path_buf(), action, kind: error.kind(), text }
    }

    pub fn is_not_found(&self) -> bool {
        matches!(self.kind, std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
    }
}

impl fmt::Display for IoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} {}: {}", self.action, self.path.display(), self.text)
    }
}

impl std::error::Error for IoError {}

/// Where inputs come from: sources, headers, objects, archives, libraries.
pub trait InputSource: Sync {
    /// Identity of the file at `path`; an error when there is none. Follows symbolic links.
    fn stat(&self, path: &Path) -> Result<FileStat, IoError>;

    /// The whole file, for binary inputs (typically a private mapping).
    fn read(&self, path: &Path) -> Result<FileBytes, IoError>;

    /// Appends the whole file to `out` with one system read, for source text that the caller keeps in one range.
    /// Returns the identity of what was read. Directories are an error.
    fn read_into(&self, path: &Path, out: &mut Vec<u8>) -> Result<FileStat, IoError>;

    /// The same for a path that is tried among others: `None` when nothing is there, or a directory. Most places of a
    /// search path are such, and an [`IoError`] for each would cost more than the rest of the search.
    fn read_if_file(&self, path: &Path, out: &mut Vec<u8>) -> Result<Option<FileStat>, IoError> {
        match self.read_into(path, out) {
            Ok(stat) => Ok(Some(stat)),
            Err(error) if error.is_not_found() || error.kind == std::io::ErrorKind::IsADirectory => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// One open file that is patched in place: an image or a state file.
pub trait ImageFile {
    /// Fills `buf` from `offset`; an error when the file ends before.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), IoError>;
    /// Writes all of `bytes` at `offset`.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> Result<(), IoError>;
    fn len(&self) -> Result<u64, IoError>;
    fn is_empty(&self) -> Result<bool, IoError> {
        Ok(self.len()? == 0)
    }
    fn set_len(&self, len: u64) -> Result<(), IoError>;
    fn stat(&self) -> Result<FileStat, IoError>;
    /// Sets the permission bits (`0o755`).
    fn set_mode(&self, mode: u32) -> Result<(), IoError>;
}

/// Where outputs go. All paths are the host's.
pub trait ImageIo {
    /// Opens an existing file for reading and writing. `ExecutableFileBusy` when the program is running.
    fn open_rw(&self, path: &Path) -> Result<Box<dyn ImageFile>, IoError>;
    /// Makes a new file beside `path` under a temporary name, with permission bits `mode`.
    /// Returns it and its path; nothing is visible at `path` until [`ImageIo::rename`].
    fn create_beside(&self, path: &Path, mode: u32) -> Result<(Box<dyn ImageFile>, PathBuf), IoError>;
    /// Renames atomically over `to`.
    fn rename(&self, from: &Path, to: &Path) -> Result<(), IoError>;
    /// Removes `path`; it is no error when it does not exist.
    fn remove(&self, path: &Path) -> Result<(), IoError>;
    fn stat(&self, path: &Path) -> Result<FileStat, IoError>;
    /// Takes the exclusive advisory lock that belongs to `path`; released when the value is dropped.
    fn lock(&self, path: &Path) -> Result<Box<dyn std::any::Any>, IoError>;
}
