//! Programs started from memory behave like programs, and the process facts are sane.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use sys::process;
use sys::run::{Ended, exec_image, unlinked_file};

fn sh(script: &str, args: &[&str], env: &[(&str, &str)]) -> Ended {
    let image = fs::read("/bin/sh").unwrap();
    let mut argv: Vec<OsString> = ["sh", "-c", script, "sh"].map(OsString::from).to_vec();
    argv.extend(args.iter().map(OsString::from));
    let envp: Vec<_> = env.iter().map(|(n, v)| (OsString::from(n), OsString::from(v))).collect();
    exec_image(&image, &argv, Some(&envp)).unwrap()
}

#[test]
fn exit_status_arguments_and_environment_arrive() {
    assert_eq!(sh("exit 0", &[], &[]), Ended::Exited(0));
    assert_eq!(sh("exit $1", &["42"], &[]), Ended::Exited(42));
    assert_eq!(sh("[ \"$KIT\" = yes ] && [ -z \"$CARGO\" ] && exit 7", &[], &[("KIT", "yes")]), Ended::Exited(7));
}

#[test]
fn a_signal_is_told_as_a_signal() {
    let ended = sh("kill -SEGV $$", &[], &[]);
    assert_eq!(ended, Ended::Signaled(libc::SIGSEGV));
    assert_eq!(ended.shell_status(), 139);
}

#[test]
fn the_program_is_nowhere_on_disk() {
    let env = [("PATH", "/usr/bin:/bin")];
    assert_eq!(sh("case $(readlink /proc/$$/exe) in *deleted*) exit 5;; esac", &[], &env), Ended::Exited(5));
}

#[test]
fn bytes_that_are_no_program_are_refused() {
    let error = exec_image(b"\x7fELF nonsense", &["x".into()], Some(&[])).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(libc::ENOEXEC));
}

#[test]
fn an_unlinked_file_can_be_executed() {
    let file = unlinked_file(Path::new("/tmp"), &fs::read("/bin/true").unwrap()).unwrap();
    let path = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&file));
    assert!(std::process::Command::new(path).status().unwrap().success());
}

#[test]
fn process_facts_are_sane() {
    let start = process::monotonic_ns();
    assert!(process::monotonic_ns() >= start);
    assert!(process::parallelism() >= 1);
    assert!(process::usage().peak_bytes > 100_000);
    let (mut a, mut b) = ([0; 32], [0; 32]);
    process::entropy(&mut a).unwrap();
    process::entropy(&mut b).unwrap();
    assert_ne!(a, b);
    // No assumption on where the tests run: only that asking is safe.
    let _ = process::terminal_width(process::Stream::Stderr);
    let _ = process::is_terminal(process::Stream::Stdout);
}

/// `yes | head`: a process that lets the pipe's end decide dies of SIGPIPE, without a word.
#[test]
fn a_closed_pipe_ends_the_process_quietly() {
    use std::io::{Read, Write};
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, Stdio};
    if std::env::var_os("KIT_SYS_TEST_PIPE").is_some() {
        process::end_quietly_on_closed_pipe();
        let mut out = std::io::stdout();
        loop {
            out.write_all(&[b'y'; 4096]).unwrap();
        }
    }
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_closed_pipe_ends_the_process_quietly", "--nocapture"])
        .env("KIT_SYS_TEST_PIPE", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The harness writes a few words first; what follows them comes from the test itself.
    let mut pipe = child.stdout.take().unwrap();
    pipe.read_exact(&mut [0; 8192]).unwrap();
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.signal(), Some(libc::SIGPIPE));
    assert_eq!(output.stderr, b"");
}
