//! kit's own freestanding headers as a directory that exists only in memory, laid over the host's file system.

use base::io::{FileBytes, FileStat, InputSource, IoError};
use std::path::Path;

/// The directory, as search lists and messages show it. No file below it is a dependency of anything.
pub const DIR: &str = "<kit>/include";

/// The directories to search, for an architecture by its name: those headers that are the same everywhere, and its own.
pub fn dirs(arch: &str) -> [String; 2] {
    [DIR.to_string(), format!("{DIR}/{arch}")]
}

/// True for a path below [`DIR`].
pub fn is_embedded(path: &str) -> bool {
    path.strip_prefix(DIR).is_some_and(|rest| rest.starts_with('/'))
}

/// `host` with kit's headers added.
pub struct WithHeaders<'a> {
    pub host: &'a dyn InputSource,
}

fn embedded_name(path: &Path) -> Option<&str> {
    let name = path.as_os_str().as_encoded_bytes().strip_prefix(DIR.as_bytes())?.strip_prefix(b"/")?;
    std::str::from_utf8(name).ok()
}

fn embedded(path: &Path) -> Option<Result<&'static [u8], IoError>> {
    let name = embedded_name(path)?;
    Some(rt::header(name).ok_or_else(|| {
        let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
        IoError::new(path, "open", &missing)
    }))
}

/// Every embedded header is a file of its own; the identity only has to differ.
fn stat(path: &Path, bytes: &[u8]) -> FileStat {
    let inode = base::hash::hash64(path.as_os_str().as_encoded_bytes());
    FileStat { device: u64::MAX, inode, size: bytes.len() as u64, mode: 0o100_444, n_links: 1, ..FileStat::default() }
}

impl InputSource for WithHeaders<'_> {
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        match embedded(path) {
            Some(found) => found.map(|bytes| stat(path, bytes)),
            None => self.host.stat(path),
        }
    }

    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        match embedded(path) {
            Some(found) => found.map(|bytes| FileBytes::from_vec(bytes.to_vec())),
            None => self.host.read(path),
        }
    }

    fn read_if_file(&self, path: &Path, out: &mut Vec<u8>) -> Result<Option<FileStat>, IoError> {
        let Some(name) = embedded_name(path) else { return self.host.read_if_file(path, out) };
        Ok(rt::header(name).map(|bytes| {
            out.reserve_exact(bytes.len() + base::source::TEXT_PADDING);
            out.extend_from_slice(bytes);
            stat(path, bytes)
        }))
    }

    fn read_into(&self, path: &Path, out: &mut Vec<u8>) -> Result<FileStat, IoError> {
        match embedded(path) {
            Some(found) => found.map(|bytes| {
                out.extend_from_slice(bytes);
                stat(path, bytes)
            }),
            None => self.host.read_into(path, out),
        }
    }
}
