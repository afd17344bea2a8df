//! The text form of a unit: complete (parsing what was printed gives the same unit, ids and order included) and readable.
//!
//! A file is a list of items in the order in which a sink got them; the module's tables grow between them:
//!
//! ```text
//! unit "a.c" pie opt 0 unwind_tables
//! sig sig0 (i32 sext) -> i32 sext
//! mem m0 align 4
//! symbol g0 "twice" function global defined
//! func @twice sig0 {
//!   params value
//!   slot s0 4 align 4 i32 weight 2
//! b0:
//!   v0 = param.i32 0
//!   set.i32 s0, v0
//!   v2 = get.i32 s0
//!   v3 = add.i32 v2, v0
//!   ret.i32 v3
//! }
//! finish
//! ```
//!
//! Ids are dense and stand where they are made, so that the text can be checked line by line. `;` starts a comment.
//! `@name` is the symbol that was declared last under that name; `g7` is symbol 7. Numbers are decimal (of constants:
//! signed in their type) or, raw, hexadecimal; strings have `\xx` for bytes that do not print. Operations are driven by
//! the rows of [`crate::ops::OPS`]: operands in order, then what `aux` is.
//!
//! Not printed but counted again: [`crate::Func::uses`], places of lists (they follow the order of instructions).

mod lex;
mod parse;
mod parse_func;
mod parse_item;
mod print;

pub use parse::{ParseError, parse};
pub use print::{TextSink, print, print_func};
