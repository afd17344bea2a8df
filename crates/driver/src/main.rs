//! The program `kit`: one binary, many tools. `kit cc …` and a link named `kit-cc` (or `cc`, `ld.kit`, …) are the same;
//! `tools/mod.rs` has the list.

//!
//! The program starts at C's `main`: what Rust's runtime does before its own (it reads the list of mappings to place a
//! guard, installs handlers, undoes some of it at the end) is half of what a process costs that answers `--version`.

// The test harness brings a `main` of its own.
#![cfg_attr(not(test), no_main)]
// Only to give `main` its name.
#![deny(unsafe_code)]

mod cc;
mod flags;
mod host;
mod toolchain;
mod tools;

use host::Shell;

#[global_allocator]
static HEAP: sys::heap::Heap = sys::heap::Heap;

/// C's entry; the arguments are found by the standard library, too. A panic ends with the status that Rust gives it.
#[allow(unsafe_code)]
#[cfg_attr(not(test), unsafe(no_mangle))]
extern "C" fn main(_argc: i32, _argv: *const *const u8) -> i32 {
    sys::open_standard_streams();
    // What uses kit as a library wants an error; a program at the end of a pipe wants to end.
    sys::end_quietly_on_closed_pipe();
    let status = std::panic::catch_unwind(|| {
        let mut args = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned());
        let called = args.next().unwrap_or_default();
        tools::run(&called, args.collect())
    });
    std::process::exit(status.unwrap_or(101))
}

/// Runs one tool and says why it failed.
fn finish(shell: &Shell, result: Result<i32, host::Failure>) -> i32 {
    match result {
        Ok(status) => status,
        Err(failure) => {
            shell.error(&failure.text);
            failure.status
        }
    }
}
