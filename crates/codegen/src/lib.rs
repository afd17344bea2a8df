//! Native code generation: what is the same for every architecture.
//!
//! Reading order: [`machine`] (what selection says: machine instructions, constraints, the register sink, the facet that
//! an architecture exports), [`lazy`] (which values are still to be computed), [`sink`], [`fast`] and [`spill`] (the two
//! register sinks), [`symbols`] and `data` (what code refers to), `pins` (which variables live in registers), [`native`] (the function sink that ties it together).
#![forbid(unsafe_code)]

mod data;
pub mod fast;
pub mod inline;
pub mod lazy;
pub mod machine;
pub mod native;
pub mod pins;
pub mod sink;
pub mod spill;
pub mod symbols;

pub use machine::Select;
pub use native::{CodegenError, NativeSink, Output};
