//! The program `kit`: one binary, many tools. `kit cc …` and a link named `kit-cc` (or `cc`, `ld.kit`, …) are the same;
//! `tools/mod.rs` has the list.

#![forbid(unsafe_code)]

mod cc;
mod flags;
mod host;
mod toolchain;
mod tools;

use host::Shell;

#[global_allocator]
static HEAP: sys::heap::Heap = sys::heap::Heap;

fn main() {
    // A library user wants an error; a program at the end of a pipe wants to end.
    sys::end_quietly_on_closed_pipe();
    let mut args = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned());
    let called = args.next().unwrap_or_default();
    std::process::exit(tools::run(&called, args.collect()));
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
