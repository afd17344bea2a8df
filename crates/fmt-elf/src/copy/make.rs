//! An object around bytes that have no format (`objcopy -I binary`): a section `.data` and the symbols
//! `_binary_<name>_start`, `_end` and `_size`.

use super::{File, Place, Result, Section, Symbol};
use crate::defs::{
    EHDR_SIZE, ELFCLASS64, ELFDATA2LSB, ELFMAG, ET_REL, SHF_ALLOC, SHF_WRITE, SHN_ABS, SHT_PROGBITS, STB_GLOBAL,
    STB_LOCAL, STT_NOTYPE,
};
use crate::raw::Shdr;
use base::bytes::{put_u16, put_u32};
use obj::copy::{Copied, Plan};
use std::borrow::Cow;

/// Bytes to be wrapped.
#[derive(Clone, Copy, Debug)]
pub struct BinaryInput<'a> {
    pub bytes: &'a [u8],
    /// As the command line names the file: what is no letter or digit becomes `_` in the symbols.
    pub name: &'a [u8],
    /// The ELF machine number.
    pub machine: u16,
}

/// The object, after the changes of `plan`.
///
/// # Errors
/// When the plan cannot be carried out on it.
pub fn from_binary(input: BinaryInput<'_>, plan: &Plan) -> Result<Copied> {
    let header = header(input.machine);
    super::finish(file(input, &header), plan)
}

fn header(machine: u16) -> Vec<u8> {
    let mut header = vec![0; EHDR_SIZE];
    header[..4].copy_from_slice(ELFMAG);
    header[4..7].copy_from_slice(&[ELFCLASS64, ELFDATA2LSB, 1]);
    put_u16(&mut header, 16, ET_REL);
    put_u16(&mut header, 18, machine);
    put_u32(&mut header, 20, 1);
    header
}

fn file<'a>(input: BinaryInput<'a>, header: &'a [u8]) -> File<'a> {
    let size = input.bytes.len() as u64;
    let header_of_data = Shdr { kind: SHT_PROGBITS, flags: SHF_ALLOC | SHF_WRITE, size, align: 1, ..Shdr::default() };
    let section = Section::new(Cow::Borrowed(b".data"), header_of_data, Cow::Borrowed(input.bytes));
    let stem: Vec<u8> = input.name.iter().map(|&b| if b.is_ascii_alphanumeric() { b } else { b'_' }).collect();
    let symbol = |end: &[u8], place, value| Symbol {
        name: Cow::Owned([b"_binary_", &stem[..], end].concat()),
        binding: STB_GLOBAL,
        kind: STT_NOTYPE,
        other: 0,
        place,
        value,
        size: 0,
        used: false,
        keep: true,
        out: 0,
    };
    let null = Symbol { name: Cow::Borrowed(b""), binding: STB_LOCAL, keep: false, ..symbol(b"", Place::Undefined, 0) };
    File {
        bytes: header,
        kind: ET_REL,
        entry: 0,
        linked: false,
        phdrs: Vec::new(),
        sections: vec![section],
        symbols: vec![
            null,
            symbol(b"_start", Place::Section(0), 0),
            symbol(b"_end", Place::Section(0), size),
            symbol(b"_size", Place::Reserved(SHN_ABS), size),
        ],
        roles: Vec::new(),
        warnings: Vec::new(),
        complaints: Vec::new(),
    }
}
