//! kit as a library: compile, preprocess, link, from bytes to bytes. The tools are thin users of this crate.
//!
//! No argument vectors, no environment, no printing: everything comes in as values or through the I/O traits of
//! [`base::io`], everything the user should know goes out as values.
//!
//! Reading order: [`plugins`] (which targets there are; the only file that names a plug-in), [`headers`] (kit's own
//! headers as a directory), [`compile`] (C to an object), [`assemble`] (assembly to one), [`inspect`] (files as listers see
//! them), [`demangle`] (names of C++ and Rust), [`debug_text`] (debug information as text), [`copy`](mod@copy) (files with changes), [`symbols`] (what is at an address of a
//! file), [`sources`] (the source beside instructions), [`backtrace`] (where a stopped program stands).
#![forbid(unsafe_code)]

pub mod archive;
pub mod assemble;
pub mod backtrace;
pub mod compile;
pub mod copy;
pub mod debug_text;
pub mod demangle;
pub mod headers;
pub mod inspect;
pub mod link;
mod listing;
pub mod pipeline;
pub mod plugins;
pub mod runtime;
pub mod session;
pub mod sources;
pub mod symbols;

pub use ::link as linker;
pub use base;
pub use lang_c;

/// kit's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
