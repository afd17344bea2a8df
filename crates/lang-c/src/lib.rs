//! The C front end: lex → preprocess → parse one external declaration into an arena → check → lower to IR → hand to
//! the sink → drop.
//!
//! Reading order: [`options`] (what the user decides), [`token`] (what the preprocessor hands over), `lex`, [`pp`],
//! [`types`], [`ast`] (the checked tree), `parse` (syntax; calls the checker as it goes), `check` (types, conversions,
//! constants, diagnostics), `lower` (tree to IR), `unit` (the loop over external declarations). Nothing here knows an
//! architecture, an object format or the operating system.
// `lex_scan` alone may use vector instructions.
#![deny(unsafe_code)]

pub mod ast;
pub mod attributes;
pub mod builtins;
mod check;
pub mod consts;
mod debug_types;
mod lex;
mod lex_scan;
mod lint;
mod literals;
pub mod lower;
pub mod options;
pub mod parse;
pub mod pp;
pub mod token;
pub mod types;
pub mod unit;
pub mod warnings;

pub use check::suggest::nearest;
