//! A reader of `.debug_info` and `.debug_line` for one question: what is at this address?
//!
//! It passes over most of what is there: [`entries`] (abbreviations become short plans of what to skip and what to take),
//! [`units`] (headers, the root entry, which unit covers which addresses), [`calls`] (functions and what was inlined into
//! them, as one sorted table a unit), [`lines`] (the rows of a line program, as one sorted table a unit). Lists of ranges
//! and headers of line programs are `gimli`'s. Everything is bounds-checked; what is damaged is as if it were not there.

pub(crate) mod calls;
pub(crate) mod entries;
pub(crate) mod lines;
pub(crate) mod units;
