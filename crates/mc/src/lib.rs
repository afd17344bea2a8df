//! Machine code under construction: the code buffer with labels, fixups and branch relaxation ([`buffer`]), the same with
//! what assembly text adds: alignments, symbolic sizes, targets elsewhere ([`relax`]), and the neutral rows that the debug and unwind writers read: [`rows`].
#![forbid(unsafe_code)]

pub mod buffer;
pub mod relax;
pub mod rows;

pub use buffer::{BranchRow, CodeBuffer, Label, Mark};
