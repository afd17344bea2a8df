//! The assembler, without any architecture: text to sections, symbols and relocations of an object under construction.
//!
//! Two users share it: files, whose object holds nothing else, and assembly that C holds: at file level, whose sections become
//! atoms of the unit's object, and inline, whose statements go into the code of a function. All keep their place in an
//! [`mc::CodeBuffer`], so that branches relax there as everywhere. What a statement means is decided in one pass; what
//! depends on final places (relocations, differences of labels, sizes) is a *fixup*, settled when the unit ends and every
//! symbol is known.
//!
//! Reading order: [`cursor`] (the text of one statement), [`expr`], [`symbols`] (the tables), [`syntax`] (the facet that an
//! architecture exports, and what it emits through), [`unit`] (statements), `directive` (the table of directives), then
//! those by subject: `sections` and `section_directive`, `data`, `versions`, `conditional`, `macros`, `cfi`, `frame_text`, `line`, `own_lines`, `debug_unit`, `build_notes`, `stabs`, `misc`; `memo`; `atoms`; `finish`
//! (places and relocations), `source_listing` (`-a`), [`disasm`], [`listing`] and [`print`] (the way back).
#![forbid(unsafe_code)]

mod atoms;
mod build_notes;
mod cfi;
mod conditional;
pub mod cursor;
mod data;
mod debug_unit;
mod directive;
pub mod disasm;
pub mod expr;
pub mod finish;
mod float;
mod frame_text;
mod line;
pub mod listing;
mod listing_symbols;
mod macros;
mod memo;
mod misc;
mod own_lines;
pub mod print;
mod registers;
mod section_directive;
mod sections;
mod source_listing;
mod stabs;
pub mod symbols;
pub mod syntax;
pub mod unit;
mod versions;

pub use cursor::Cursor;
pub use disasm::{Disassembler, Names};
pub use expr::Expr;
pub use finish::{AsmFrame, Host};
pub use sections::section_kind;
pub use source_listing::ListingOptions;
pub use symbols::{Loc, Message, Severity};
pub use syntax::{Emit, FarBranch, Keep, Note, Syntax, Word};
pub use unit::{AsmError, AsmOptions, Assembler, Multibyte};
