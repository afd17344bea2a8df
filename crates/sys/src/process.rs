//! What kit asks about its own process and the machine. Only the driver calls this: libraries get the answers passed.

use std::io::{self, ErrorKind, IsTerminal};
use std::num::NonZero;

/// One of the standard streams.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stream {
    Stdin,
    Stdout,
    Stderr,
}

/// Whether `stream` is a terminal.
pub fn is_terminal(stream: Stream) -> bool {
    match stream {
        Stream::Stdin => io::stdin().is_terminal(),
        Stream::Stdout => io::stdout().is_terminal(),
        Stream::Stderr => io::stderr().is_terminal(),
    }
}

/// Columns of the terminal behind `stream`; `None` when it is none or does not say.
pub fn terminal_width(stream: Stream) -> Option<u16> {
    let fd = match stream {
        Stream::Stdin => 0,
        Stream::Stdout => 1,
        Stream::Stderr => 2,
    };
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: `TIOCGWINSZ` writes one `winsize` through the pointer; a descriptor that is no terminal gives an error.
    let answer = unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &mut size) };
    (answer == 0 && size.ws_col > 0).then_some(size.ws_col)
}

/// Puts `/dev/null` where standard input, output or error is closed: else the next file opened would take its number,
/// and messages would be written into it. Rust's runtime does it in front of its own `main`.
pub fn open_standard_streams() {
    for fd in 0..3 {
        // SAFETY: asks for flags of a descriptor; one that is closed is an error.
        if unsafe { libc::fcntl(fd, libc::F_GETFD) } == -1 {
            // SAFETY: opens a file; the lowest free number, which it gets, is `fd`.
            unsafe { libc::open(c"/dev/null".as_ptr(), libc::O_RDWR) };
        }
    }
}

/// Lets the system end this process quietly when its reader goes away (`kit objdump … | head`).
///
/// Rust's runtime ignores `SIGPIPE`, so that writing to a closed pipe becomes an error that `println!` turns into a
/// panic. Call this first in `main`.
pub fn end_quietly_on_closed_pipe() {
    // SAFETY: sets a disposition to the default; no handler of ours is involved.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
}

/// Nanoseconds on a clock that never goes back; only differences mean something.
pub fn monotonic_ns() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: writes one `timespec`; `CLOCK_MONOTONIC` exists on every Linux.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now) };
    (now.tv_sec as u64) * 1_000_000_000 + now.tv_nsec as u64
}

/// Fills `buf` with random bytes from the kernel. Nothing that reaches an output may come from here.
pub fn entropy(buf: &mut [u8]) -> io::Result<()> {
    let mut filled = 0;
    while filled < buf.len() {
        let rest = &mut buf[filled..];
        // SAFETY: pointer and length describe `rest`.
        let n = unsafe { libc::getrandom(rest.as_mut_ptr().cast(), rest.len(), 0) };
        if n < 0 {
            let error = io::Error::last_os_error();
            if error.kind() != ErrorKind::Interrupted {
                return Err(error);
            }
        } else {
            filled += n as usize;
        }
    }
    Ok(())
}

/// How many threads can run at once here (affinity and cgroup limits included); 1 when unknown.
pub fn parallelism() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// What this process has used so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// User and system time of all threads, in microseconds.
    pub cpu_us: u64,
    /// The most memory that was resident at once, in bytes.
    pub peak_bytes: u64,
}

/// What this process has used so far (`getrusage`).
pub fn usage() -> Usage {
    // SAFETY: `rusage` is plain integers, for which zero is a value.
    let mut raw: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: writes one `rusage` through the pointer.
    unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut raw) };
    let us = |t: libc::timeval| t.tv_sec as u64 * 1_000_000 + t.tv_usec as u64;
    Usage { cpu_us: us(raw.ru_utime) + us(raw.ru_stime), peak_bytes: raw.ru_maxrss as u64 * 1024 }
}
