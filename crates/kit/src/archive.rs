//! Archives, with the index made by the target formats' own readers.

pub use obj::archive::{Archive, ArchiveBuilder, ArchiveOptions, Member, NewMember, verbose_line};

/// The names that an object defines for an archive's index; none for what is no object.
pub fn defined_names(bytes: &[u8]) -> Vec<Vec<u8>> {
    fmt_elf::defined_names(bytes)
}
