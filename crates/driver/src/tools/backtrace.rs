//! What `kit run` says when the program is about to die of a fault: which, where, and how it came there.

use crate::host::Shell;
use kit::backtrace::{Stopped, backtrace, render};
use sys::watch::Fault;

/// A signal, its codes (`siginfo.h`) with what they mean, and what it means by itself.
struct SignalRow {
    number: i32,
    name: &'static str,
    text: &'static str,
    codes: &'static [(i32, &'static str)],
    /// A fault of this kind has an address.
    has_address: bool,
}

/// The signals that are watched; numbers are Linux'.
static SIGNALS: &[SignalRow] = &[
    SignalRow { number: 4, name: "SIGILL", text: "illegal instruction", codes: &[], has_address: true },
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
        has_address: true,
    },
    SignalRow {
        number: 11,
        name: "SIGSEGV",
        text: "segmentation fault",
        codes: &[(1, "address not mapped"), (2, "access not permitted"), (128, "address not canonical")],
        has_address: true,
    },
    SignalRow { number: 31, name: "SIGSYS", text: "bad system call", codes: &[], has_address: false },
];

/// Tells on standard error how the program `name`, made of `image`, came to its fault. It stands still meanwhile.
pub fn report(shell: &Shell, name: &str, image: &[u8], fault: &Fault) {
    let mut out = format!("{}: {name}: {}\n", shell.program, describe(fault));
    if let Ok(maps) = fault.maps() {
        let stopped = Stopped { target: shell.target, image, context: fault.context, maps: &maps };
        let mut read = |address: u64, buf: &mut [u8]| fault.read_memory(address, buf);
        out.push_str(&render(&backtrace(&stopped, &mut read, &shell.host)));
    }
    // At once: the program may be writing, too.
    shell.say(&out);
}

/// `signal SIGSEGV (address not mapped) at address 0x0000000000000008`.
fn describe(fault: &Fault) -> String {
    let Some(row) = SIGNALS.iter().find(|row| row.number == fault.signal) else {
        return format!("signal {}", fault.signal);
    };
    // Codes above 0 come from the kernel, the others from who sent the signal.
    let code = row.codes.iter().find(|(code, _)| *code == fault.code).map(|(_, text)| *text);
    let text = code.map_or(row.text.to_string(), |code| format!("{}: {code}", row.text));
    match fault.address().filter(|_| row.has_address && fault.code > 0) {
        Some(address) => format!("signal {} ({text}) at address {address:#018x}", row.name),
        None => format!("signal {} ({text})", row.name),
    }
}
