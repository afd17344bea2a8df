//! What is told of programs that die: with kit's compiler, with gcc's objects, in every kind of program.

use crate::support::{dir, have, kit, run};
use kit::backtrace::{Backtrace, Frame, Part, Stopped, backtrace, render};
use kit::plugins::TARGETS;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// Dies in the way that its first argument names; `/*x*/` marks the lines that must be told.
const SOURCE: &str = r#"
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
volatile int sink;
int inner(int *p)
{
    return *p + 1; /*inner*/
}
int outer(int *p)
{
    return inner(p) * 2; /*outer*/
}
int zero;
void *thread_main(void *p)
{
    sink = outer(p); /*thread*/
    return p;
}
void (*volatile null_call)(void);
long recurse(long n)
{
    volatile char pad[64];
    pad[0] = n;
    return recurse(n + 1) + pad[0]; /*recurse*/
}
long odd(long n);
long even(long n)
{
    volatile long m = n;
    if (n == 0)
        sink = outer(0); /*even*/
    return odd(n - 1) + m;
}
long odd(long n)
{
    volatile long m = n;
    return even(n - 1) + m; /*odd*/
}
int compare(const void *a, const void *b)
{
    return *(int *)a - *(int *)b; /*compare*/
}
void on_signal(int n)
{
    sink = outer(0); /*handler*/
}
int *volatile nowhere;
int main(int argc, char **argv)
{
    pthread_t thread;
    switch (argv[1][0]) {
    case 'n': return outer(0); /*main n*/
    case 'a': abort(); /*main a*/
    case 'd': return 7 / zero; /*main d*/
    case 's': return recurse(0); /*main s*/
    case 'm': return even(100); /*main m*/
    case 't':
        pthread_create(&thread, 0, thread_main, 0);
        pthread_join(thread, 0);
        return 0;
    case 'c': null_call(); /*main c*/ return 1;
    case 'l': memset(nowhere + 2, 0, 64); /*main l*/ return 0;
    case 'q': qsort((void *)16, 2, 4, compare); /*main q*/ return 0;
    case 'h': signal(SIGUSR1, on_signal); raise(SIGUSR1); /*main h*/ return 0;
    case 'k': raise(SIGKILL);
    case 'p': raise(SIGPIPE);
    }
    return 0;
}
"#;

/// The line of a mark.
fn line(mark: &str) -> usize {
    let mark = format!("/*{mark}*/");
    1 + SOURCE.lines().position(|line| line.contains(&mark)).unwrap_or_else(|| panic!("no mark {mark}"))
}

/// An argument, the status, what the first line says, and `function@mark` of the frames in the program itself; `lib` is
/// one or more frames of libraries.
const DEATHS: &[(&str, i32, &str, &[&str])] = &[
    (
        "n",
        139,
        "SIGSEGV (segmentation fault: address not mapped) at address 0x0000000000000000",
        &["inner@inner", "outer@outer", "main@main n"],
    ),
    ("a", 134, "SIGABRT (aborted)", &["lib", "main@main a"]),
    ("d", 136, "SIGFPE (arithmetic exception: integer division by zero)", &["main@main d"]),
    ("s", 139, "SIGSEGV (segmentation fault: stack overflow)", &["recurse@recurse", "…", "main@main s"]),
    ("m", 139, "SIGSEGV", &["inner@inner", "outer@outer", "even@even", "odd@odd", "even@", "…", "main@main m"]),
    ("t", 139, "SIGSEGV", &["inner@inner", "outer@outer", "thread_main@thread", "lib"]),
    ("c", 139, "SIGSEGV (segmentation fault: address not mapped) at address 0x0000000000000000", &["?", "main@main c"]),
    (
        "l",
        139,
        "SIGSEGV (segmentation fault: address not mapped) at address 0x0000000000000008",
        &["lib", "main@main l"],
    ),
    ("q", 139, "SIGSEGV", &["compare@compare", "lib", "main@main q"]),
    ("h", 139, "SIGSEGV", &["inner@inner", "outer@outer", "on_signal@handler", "signal", "lib", "main@main h"]),
];

