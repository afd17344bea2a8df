//! What `kit run` says when the program is about to die of a fault: which, where, and how it came there.

use crate::host::Shell;
use kit::backtrace::{Backtrace, Stopped, backtrace, render};
use sys::watch::Fault;

/// A signal, its codes (`siginfo.h`) with what they mean, and what it means by itself.
struct SignalRow {
    number: i32,
    name: &'static str,
    text: &'static str,
    codes: &'static [(i32, &'static str)],
    /// Is about an address other than that of the instruction.
    has_address: bool,
}

/// The signals that end a program which did wrong; numbers are Linux'.
static SIGNALS: &[SignalRow] = &[
    SignalRow { number: 4, name: "SIGILL", text: "illegal instruction", codes: &[], has_address: false },
    SignalRow { number: 5, name: "SIGTRAP", text: "trap", codes: &[], has_address: false },
    SignalRow { number: 6, name: "SIGABRT", text: "aborted", codes: &[], has_address: false },
    SignalRow {
        number: 7,
        name: "SIGBUS",
        text: "bus error",
        codes: &[(1, "misaligned address"), (2, "address beyond the end of the file")],
        has_address: true,
    },
    SignalRow {
        number: 8,
        name: "SIGFPE",
        text: "arithmetic exception",
        codes: &[(1, "integer division by zero"), (2, "integer overflow"), (3, "floating-point division by zero")],
        has_address: false,
    },
    SignalRow { number: 9, name: "SIGKILL", text: "killed", codes: &[], has_address: false },
    SignalRow {
        number: 11,
        name: "SIGSEGV",
        text: "segmentation fault",
        codes: &[(1, "address not mapped"), (2, "access not permitted"), (128, "address not canonical")],
        has_address: true,
    },
    SignalRow { number: 31, name: "SIGSYS", text: "bad system call", codes: &[], has_address: false },
];

/// Where Linux distributions keep what was stripped from their libraries.
pub const DEBUG_DIRS: &[&str] = &["/usr/lib/debug"];

/// Tells on standard error how the program `name`, made of `image`, came to its fault. It stands still meanwhile.
/// `described` is the image or one that loads the same and says more.
pub fn report(shell: &Shell, name: &str, image: &[u8], described: &[u8], fault: &Fault) {
    let mut trace = Backtrace::default();
    if let Ok(maps) = fault.maps() {
        let address = fault.address();
        let stopped = Stopped {
            target: shell.target,
            image,
            described,
            context: fault.context,
            address,
            maps: &maps,
            debug_dirs: DEBUG_DIRS,
        };
        let mut read = |address: u64, buf: &mut [u8]| fault.read_memory(address, buf);
        trace = backtrace(&stopped, &mut read, &shell.host);
    }
    let overflow = trace.stack_overflow.then_some("stack overflow");
    let what = describe(fault.signal, fault.code, fault.address(), overflow);
    let out = format!("{}: {name}: {what}\n{}", shell.program, render(&trace));
    // At once: the program may be writing, too.
    shell.say(&out);
}

/// Tells that a signal ended the program which could not be told before: its stack was no stack any more, or it does not
/// watch its faults. Nothing when the program was asked to end.
pub fn report_end(shell: &Shell, name: &str, signal: i32) {
    if SIGNALS.iter().any(|row| row.number == signal) {
        shell.say(&format!("{}: {name}: {}\n", shell.program, describe(signal, 0, None, None)));
    }
}

/// `signal SIGSEGV (segmentation fault: address not mapped) at address 0x0000000000000008`. What is known better than
/// by the signal's code stands in `known`.
fn describe(signal: i32, code: i32, address: Option<u64>, known: Option<&str>) -> String {
    let Some(row) = SIGNALS.iter().find(|row| row.number == signal) else { return format!("signal {signal}") };
    let by_code = || row.codes.iter().find(|(number, _)| *number == code).map(|(_, text)| *text);
    let text = known.or_else(by_code).map_or(row.text.to_string(), |detail| format!("{}: {detail}", row.text));
    match address.filter(|_| row.has_address) {
        Some(address) => format!("signal {} ({text}) at address {address:#018x}", row.name),
        None => format!("signal {} ({text})", row.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_described() {
        assert_eq!(describe(6, -6, None, None), "signal SIGABRT (aborted)");
        assert_eq!(describe(8, 1, Some(64), None), "signal SIGFPE (arithmetic exception: integer division by zero)");
        let text = "signal SIGSEGV (segmentation fault: stack overflow) at address 0x0000000000000040";
        assert_eq!(describe(11, 1, Some(64), Some("stack overflow")), text);
        assert_eq!(describe(77, 1, None, None), "signal 77");
    }
}
