//! A program started from bytes in memory: nothing of it is ever on disk under a name.
//!
//! The image goes into an anonymous file (`memfd_create(2)`) and is started through `/proc/self/fd`, so that it finds
//! everything a started program has: its own TLS, threads, constructors, `dlopen`, signals, a debugger's view, job
//! control. Where anonymous files may not be executed (`vm.memfd_noexec`, some sandboxes) an unlinked temporary file
//! takes its place. The child is started without copying kit's page tables (`posix_spawn`, inside `std`), which after
//! a large compile would cost more than the program's own start.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicI32, Ordering};

/// How a program ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// It called `exit` with this status (0–255).
    Exited(u8),
    /// A signal ended it.
    Signaled(i32),
}

impl Ended {
    /// The status a shell reports: the program's own, or 128 + signal.
    pub fn shell_status(self) -> u8 {
        match self {
            Ended::Exited(status) => status,
            Ended::Signaled(signal) => 128u8.wrapping_add(signal as u8),
        }
    }
}

/// A way to keep an image where it can be executed from.
pub(crate) type Place = fn(&[u8]) -> io::Result<File>;

/// Where images are tried, in order.
pub(crate) const PLACES: &[Place] = &[
    anonymous_file,
    |bytes| unlinked_file(Path::new("/tmp"), bytes),
    |bytes| unlinked_file(Path::new("/dev/shm"), bytes),
];

/// The variables that a program starts with; `None`: those of this process.
pub type Environment<'e> = Option<&'e [(OsString, OsString)]>;

/// Starts the executable image `bytes` as a child with arguments `argv` (the first is the program's own name) and
/// environment `envp`, waits and tells how it ended. Standard streams and working directory are inherited.
pub fn exec_image(bytes: &[u8], argv: &[OsString], envp: Environment<'_>) -> io::Result<Ended> {
    let mut refused = io::Error::from(ErrorKind::PermissionDenied);
    for place in PLACES {
        match place(bytes).and_then(|file| spawn(&file, argv, envp)) {
            Ok(child) => return wait(child),
            // An image that is no program for this machine is one everywhere.
            Err(e) if e.raw_os_error() == Some(libc::ENOEXEC) => return Err(e),
            Err(e) => refused = e,
        }
    }
    Err(refused)
}

/// An anonymous file with these bytes that may be executed.
pub fn anonymous_file(bytes: &[u8]) -> io::Result<File> {
    // `MFD_EXEC` says that executing is meant; kernels before 6.3 do not know it and refuse it.
    const MFD_EXEC: libc::c_uint = 0x10;
    let name = c"kit-run";
    let mut fd = -1;
    for flags in [libc::MFD_CLOEXEC | MFD_EXEC, libc::MFD_CLOEXEC] {
        // SAFETY: the name is a NUL-terminated string that outlives the call.
        fd = unsafe { libc::memfd_create(name.as_ptr(), flags) };
        if fd >= 0 || io::Error::last_os_error().raw_os_error() != Some(libc::EINVAL) {
            break;
        }
    }
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: a fresh descriptor that nothing else owns.
    let mut file = unsafe { File::from_raw_fd(fd) };
    file.write_all(bytes)?;
    Ok(file)
}

/// A file in `dir` without a name, with these bytes, open for reading only: a file that someone may still write cannot
/// be executed (`ETXTBSY`).
pub fn unlinked_file(dir: &Path, bytes: &[u8]) -> io::Result<File> {
    let mut file = OpenOptions::new().read(true).write(true).custom_flags(libc::O_TMPFILE).mode(0o700).open(dir)?;
    file.write_all(bytes)?;
    File::open(descriptor_path(&file))
}

fn descriptor_path(file: &File) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

pub(crate) fn spawn(file: &File, argv: &[OsString], envp: Environment<'_>) -> io::Result<Child> {
    let mut command = Command::new(descriptor_path(file));
    if let Some((name, rest)) = argv.split_first() {
        command.arg0(name).args(rest);
    }
    if let Some(envp) = envp {
        command.env_clear().envs(envp.iter().map(|(name, value)| (name, value)));
    }
    // Another thread that is just starting a process may hold a copy of our writable descriptor for a moment.
    for _ in 0..20 {
        match command.spawn() {
            Err(e) if e.kind() == ErrorKind::ExecutableFileBusy => {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            answer => return answer,
        }
    }
    command.spawn()
}

/// The child that signals sent to kit alone are passed on to; 0 for none.
static CHILD: AtomicI32 = AtomicI32::new(0);

extern "C" fn pass_on(signal: libc::c_int) {
    let child = CHILD.load(Ordering::Relaxed);
    if child > 0 {
        // SAFETY: `kill` may be called in a handler; the child has not been waited for yet, so its id is its own.
        unsafe { libc::kill(child, signal) };
    }
}

/// Waits for `child`. Meanwhile an interrupt from the terminal is the program's business, which the terminal sends it
/// itself, and a request to end (`SIGTERM`, `SIGHUP`) is passed on.
pub(crate) fn wait(mut child: Child) -> io::Result<Ended> {
    CHILD.store(child.id() as i32, Ordering::Relaxed);
    let handler = pass_on as extern "C" fn(libc::c_int) as libc::sighandler_t;
    let wanted = [
        (libc::SIGINT, libc::SIG_IGN),
        (libc::SIGQUIT, libc::SIG_IGN),
        (libc::SIGTERM, handler),
        (libc::SIGHUP, handler),
    ];
    // SAFETY: the handler only loads an atomic and calls `kill`, both allowed in a handler.
    let before = wanted.map(|(signal, action)| (signal, unsafe { libc::signal(signal, action) }));
    let status = child.wait();
    CHILD.store(0, Ordering::Relaxed);
    for (signal, action) in before {
        // SAFETY: puts back what was there.
        unsafe { libc::signal(signal, action) };
    }
    let status = status?;
    Ok(match (status.code(), status.signal()) {
        (Some(code), _) => Ended::Exited(code as u8),
        (None, signal) => Ended::Signaled(signal.unwrap_or(libc::SIGKILL)),
    })
}
