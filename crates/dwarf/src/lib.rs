//! Debug information: reading and unwinding over `gimli`.
#![forbid(unsafe_code)]

pub mod unwind;
