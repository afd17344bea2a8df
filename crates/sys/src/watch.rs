//! A program started from memory whose fatal faults are told to us before it dies.
//!
//! The program carries a small handler (`rt`'s `fault.c`) that sends one message over a socket and waits for an answer;
//! meanwhile its memory can be read from outside. Nobody traces it: a debugger can still attach, and a program that is
//! not interested in its faults runs at full speed.

use crate::run::{Ended, Environment, PLACES, Place, spawn, wait};
use std::ffi::OsString;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::process::Child;

/// The descriptor on which the program finds its socket; the handler is compiled with this number.
pub const FAULT_FD: i32 = 197;

const MAGIC: u32 = 0x4b46_5431;

/// A process that stands in its fault handler.
#[derive(Debug)]
pub struct Fault {
    pub process: i32,
    pub signal: i32,
    /// `si_code`: above 0 when the kernel found the fault.
    pub code: i32,
    /// Addresses in the process of its `siginfo_t` and `ucontext_t`.
    pub info: u64,
    pub context: u64,
}

impl Fault {
    /// Reads the process' memory at `address`; the number of bytes that are there.
    pub fn read_memory(&self, address: u64, buf: &mut [u8]) -> usize {
        let local = libc::iovec { iov_base: buf.as_mut_ptr().cast(), iov_len: buf.len() };
        let remote = libc::iovec { iov_base: address as *mut libc::c_void, iov_len: buf.len() };
        // SAFETY: the local vector describes `buf`; the remote one is only an address for the kernel to check.
        let n = unsafe { libc::process_vm_readv(self.process, &local, 1, &remote, 1, 0) };
        usize::try_from(n).unwrap_or(0)
    }

    /// The address that the fault is about (`si_addr`), when the kernel found it.
    pub fn address(&self) -> Option<u64> {
        // Behind signal, error and code, at the alignment of a pointer.
        const SI_ADDR: u64 = 16;
        let mut word = [0; 8];
        let n = self.read_memory(self.info.wrapping_add(SI_ADDR), &mut word);
        (self.code > 0 && n == word.len()).then(|| u64::from_ne_bytes(word))
    }

    /// The process' mappings, as `/proc/PID/maps` has them.
    pub fn maps(&self) -> io::Result<String> {
        std::fs::read_to_string(format!("/proc/{}/maps", self.process))
    }
}

/// As [`crate::run::exec_image`]; `on_fault` is called while the faulting process waits.
pub fn exec_image_watched(
    bytes: &[u8],
    argv: &[OsString],
    envp: Environment<'_>,
    on_fault: &mut dyn FnMut(&Fault),
) -> io::Result<Ended> {
    let (ours, theirs) = socket_pair()?;
    let mut refused = io::Error::from(io::ErrorKind::PermissionDenied);
    for place in PLACES as &[Place] {
        match place(bytes).and_then(|file| spawn_with_socket(&theirs, || spawn(&file, argv, envp))) {
            Ok(child) => {
                drop(theirs);
                serve(&child, &ours, on_fault);
                return wait(child);
            }
            Err(e) if e.raw_os_error() == Some(libc::ENOEXEC) => return Err(e),
            Err(e) => refused = e,
        }
    }
    Err(refused)
}

fn socket_pair() -> io::Result<(OwnedFd, OwnedFd)> {
    let mut fds = [-1; 2];
    // SAFETY: the array has room for the two descriptors that the call stores.
    let status =
        unsafe { libc::socketpair(libc::AF_UNIX, libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC, 0, fds.as_mut_ptr()) };
    if status != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: two fresh descriptors that nothing else owns.
    Ok(unsafe { (OwnedFd::from_raw_fd(fds[0]), OwnedFd::from_raw_fd(fds[1])) })
}

/// The child inherits the socket under its agreed number. It is put there for the moment of the start only, so that the
/// child can be started without copying this process.
fn spawn_with_socket(theirs: &OwnedFd, start: impl FnOnce() -> io::Result<Child>) -> io::Result<Child> {
    // SAFETY: the number is ours by agreement; an open descriptor of that number would be closed, so it is refused.
    unsafe {
        if libc::fcntl(FAULT_FD, libc::F_GETFD) >= 0 {
            return start();
        }
        if libc::dup2(theirs.as_raw_fd(), FAULT_FD) < 0 {
            return Err(io::Error::last_os_error());
        }
    }
    let child = start();
    // SAFETY: closes what was opened above.
    unsafe { libc::close(FAULT_FD) };
    child
}

/// Answers messages until the child is gone (it stays to be waited for).
fn serve(child: &Child, socket: &OwnedFd, on_fault: &mut dyn FnMut(&Fault)) {
    // SAFETY: a system call on a process id that has not been waited for.
    let pid_fd = unsafe { libc::syscall(libc::SYS_pidfd_open, child.id() as libc::pid_t, 0) } as i32;
    if pid_fd < 0 {
        return;
    }
    // SAFETY: a fresh descriptor that nothing else owns.
    let pid_fd = unsafe { OwnedFd::from_raw_fd(pid_fd) };
    loop {
        let mut fds = [socket, &pid_fd].map(|fd| libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLIN, revents: 0 });
        // SAFETY: the array has two entries.
        let n = unsafe { libc::poll(fds.as_mut_ptr(), 2, -1) };
        if n < 0 && io::Error::last_os_error().kind() == io::ErrorKind::Interrupted {
            continue;
        }
        if n < 0 || fds[1].revents != 0 || fds[0].revents & libc::POLLIN == 0 {
            return;
        }
        let mut file = match socket.try_clone() {
            Ok(fd) => std::fs::File::from(fd),
            Err(_) => return,
        };
        let mut message = [0; 32];
        match file.read(&mut message) {
            Ok(32) => {}
            _ => return,
        }
        let word = |at: usize| u32::from_le_bytes([message[at], message[at + 1], message[at + 2], message[at + 3]]);
        let long = |at: usize| u64::from(word(at)) | u64::from(word(at + 4)) << 32;
        if word(0) == MAGIC {
            on_fault(&Fault {
                signal: word(4) as i32,
                process: word(8) as i32,
                code: word(12) as i32,
                info: long(16),
                context: long(24),
            });
        }
        if io::Write::write_all(&mut file, &[1]).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_memory_can_be_read_like_a_faulting_process() {
        let text = *b"here";
        let fault = Fault { process: std::process::id() as i32, signal: 11, code: 1, info: 0, context: 0 };
        let mut buf = [0; 4];
        assert_eq!(fault.read_memory(text.as_ptr() as u64, &mut buf), 4);
        assert_eq!(buf, text);
        assert_eq!(fault.read_memory(8, &mut buf), 0);
        assert!(fault.maps().unwrap().contains("[stack]"));
    }

    #[test]
    fn a_program_without_the_handler_runs_and_ends() {
        let bytes = std::fs::read("/bin/sh").unwrap();
        let argv = ["sh", "-c", "exit 7"].map(OsString::from);
        let ended = exec_image_watched(&bytes, &argv, Some(&[]), &mut |_| {}).unwrap();
        assert_eq!(ended, Ended::Exited(7));
    }
}
