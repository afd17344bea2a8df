//! The real file system behind `base::io`: [`Host`] implements `InputSource` and `ImageIo`.
//!
//! Inputs above a small size are mapped privately, because an object's bytes are read once and in any order, and
//! because copying a library of 100 MB to look at its symbol table would cost more than the link. Outputs appear
//! under a temporary name beside their path and are renamed over it, so that whoever runs or reads the old file keeps
//! the old file (POSIX `rename`: "the link named new shall remain visible throughout").

use crate::output::{self, OutputKind};
use base::io::{FileBytes, FileStat, ImageFile, ImageIo, InputSource, IoError};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Files of at least this many bytes are mapped, smaller ones are read: below it one `read` is cheaper than a mapping,
/// its page faults and its release.
const MAP_FROM_BYTES: u64 = 64 * 1024;

/// The machine's own file system. Has no state: every value behaves the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct Host;

impl InputSource for Host {
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        let meta = fs::metadata(path).map_err(|e| IoError::new(path, "open", &e))?;
        Ok(file_stat(&meta))
    }

    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        let (mut file, stat) = open_input(path)?;
        // Some file systems cannot map: reading always works.
        if stat.size >= MAP_FROM_BYTES
            && is_regular(stat.mode)
            && let Ok(map) = Mapping::new(&file, stat.size as usize)
        {
            return Ok(FileBytes::new(Arc::new(map)));
        }
        let mut bytes = Vec::new();
        read_all(&mut file, stat.size, &mut bytes).map_err(|e| IoError::new(path, "read", &e))?;
        Ok(FileBytes::from_vec(bytes))
    }

    fn read_into(&self, path: &Path, out: &mut Vec<u8>) -> Result<FileStat, IoError> {
        let (mut file, stat) = open_input(path)?;
        let start = out.len();
        read_all(&mut file, stat.size, out).map_err(|e| {
            out.truncate(start);
            IoError::new(path, "read", &e)
        })?;
        Ok(stat)
    }

    fn read_if_file(&self, path: &Path, out: &mut Vec<u8>) -> Result<Option<FileStat>, IoError> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
            Err(e) => return Err(IoError::new(path, "open", &e)),
        };
        let meta = file.metadata().map_err(|e| IoError::new(path, "stat", &e))?;
        if meta.is_dir() {
            return Ok(None);
        }
        let (start, stat) = (out.len(), file_stat(&meta));
        read_all(&mut file, stat.size, out).map_err(|e| {
            out.truncate(start);
            IoError::new(path, "read", &e)
        })?;
        Ok(Some(stat))
    }
}

impl ImageIo for Host {
    fn open_rw(&self, path: &Path) -> Result<Box<dyn ImageFile>, IoError> {
        let file = OpenOptions::new().read(true).write(true).open(path).map_err(|e| IoError::new(path, "open", &e))?;
        Ok(Box::new(OpenFile { file, path: path.to_path_buf() }))
    }

    /// For an output that is not a file (a device, a pipe) the temporary lies in `/tmp`, and [`ImageIo::rename`]
    /// writes its bytes through.
    fn create_beside(&self, path: &Path, mode: u32) -> Result<(Box<dyn ImageFile>, PathBuf), IoError> {
        let near = match output::output_kind(path)? {
            OutputKind::File => path,
            OutputKind::Special | OutputKind::Descriptor(_) => Path::new("/tmp/kit-output"),
        };
        let (file, temp) = create_temporary(near, mode).map_err(|e| IoError::new(path, "create", &e))?;
        Ok((Box::new(OpenFile { file, path: temp.clone() }), temp))
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<(), IoError> {
        match output::output_kind(to)? {
            OutputKind::File => fs::rename(from, to).map_err(|e| IoError::new(to, "replace", &e)),
            OutputKind::Special | OutputKind::Descriptor(_) => {
                let bytes = self.read(from)?;
                output::write_through(to, &bytes)?;
                self.remove(from)
            }
        }
    }

    fn remove(&self, path: &Path) -> Result<(), IoError> {
        match fs::remove_file(path) {
            Err(e) if e.kind() != ErrorKind::NotFound => Err(IoError::new(path, "remove", &e)),
            _ => Ok(()),
        }
    }

    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        InputSource::stat(self, path)
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn std::any::Any>, IoError> {
        Ok(Box::new(PathLock::take(path)?))
    }
}

/// An open image or state file.
struct OpenFile {
    file: File,
    path: PathBuf,
}

impl OpenFile {
    fn fail(&self, action: &'static str) -> impl Fn(io::Error) -> IoError + '_ {
        move |e| IoError::new(&self.path, action, &e)
    }
}

impl ImageFile for OpenFile {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), IoError> {
        self.file.read_exact_at(buf, offset).map_err(self.fail("read"))
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> Result<(), IoError> {
        self.file.write_all_at(bytes, offset).map_err(self.fail("write"))
    }

