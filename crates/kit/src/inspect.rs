//! Files as listers see them: any format that kit reads, alone or in an archive.

pub use asm::listing;
pub use asm::{Disassembler, disasm::Style};
pub use obj::archive::{Archive, Member, is_archive, verbose_line};
pub use obj::list::{Demangle, Place};
pub use obj::program::{Program, ProgramSection as Section, ProgramSymbol as Symbol};
pub use obj::{list_nm, list_objdump, list_size, list_strings};

pub use crate::plugins::readelf;

use crate::plugins::{READERS, ReaderRow, TARGETS};
use base::io::InputSource;
use obj::list::{Attributes, attributes};
use std::path::Path;

/// The reader for `bytes`, if they are of a format that kit knows.
pub fn reader(bytes: &[u8]) -> Option<&'static ReaderRow> {
    READERS.iter().find(|row| (row.recognizes)(bytes))
}

/// Reads a file of any format.
///
/// # Errors
/// The message says what is wrong with it.
pub fn read_program(bytes: &[u8]) -> Result<Program<'_>, String> {
    let row = reader(bytes).ok_or("file format not recognized")?;
    (row.read_program)(bytes).map_err(|e| e.to_string())
}

/// The headers that only its format has, as text.
///
/// # Errors
/// The message says what is wrong with the file.
pub fn private_headers(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let row = reader(bytes).ok_or("file format not recognized")?;
    (row.private_headers)(bytes).map_err(|e| e.to_string())
}

/// The name of a relocation of the file's architecture, by the format's number.
pub fn reloc_name(bytes: &[u8], number: u32) -> Option<&'static str> {
    let row = reader(bytes)?;
    let name = (row.arch_name)(bytes)?;
    let arch = TARGETS.iter().map(|target| target.arch).find(|arch| arch.name == name)?;
    let reloc = arch.relocs.iter().find(|reloc| reloc.wire_number(row.format) == Some(number))?;
    Some(reloc.name)
}

/// The parts of a file that are loaded with contents: their offsets in the file, and the bytes.
pub fn loaded_parts<'p>(program: &'p Program<'_>) -> impl Iterator<Item = (u64, &'p [u8])> {
    let loaded = program.sections.iter().filter(|section| attributes(section).has(Attributes::LOAD));
    loaded.map(|section| (section.file_offset, section.data))
}

/// What turns the file's code into text, if kit knows its machine.
pub fn disassembler(bytes: &[u8]) -> Option<&'static dyn Disassembler> {
    let name = (reader(bytes)?.arch_name)(bytes)?;
    TARGETS.iter().find(|target| target.arch.name == name).map(|target| target.dialect.disassembler)
}

/// One object, alone or as a member.
pub struct Item<'i> {
    pub place: Place<'i>,
    /// The member's header, in an archive.
    pub member: Option<&'i Member<'i>>,
    pub bytes: &'i [u8],
}

/// Calls `each` for the file itself or for every member of the archive that it is. Members of a thin archive are read
/// through `source`. What cannot be read is told to `wrong`, with the name of the member concerned.
pub fn for_each_object(
    path: &str,
    bytes: &[u8],
    source: &dyn InputSource,
    each: &mut dyn FnMut(&Item<'_>),
    wrong: &mut dyn FnMut(&str, &str),
) {
    if !is_archive(bytes) {
        each(&Item { place: Place { archive: None, name: path }, member: None, bytes });
        return;
    }
    let archive = match Archive::parse(bytes) {
        Ok(archive) => archive,
        Err(error) => return wrong(path, &error.to_string()),
    };
    for member in archive.members() {
        let member = match member {
            Ok(member) => member,
            Err(error) => return wrong(path, &error.to_string()),
        };
        let mut name = String::from_utf8_lossy(&member.name).into_owned();
        let outside;
        let mut bytes = member.data;
        if archive.thin {
            let beside = Path::new(path).parent().unwrap_or(Path::new("")).join(&name);
            name = beside.display().to_string();
            outside = match source.read(&beside) {
                Ok(outside) => outside,
                Err(error) => {
                    wrong(&name, &error.to_string());
                    continue;
                }
            };
            bytes = &outside;
        }
        each(&Item { place: Place { archive: Some(path), name: &name }, member: Some(&member), bytes });
    }
}
