//! Archives, with the index made by the target formats' own readers.

pub use obj::archive::{Archive, ArchiveBuilder, ArchiveOptions, Member, NewMember, verbose_line};

pub use crate::plugins::defined_names;
