//! What a reader of untrusted bytes says when they are wrong: a small kind and the offset where it was seen.

use std::fmt;

/// The bytes are wrong, at `offset` from the start of the file (or of the archive member).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReadError {
    pub kind: ReadErrorKind,
    /// In bytes.
    pub offset: u64,
}

impl ReadError {
    pub fn new(kind: ReadErrorKind, offset: u64) -> ReadError {
        ReadError { kind, offset }
    }
}

/// What is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReadErrorKind {
    /// Does not begin as a file of this format does.
    Magic,
    /// Of this format, but of another class, byte order or version than is supported.
    Flavor,
    /// Made for another machine.
    Machine,
    /// Of this format, but not of the type that was asked for (a program where an object is wanted).
    FileType,
    /// A table or section reaches past the end of the file.
    Truncated,
    /// A header has an impossible size, alignment or number of entries.
    Header,
    /// The section table or a section index is wrong.
    Section,
    /// A string is not within its table, or not terminated.
    String,
    /// The symbol table or a symbol is wrong.
    Symbol,
    /// A relocation lies outside its section or refers to no symbol.
    Reloc,
    /// A relocation of a kind that the architecture does not define.
    RelocKind,
    /// A section group is wrong.
    Group,
    /// Symbol versions are wrong.
    Version,
    /// The dynamic section is wrong.
    Dynamic,
    /// The record of atom boundaries is wrong.
    Atoms,
    /// More symbols, sections or bytes than the model can number.
    TooLarge,
    /// An archive's member header or index is wrong.
    Archive,
    /// Valid, but needs something that is not supported.
    Unsupported,
}

impl ReadErrorKind {
    /// The message, without offset or file name.
    pub fn text(self) -> &'static str {
        match self {
            ReadErrorKind::Magic => "file format not recognized",
            ReadErrorKind::Flavor => "unsupported class, byte order or version",
            ReadErrorKind::Machine => "made for another machine",
            ReadErrorKind::FileType => "unexpected type of file",
            ReadErrorKind::Truncated => "file is truncated",
            ReadErrorKind::Header => "malformed header",
            ReadErrorKind::Section => "malformed section table",
            ReadErrorKind::String => "malformed string table",
            ReadErrorKind::Symbol => "malformed symbol table",
            ReadErrorKind::Reloc => "malformed relocation",
            ReadErrorKind::RelocKind => "unknown kind of relocation",
            ReadErrorKind::Group => "malformed section group",
            ReadErrorKind::Version => "malformed symbol versions",
            ReadErrorKind::Dynamic => "malformed dynamic section",
            ReadErrorKind::Atoms => "malformed atom boundaries",
            ReadErrorKind::TooLarge => "too large",
            ReadErrorKind::Archive => "malformed archive",
            ReadErrorKind::Unsupported => "uses a feature that is not supported",
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at offset {:#x})", self.kind.text(), self.offset)
    }
}

impl std::error::Error for ReadError {}
