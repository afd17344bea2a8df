//! The only crate that speaks to the operating system.
//!
//! Reading order: [`host`] (the real file system behind `base::io`'s traits), [`output`] (how a finished output
//! reaches its path without ever losing what was there), [`run`] (a program started from memory), [`watch`] (the same, told of
//! its faults), [`process`] (what
//! kit asks about the machine and its own process: terminal, clock, entropy, signals, memory), [`heap`] (its allocator), [`machine`] (its
//! identity), [`time`] (the time of day, temporary directories).
//!
//! Libraries never call this crate for files: they are given a `&dyn InputSource` and a `&dyn ImageIo`. The program
//! `kit` and embedders make a [`Host`] and pass it down.

pub mod code_memory;
pub mod heap;
pub mod host;
pub mod machine;
pub mod output;
pub mod process;
pub mod run;
pub mod time;
pub mod watch;

pub use host::Host;
pub use output::{Kept, OutputKind, output_kind, write_output, write_output_keeping, write_output_with};
pub use process::{Stream, end_quietly_on_closed_pipe, entropy, is_terminal, open_standard_streams, parallelism};
pub use time::{LocalTime, TempDir, local_time};
