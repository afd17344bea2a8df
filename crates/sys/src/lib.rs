//! The only crate that speaks to the operating system.
//!
//! Reading order: [`host`] (the real file system behind `base::io`'s traits), [`output`] (how a finished output
//! reaches its path without ever losing what was there), [`run`] (a program started from memory), [`process`] (what
//! kit asks about the machine and its own process: terminal, clock, entropy, signals, memory).
//!
//! Libraries never call this crate for files: they are given a `&dyn InputSource` and a `&dyn ImageIo`. The program
//! `kit` and embedders make a [`Host`] and pass it down.

pub mod host;
pub mod output;
pub mod process;
pub mod run;

pub use host::Host;
pub use output::{OutputKind, output_kind, write_output, write_output_with};
