//! Debug information. Writing DWARF 5: [`unit`] (entries, lines and ranges of one unit, streamed by function) and
//! [`frame`] (unwind tables). Reading over `gimli`: [`symbolize`] (address to function, file, line and inlined calls)
//! and [`unwind`] (one frame at a time).
#![forbid(unsafe_code)]

mod abbrev;
mod bytes;
pub mod consts;
pub mod frame;
mod line;
pub mod symbolize;
pub mod unit;
pub mod unwind;

pub use frame::{FrameKind, FrameWriter};
pub use unit::{UnitFacts, UnitWriter};
