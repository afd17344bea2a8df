//! Ground floor: what every crate of kit shares and what knows nothing of compilers or linkers.
//!
//! Reading order: [`ids`] (typed indices), [`names`] (interned spellings), [`source`] (positions and files),
//! [`diag`] (what is said to the user), [`bytes`] (endian and LEB128 helpers), [`hash`] (stable content hashes),
//! [`io`] (how a library touches the world: only through traits given by its host).
#![forbid(unsafe_code)]

pub mod bytes;
pub mod diag;
pub mod hash;
pub mod ids;
pub mod io;
pub mod names;
pub mod source;

pub use diag::{Diag, DiagSink, Severity};
pub use ids::{Id, IdVec};
pub use names::{Name, Names};
pub use source::{FileId, Pos, SourceMap, Span};