/// A frame of a rendered backtrace as [`DEATHS`] spell it.
fn spell(text: &str) -> String {
    let text = text.trim();
    if text.starts_with('…') {
        return "…".to_string();
    }
    let mut words = text.split(' ').skip(2);
    let (function, at, place) = (words.next(), words.next(), words.next());
    // In a program that is linked statically the libraries' functions are its own, without lines.
    if text.contains("<signal handler called>") {
        return "signal".to_string();
    }
    if text.contains(".so") || text.contains("[vdso]") || function.is_some() && at.is_none() {
        return "lib".to_string();
    }
    match (function, at, place) {
        (Some(function), Some("at"), Some(place)) => {
            // file.c:LINE:COLUMN or file.c:LINE
            let line = place.split(':').nth(1).unwrap_or("?");
            format!("{function}@{line}")
        }
        _ => "?".to_string(),
    }
}

/// Checks what is told against a row of [`DEATHS`].
fn check(told: &str, expected: &[&str], what: &str) {
    let mut frames: Vec<String> = told.lines().skip(1).map(spell).collect();
    frames.dedup_by(|a, b| a == "lib" && b == "lib");
    // The innermost frame of an endless recursion stands anywhere in its function.
    if frames.len() > 1 && frames[..2].iter().all(|frame| frame.starts_with("recurse@")) {
        frames.remove(0);
    }
    // Libraries' own recursions are theirs.
    while let Some(at) = frames.windows(2).position(|pair| pair[0] == "lib" && pair[1] == "…") {
        frames.remove(at + 1);
        frames.dedup_by(|a, b| a == "lib" && b == "lib");
    }
    let wanted = expected.iter().map(|spelled| match spelled.split_once('@') {
        Some((function, "")) => format!("{function}@"),
        Some((function, mark)) => format!("{function}@{}", line(mark)),
        None => (*spelled).to_string(),
    });
    let wanted: Vec<String> = wanted.collect();
    let fits = frames.len() == wanted.len()
        && frames.iter().zip(&wanted).all(|(a, b)| a == b || b.ends_with('@') && a.starts_with(b));
    assert!(fits, "{what}: {frames:?} instead of {wanted:?}\n{told}");
}

#[test]
fn a_dying_program_is_told_with_functions_and_lines() {
    if !have(&["gcc"]) {
        return;
    }
    let dir = dir("death-kit");
    std::fs::write(dir.join("death.c"), SOURCE).unwrap();
    for &(way, status, signal, frames) in DEATHS {
        let output = kit("run").current_dir(&dir).args(["death.c", "--", way]).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{way}: {told}");
        assert!(told.starts_with(&format!("kit run: death.c: signal {signal}")), "{way}: {told}");
        check(&told, frames, way);
    }
    // What nobody could tell before, and what was asked for.
    let output = kit("run").current_dir(&dir).args(["death.c", "--", "k"]).output().unwrap();
    assert_eq!(output.status.code(), Some(137));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "kit run: death.c: signal SIGKILL (killed)\n");
    let output = kit("run").current_dir(&dir).args(["death.c", "--", "p"]).output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(141), 0));
}

/// Runs a program and tells of its fault.
fn told(image: &[u8], way: &str) -> (u8, Backtrace) {
    let argv = ["death", way].map(OsString::from);
    let mut out = Backtrace::default();
    let mut on_fault = |fault: &sys::watch::Fault| {
        let maps = fault.maps().unwrap();
        let (context, address) = (fault.context, fault.address());
        let stopped =
            Stopped { target: &TARGETS[0], image, described: image, context, address, maps: &maps, debug_dirs: &[] };
        out = backtrace(&stopped, &mut |at, buf| fault.read_memory(at, buf), &sys::Host);
    };
    let ended = sys::watch::exec_image_watched(image, &argv, Some(&[]), &mut on_fault).unwrap();
    (ended.shell_status(), out)
}

