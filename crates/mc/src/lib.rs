//! Machine code under construction: the code buffer with labels, fixups and branch relaxation ([`buffer`]), and the neutral
//! rows that the debug and unwind writers read: [`rows`].
#![forbid(unsafe_code)]

pub mod buffer;
pub mod rows;

pub use buffer::{BranchRow, CodeBuffer, Label, Mark};
