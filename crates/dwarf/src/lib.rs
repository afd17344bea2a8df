//! Debug information. Writing DWARF 5: [`unit`] (entries, lines and ranges of one unit, streamed by function) and
//! [`frame`] (unwind tables). Reading: [`symbolize`] (address to function, file, line and inlined calls, over `read`)
//! and [`unwind`] (one frame at a time, over `gimli`).
#![forbid(unsafe_code)]

pub mod abbrev;
mod bytes;
pub mod consts;
pub mod dump;
mod form;
pub mod frame;
mod line;
mod read;
pub mod symbolize;
pub mod unit;
pub mod unwind;

pub use frame::{FrameKind, FrameWriter};
pub use line::LineWriter;
pub use unit::{UnitFacts, UnitWriter};
