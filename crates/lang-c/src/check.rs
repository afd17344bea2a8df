//! The checker: what the parser calls to type, convert and fold as it builds the tree.
//!
//! Reading order: `convert` (6.3: value of lvalues, promotions), `compatible` (assignment), `operators`
//! and `assign` (6.5), `narrow` (wide bit-fields), `vector`, `call` (6.5.2.2 and
//! builtins), `declare` (6.2.2, 6.7), `suggest` (spelling).

mod assign;
pub(crate) mod builtin;
pub(crate) mod call;
mod compatible;
pub(crate) mod convert;
pub(crate) mod declare;
mod member;
mod narrow;
pub(crate) mod operators;
pub(crate) mod suggest;
mod tgmath;
pub(crate) mod vector;
