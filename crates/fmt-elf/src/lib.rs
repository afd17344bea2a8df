//! ELF64, little-endian: reading and writing objects, reading shared libraries and programs, and the facts of a link.
//!
//! Reading order: [`defs`] (numbers), `raw` (records), [`read`] (object to model), `cut` (the boundaries of our own
//! atoms), [`write`] (model to object), [`notes`], [`shared`] (shared libraries as link inputs; `shared_names`: the
//! names that are asked for), [`program`] (any file, for listers and debuggers), [`copy`](mod@copy) (files with changes,
//! for `strip` and `objcopy`), [`list`] (headers that only ELF has, as text), [`readelf`] (everything in a file, as
//! text), [`link`](mod@link) (the facet of a link: where things go, and the tables of an image).
#![forbid(unsafe_code)]

pub mod copy;
mod cut;
pub mod defs;
pub mod link;
mod link_dynamic;
mod link_image;
mod link_notes;
pub mod list;
pub mod notes;
pub mod program;
mod raw;
pub mod read;
pub mod readelf;
pub mod shared;
mod shared_names;
mod strtab;
pub mod write;

pub use link::inflate;
pub use program::{defined_names, read_program, read_program_sections};
pub use read::read_object;
pub use shared::read_shared;
pub use write::{WriteOptions, write_object};

use obj::ReadError;
use target::Arch;

/// The name under which architectures give their relocation numbers for this format.
pub const FORMAT: &str = "elf";

/// What an ELF file is, by its header alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileType {
    Object,
    /// Linked to a fixed address.
    Program,
    /// A shared library, or a program that can be loaded anywhere.
    Shared,
    Core,
    Other(u16),
}

/// Type and machine of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ident {
    pub file_type: FileType,
    /// The ELF machine number.
    pub machine: u16,
}

impl Ident {
    /// [`Arch::name`] of the machine, when it is one that kit knows.
    pub fn arch_name(self) -> Option<&'static str> {
        defs::MACHINES.iter().find(|machine| machine.number == self.machine).map(|machine| machine.arch)
    }
}

/// Looks at the file header only.
///
/// # Errors
/// `Magic` when it is no ELF file, `Flavor` for 32 bits or big-endian, `Truncated` when the header is not whole.
pub fn identify(bytes: &[u8]) -> Result<Ident, ReadError> {
    let (kind, machine) = raw::ident(bytes)?;
    let file_type = match kind {
        defs::ET_REL => FileType::Object,
        defs::ET_EXEC => FileType::Program,
        defs::ET_DYN => FileType::Shared,
        defs::ET_CORE => FileType::Core,
        other => FileType::Other(other),
    };
    Ok(Ident { file_type, machine })
}

/// Relocation kinds by their numbers in this format; `u16::MAX` for numbers without a row.
pub(crate) fn kinds_by_number(arch: &Arch) -> Vec<u16> {
    let mut kinds = Vec::new();
    for (idx, row) in arch.relocs.iter().enumerate() {
        let Some(number) = row.wire_number(FORMAT) else { continue };
        let number = number as usize;
        if kinds.len() <= number {
            kinds.resize(number + 1, u16::MAX);
        }
        kinds[number] = idx as u16;
    }
    kinds
}