#[test]
fn programs_of_other_compilers_are_told_alike() {
    if !have(&["gcc"]) {
        return;
    }
    let dir = dir("death-gcc");
    std::fs::write(dir.join("death.c"), SOURCE).unwrap();
    let fault = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rt/source/fault.c");
    for (name, options) in [
        ("pie", &["-O0"][..]),
        ("fixed", &["-O0", "-no-pie", "-fno-pie"]),
        ("static", &["-O0", "-static"]),
        (
            "no-frame-pointer",
            &["-O1", "-fomit-frame-pointer", "-fno-inline", "-fno-optimize-sibling-calls", "-fno-builtin"],
        ),
    ] {
        let out = dir.join(name);
        let number = format!("-DKIT_FAULT_FD={}", sys::watch::FAULT_FD);
        let mut gcc = Command::new("gcc");
        gcc.current_dir(&dir).args(options).args(["-g", "-w", "-pthread", &number, "-o"]).arg(&out);
        run(gcc.arg("death.c").arg(&fault));
        let image = std::fs::read(&out).unwrap();
        for &(way, status, signal, frames) in DEATHS {
            let (ended, trace) = told(&image, way);
            assert_eq!(i32::from(ended), status, "{name} {way}");
            assert_eq!(trace.stack_overflow, signal.contains("overflow"), "{name} {way}");
            check(&format!("\n{}", render(&trace)), frames, &format!("{name} {way}"));
        }
    }
}

#[test]
fn inlined_calls_are_told() {
    if !have(&["gcc"]) {
        return;
    }
    let dir = dir("death-inline");
    let text = "static inline __attribute__((always_inline)) int get(volatile int *p)\n{\n    return *p + p[1];\n}\n\
        int twice(int *p)\n{\n    return get(p) * 2;\n}\n";
    std::fs::write(dir.join("lib.c"), text).unwrap();
    std::fs::write(dir.join("main.c"), "int twice(int *);\nint main(void)\n{\n    return twice(0);\n}\n").unwrap();
    run(Command::new("gcc").current_dir(&dir).args(["-O2", "-g", "-c", "lib.c"]));
    let output = kit("run").current_dir(&dir).args(["main.c", "lib.o"]).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 4, "{told}");
    assert!(lines[1].contains(" get at ") && lines[1].contains("lib.c:3") && lines[1].ends_with("(inlined)"), "{told}");
    assert!(lines[2].contains(" twice at ") && lines[2].contains("lib.c:7"), "{told}");
    assert!(lines[3].contains(" main at main.c:4"), "{told}");
}

#[test]
fn a_damaged_stack_ends_the_walk() {
    let image = std::fs::read("/bin/sh").unwrap();
    let base = 0x5555_0000_0000u64;
    let maps = format!("{base:x}-{:x} r-xp 00000000 00:01 1   /memfd:x (deleted)\n", base + image.len() as u64);
    let mut state = 0x1357_9bdf_0246_8aceu64;
    let mut random = move || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    };
    let mut longest = 0;
    for round in 0..200 {
        let mut read = |at: u64, buf: &mut [u8]| {
            if let Some(offset) = at.checked_sub(base).filter(|&offset| offset < image.len() as u64) {
                let n = buf.len().min(image.len() - offset as usize);
                buf[..n].copy_from_slice(&image[offset as usize..][..n]);
                return n;
            }
            for word in buf.chunks_mut(8) {
                // Addresses in the code, on the stack, and anything.
                let value = match random() % 4 {
                    0 | 1 => base + random() % image.len() as u64,
                    2 => 0x7fff_0000_0000 + random() % 65536 / 8 * 8,
                    _ => random() >> (random() % 64),
                };
                word.copy_from_slice(&value.to_le_bytes()[..word.len()]);
            }
            if round % 5 == 0 && random().is_multiple_of(8) { 0 } else { buf.len() }
        };
        let stopped = Stopped {
            target: &TARGETS[0],
            image: &image,
            described: &image,
            context: 0x7ffe_0000_0000,
            address: Some(8),
            maps: &maps,
            debug_dirs: &[],
        };
        let trace = backtrace(&stopped, &mut read, &sys::Host);
        longest = longest.max(trace.parts.len());
        assert!(render(&trace).lines().count() < 1000);
    }
    assert!(longest > 1);
    let part = Part::Frame(Frame { pc: 1, ..Frame::default() });
    assert_eq!(render(&Backtrace { parts: vec![part], ..Backtrace::default() }), "  #0 0x0000000000000001\n");
}