    fn len(&self) -> Result<u64, IoError> {
        Ok(self.file.metadata().map_err(self.fail("stat"))?.len())
    }

    fn set_len(&self, len: u64) -> Result<(), IoError> {
        self.file.set_len(len).map_err(self.fail("resize"))
    }

    fn stat(&self) -> Result<FileStat, IoError> {
        Ok(file_stat(&self.file.metadata().map_err(self.fail("stat"))?))
    }

    fn set_mode(&self, mode: u32) -> Result<(), IoError> {
        self.file.set_permissions(fs::Permissions::from_mode(mode)).map_err(self.fail("change the mode of"))
    }
}

/// Makes a file that did not exist, beside `path`. The kernel takes the umask off `mode`.
pub(crate) fn create_temporary(path: &Path, mode: u32) -> io::Result<(File, PathBuf)> {
    // The name never reaches an output; it only has to be free. `create_new` is `O_EXCL`: a name that another process
    // took is tried again with the next number.
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = path.file_name().ok_or_else(|| io::Error::from(ErrorKind::IsADirectory))?;
    for _ in 0..1000 {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let mut temp = OsString::from(".");
        // A file name has at most 255 bytes, and the output's own name may use them all.
        temp.push(clipped(name));
        temp.push(format!(".kit-{}-{number}", std::process::id()));
        let temp = path.with_file_name(temp);
        match OpenOptions::new().read(true).write(true).create_new(true).mode(mode).open(&temp) {
            Ok(file) => return Ok((file, temp)),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => continue,
            Err(e) => return Err(e),
        }
    }
    Err(io::Error::from(ErrorKind::AlreadyExists))
}

fn clipped(name: &std::ffi::OsStr) -> &std::ffi::OsStr {
    use std::os::unix::ffi::OsStrExt;
    let bytes = name.as_bytes();
    std::ffi::OsStr::from_bytes(&bytes[..bytes.len().min(200)])
}

/// Opens `path` for reading. A directory can be opened but not read, so it is refused here with the system's words.
fn open_input(path: &Path) -> Result<(File, FileStat), IoError> {
    let file = File::open(path).map_err(|e| IoError::new(path, "open", &e))?;
    let meta = file.metadata().map_err(|e| IoError::new(path, "stat", &e))?;
    if meta.is_dir() {
        return Err(IoError::new(path, "read", &io::Error::from_raw_os_error(libc::EISDIR)));
    }
    Ok((file, file_stat(&meta)))
}

/// Appends the rest of `file` to `out`; `expected` is a hint. A regular file of the expected size takes one `read` and
/// one that returns nothing; the latter is left out when the first was shorter than asked for.
fn read_all(file: &mut File, expected: u64, out: &mut Vec<u8>) -> io::Result<()> {
    // One byte more than expected: a read that leaves it empty has seen the end. The hint comes from the file system,
    // so it is trusted only as far as memory is cheap.
    let room = expected.min(1 << 30) as usize + 1;
    // … and what scanners of text want behind it, so that padding does not move the text.
    out.try_reserve_exact(room + base::source::TEXT_PADDING).map_err(|_| io::Error::from(ErrorKind::OutOfMemory))?;
    let start = out.len();
    let n = read_once(file, out, room)?;
    if n == expected as usize && expected > 0 {
        return Ok(());
    }
    if n == 0 && expected == 0 {
        return Ok(());
    }
    file.read_to_end(out)?;
    debug_assert!(out.len() >= start);
    Ok(())
}

/// One `read` of at most `room` bytes into the spare capacity of `out`.
fn read_once(file: &File, out: &mut Vec<u8>, room: usize) -> io::Result<usize> {
    loop {
        let spare = out.spare_capacity_mut();
        let room = room.min(spare.len());
        // SAFETY: the pointer and length describe the vector's own spare capacity; the kernel writes at most `room`.
        let n = unsafe { libc::read(file.as_raw_fd(), spare.as_mut_ptr().cast(), room) };
        if n >= 0 {
            // SAFETY: the kernel has just initialised `n` bytes after the vector's end, `n <= room <= spare.len()`.
            unsafe { out.set_len(out.len() + n as usize) };
            return Ok(n as usize);
        }
        let error = io::Error::last_os_error();
        if error.kind() != ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

fn file_stat(meta: &fs::Metadata) -> FileStat {
    FileStat {
        device: meta.dev(),
        inode: meta.ino(),
        size: meta.size(),
        mtime_ns: meta.mtime().wrapping_mul(1_000_000_000).wrapping_add(meta.mtime_nsec()),
        ctime_ns: meta.ctime().wrapping_mul(1_000_000_000).wrapping_add(meta.ctime_nsec()),
        mode: meta.mode(),
        n_links: meta.nlink().min(u64::from(u32::MAX)) as u32,
    }
}

fn is_regular(mode: u32) -> bool {
    mode & libc::S_IFMT == libc::S_IFREG
}

/// A private read-only mapping of a whole file.
///
/// Whoever truncates the file while it is mapped makes reading its tail fault. That is the bargain every linker that
/// maps takes; kit itself never truncates a file in place: it renames.
struct Mapping {
    start: *mut libc::c_void,
    len: usize,
}

// SAFETY: the mapping is read-only and belongs to this value until it is dropped.
unsafe impl Send for Mapping {}
// SAFETY: as above; shared reads of immutable memory.
unsafe impl Sync for Mapping {}

impl Mapping {
    fn new(file: &File, len: usize) -> io::Result<Mapping> {
        // SAFETY: a fresh mapping at an address of the kernel's choice touches no memory of ours.
        let start =
            unsafe { libc::mmap(std::ptr::null_mut(), len, libc::PROT_READ, libc::MAP_PRIVATE, file.as_raw_fd(), 0) };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(Mapping { start, len })
    }
}

impl AsRef<[u8]> for Mapping {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: `start..start+len` is mapped readable until `drop`, and the borrow cannot outlive `self`.
        unsafe { std::slice::from_raw_parts(self.start.cast(), self.len) }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: exactly the range that `new` mapped, unmapped once.
        unsafe { libc::munmap(self.start, self.len) };
    }
}

/// The exclusive lock that belongs to a path: `flock` on a file beside it.
///
/// The output itself cannot carry the lock, as it is replaced by rename. The lock's file is removed by its holder
/// before it lets go; who waited for it sees that the name means another file now and starts over.
struct PathLock {
    file: File,
    lock_path: PathBuf,
}

impl PathLock {
    fn take(path: &Path) -> Result<PathLock, IoError> {
        let fail = |e: io::Error| IoError::new(path, "lock", &e);
        let name = path.file_name().ok_or_else(|| fail(io::Error::from(ErrorKind::IsADirectory)))?;
        let mut lock_name = OsString::from(".");
        lock_name.push(clipped(name));
        lock_name.push(".kit-lock");
        let lock_path = path.with_file_name(lock_name);
        loop {
            let file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o666)
                .open(&lock_path)
                .map_err(fail)?;
            // SAFETY: a plain system call on a descriptor that `file` owns.
            while unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX) } != 0 {
                let error = io::Error::last_os_error();
                if error.kind() != ErrorKind::Interrupted {
                    return Err(fail(error));
                }
            }
            let ours = file.metadata().map_err(fail)?;
            match fs::metadata(&lock_path) {
                Ok(named) if named.ino() == ours.ino() && named.dev() == ours.dev() => {
                    return Ok(PathLock { file, lock_path });
                }
                _ => continue,
            }
        }
    }
}

impl Drop for PathLock {
    fn drop(&mut self) {
        // Removed while the lock is still held, so nobody can hold a lock on a name that is about to vanish.
        let _ = fs::remove_file(&self.lock_path);
        // SAFETY: a plain system call on a descriptor that is still open.
        unsafe { libc::flock(self.file.as_raw_fd(), libc::LOCK_UN) };
    }
}
