//! How finished bytes reach their path. The rules, in the order in which a user would miss them:
//!
//! - an output that exists is replaced by rename or not at all: a failure in the middle leaves the old file;
//! - no partial file stays behind;
//! - `/dev/null`, a terminal, a fifo are written through, never unlinked and never renamed over;
//! - `/dev/stdout` and `/dev/fd/N` mean the open descriptor, so that `>>` appends;
//! - a directory is an error that says so;
//! - a program that runs, or a file with other hard links, keeps its bytes: the new one is another file;
//! - permission bits are `mode` without the umask, as a shell user expects of a compiler.

use crate::host::create_temporary;
use base::io::IoError;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::os::fd::{FromRawFd, RawFd};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::Path;
use std::time::SystemTime;

/// What an output path names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OutputKind {
    /// A regular file, or nothing yet: replaced atomically.
    File,
    /// A device, fifo or socket: bytes are written to it.
    Special,
    /// An open descriptor of this process (`/dev/stdout`, `/dev/fd/3`).
    Descriptor(RawFd),
}

/// Tells what `path` names as an output. A directory is an error, as is one whose parent is missing.
pub fn output_kind(path: &Path) -> Result<OutputKind, IoError> {
    if let Some(fd) = descriptor(path) {
        return Ok(OutputKind::Descriptor(fd));
    }
    match fs::metadata(path) {
        Ok(meta) => {
            let kind = meta.file_type();
            if kind.is_dir() {
                Err(IoError::new(path, "write", &io::Error::from_raw_os_error(libc::EISDIR)))
            } else if kind.is_char_device() || kind.is_block_device() || kind.is_fifo() || kind.is_socket() {
                Ok(OutputKind::Special)
            } else {
                Ok(OutputKind::File)
            }
        }
        // Absent, or a symbolic link to nothing: rename replaces the link, as GNU ld does.
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(OutputKind::File),
        Err(e) => Err(IoError::new(path, "write", &e)),
    }
}

/// The descriptor that `path` stands for by its spelling.
fn descriptor(path: &Path) -> Option<RawFd> {
    let text = path.to_str()?;
    match text {
        "/dev/stdout" => Some(1),
        "/dev/stderr" => Some(2),
        _ => {
            let number = text.strip_prefix("/dev/fd/").or_else(|| text.strip_prefix("/proc/self/fd/"))?;
            number.parse().ok().filter(|fd| *fd >= 0)
        }
    }
}

/// Writes `bytes` as the file `path` with permission bits `mode` (`0o666` for data, `0o777` for programs; the umask is
/// taken off), by the rules at the head of this file.
pub fn write_output(path: &Path, bytes: &[u8], mode: u32) -> Result<(), IoError> {
    match output_kind(path)? {
        OutputKind::File => replace(path, mode, |file| (&*file).write_all(bytes)),
        OutputKind::Special | OutputKind::Descriptor(_) => write_through(path, bytes),
    }
}

/// As [`write_output`], for text that is produced piece by piece.
pub fn write_output_with(
    path: &Path,
    mode: u32,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), IoError> {
    let buffered = |file: &File| {
        let mut out = BufWriter::with_capacity(64 * 1024, file);
        fill(&mut out)?;
        out.flush()
    };
    match output_kind(path)? {
        OutputKind::File => replace(path, mode, buffered),
        OutputKind::Special | OutputKind::Descriptor(_) => {
            let file = open_through(path)?;
            buffered(&file).map_err(|e| IoError::new(path, "write", &e))
        }
    }
}

/// What a file that is replaced keeps of the old one, or of the file that it is made from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kept {
    /// Exact permission bits, whatever the umask, and the user and group, where this process may set them.
    pub owner: Option<(u32, u32, u32)>,
    /// Times of access and modification.
    pub times: Option<(SystemTime, SystemTime)>,
}

/// As [`write_output`], but a regular file gets what `kept` says before it appears. `mode` counts without an owner.
pub fn write_output_keeping(path: &Path, bytes: &[u8], mode: u32, kept: &Kept) -> Result<(), IoError> {
    if output_kind(path)? != OutputKind::File {
        return write_through(path, bytes);
    }
    replace(path, mode, |file| {
        (&*file).write_all(bytes)?;
        if let Some((bits, user, group)) = kept.owner {
            // Only the superuser may give files away; without it the file is the user's own, and no longer runs as another.
            let given = std::os::unix::fs::fchown(file, Some(user), Some(group)).is_ok();
            file.set_permissions(fs::Permissions::from_mode(if given { bits & 0o7777 } else { bits & 0o777 }))?;
        }
        if let Some((accessed, modified)) = kept.times {
            file.set_times(fs::FileTimes::new().set_accessed(accessed).set_modified(modified))?;
        }
        Ok(())
    })
}

/// Fills a temporary file and renames it over `path`; when anything fails, removes it and leaves `path` alone.
fn replace(path: &Path, mode: u32, fill: impl FnOnce(&File) -> io::Result<()>) -> Result<(), IoError> {
    let (file, temp) = create_temporary(path, mode).map_err(|e| IoError::new(path, "create", &e))?;
    let done = fill(&file).and_then(|()| fs::rename(&temp, path));
    done.map_err(|e| {
        // The first error is the one to report; a temporary that cannot be removed either changes nothing about it.
        let _ = fs::remove_file(&temp);
        IoError::new(path, "write", &e)
    })
}

/// Writes `bytes` to a device, pipe or descriptor as it stands: no truncation, no unlink.
pub(crate) fn write_through(path: &Path, bytes: &[u8]) -> Result<(), IoError> {
    open_through(path)?.write_all(bytes).map_err(|e| IoError::new(path, "write", &e))
}

fn open_through(path: &Path) -> Result<File, IoError> {
    let fail = |e: io::Error| IoError::new(path, "open", &e);
    let Some(fd) = descriptor(path) else {
        return OpenOptions::new().write(true).open(path).map_err(fail);
    };
    // SAFETY: `F_DUPFD_CLOEXEC` on any number is harmless; a number that is not open gives `EBADF`.
    let copy = unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 3) };
    if copy < 0 {
        return Err(fail(io::Error::last_os_error()));
    }
    // SAFETY: `copy` is a fresh descriptor that nothing else owns.
    Ok(unsafe { File::from_raw_fd(copy) })
}
