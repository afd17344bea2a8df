//! The assembler, without any architecture: text to sections, symbols and relocations of an object under construction.
//!
//! Two users share it: assembly at file level, whose sections become atoms of the unit's object, and inline assembly, whose
//! statements go into the code of a function. Both keep their place in an [`mc::CodeBuffer`], so that branches relax
//! there as everywhere. What a statement means is decided in one pass; what depends on final places (relocations,
//! differences of labels, sizes) is a *fixup*, settled when the unit ends and every symbol is known.
//!
//! Reading order: [`cursor`] (the text of one statement), [`expr`] (sums of symbols), [`syntax`] (the facet that an
//! architecture exports, and what it emits through), [`unit`] (sections, symbols, statements), `directive` (the table of
//! directives), `finish` (places and relocations), [`disasm`], [`listing`] and [`print`] (the way back).
#![forbid(unsafe_code)]

pub mod cursor;
mod directive;
pub mod disasm;
pub mod expr;
pub mod finish;
pub mod listing;
mod listing_symbols;
pub mod print;
pub mod syntax;
pub mod unit;

pub use cursor::Cursor;
pub use disasm::{Disassembler, Names};
pub use expr::Expr;
pub use finish::{AsmFrame, Host};
pub use syntax::{Emit, FarBranch, Syntax};
pub use unit::{AsmError, Assembler};
