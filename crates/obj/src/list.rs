//! What listers share: the properties of a section in GNU binutils' terms, and the names under which things are shown.
//!
//! The listers ([`nm`](crate::list_nm), [`objdump`](crate::list_objdump)) are functions from a [`Program`] to text. Their text
//! equals that of GNU binutils 2.40 (`nm(1)`, `objdump(1)`), because scripts read it. What a format alone knows, such as the
//! names of relocations, comes in as a function.

use crate::program::{GroupRole, Program, ProgramSection, ProgramSymbol, SymbolPlace};
use crate::{Binding, SectionFlags, SectionKind, SymbolKind};
use std::borrow::Cow;

/// A name as its source has it, when that is not as it stands.
pub type Demangle = fn(&[u8]) -> Option<String>;

/// Where an object was found.
#[derive(Clone, Copy, Debug)]
pub struct Place<'p> {
    /// Path of the archive it is a member of.
    pub archive: Option<&'p str>,
    /// Path, or the member's name.
    pub name: &'p str,
}

/// Properties of a section as binutils speak of them (`bfd/section.c`, SEC_*), a set of bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Attributes(pub u32);

impl Attributes {
    pub const CONTENTS: Attributes = Attributes(1);
    pub const ALLOC: Attributes = Attributes(1 << 1);
    pub const LOAD: Attributes = Attributes(1 << 2);
    pub const RELOC: Attributes = Attributes(1 << 3);
    pub const READONLY: Attributes = Attributes(1 << 4);
    pub const CODE: Attributes = Attributes(1 << 5);
    pub const DATA: Attributes = Attributes(1 << 6);
    pub const DEBUGGING: Attributes = Attributes(1 << 7);
    pub const EXCLUDE: Attributes = Attributes(1 << 8);
    /// Addressed by octets also where a machine's bytes are wider.
    pub const OCTETS: Attributes = Attributes(1 << 9);
    pub const THREAD_LOCAL: Attributes = Attributes(1 << 10);
    pub const GROUP: Attributes = Attributes(1 << 11);
    pub const LINK_ONCE: Attributes = Attributes(1 << 12);

    pub fn has(self, other: Attributes) -> bool {
        self.0 & other.0 != 0
    }
}

/// The words for them, in the order in which `objdump -h` shows them.
pub(crate) static ATTRIBUTE_WORDS: &[(Attributes, &str)] = &[
    (Attributes::CONTENTS, "CONTENTS"),
    (Attributes::ALLOC, "ALLOC"),
    (Attributes::LOAD, "LOAD"),
    (Attributes::RELOC, "RELOC"),
    (Attributes::READONLY, "READONLY"),
    (Attributes::CODE, "CODE"),
    (Attributes::DATA, "DATA"),
    (Attributes::DEBUGGING, "DEBUGGING"),
    (Attributes::EXCLUDE, "EXCLUDE"),
    (Attributes::OCTETS, "OCTETS"),
    (Attributes::THREAD_LOCAL, "THREAD_LOCAL"),
    (Attributes::GROUP, "GROUP"),
    (Attributes::LINK_ONCE, "LINK_ONCE_DISCARD"),
];

/// Debug sections are known by their names alone; those that are addressed by octets first.
const OCTET_DEBUG_PREFIXES: &[&[u8]] = &[b".debug", b".gnu.debuglto_.debug_", b".gnu.linkonce.wi.", b".zdebug"];
const OCTET_NOTE_PREFIXES: &[&[u8]] = &[b".gnu.build.attributes", b".note.gnu"];
const DEBUG_PREFIXES: &[&[u8]] = &[b".line", b".stab"];

/// The properties of a section.
pub fn attributes(section: &ProgramSection<'_>) -> Attributes {
    let mut bits = 0;
    let mut set = |attribute: Attributes, on: bool| bits |= if on { attribute.0 } else { 0 };
    let contents = section.kind != SectionKind::Nobits;
    let alloc = section.flags.has(SectionFlags::ALLOC);
    let exec = section.flags.has(SectionFlags::EXEC);
    set(Attributes::CONTENTS, contents);
    set(Attributes::ALLOC, alloc);
    set(Attributes::LOAD, alloc && contents);
    set(Attributes::RELOC, !section.relocs.is_empty());
    set(Attributes::READONLY, !section.flags.has(SectionFlags::WRITE));
    set(Attributes::CODE, exec);
    set(Attributes::DATA, alloc && contents && !exec);
    set(Attributes::EXCLUDE, section.flags.has(SectionFlags::EXCLUDE));
    set(Attributes::THREAD_LOCAL, section.flags.has(SectionFlags::TLS));
    if !alloc {
        let starts = |prefixes: &[&[u8]]| prefixes.iter().any(|prefix| section.name.starts_with(prefix));
        if starts(OCTET_DEBUG_PREFIXES) {
            set(Attributes::DEBUGGING, true);
            set(Attributes::OCTETS, true);
        } else if starts(OCTET_NOTE_PREFIXES) {
            set(Attributes::OCTETS, true);
        } else if starts(DEBUG_PREFIXES) || *section.name == *b".gdb_index" {
            set(Attributes::DEBUGGING, true);
        }
    }
    match section.group {
        GroupRole::Table { comdat } => {
            set(Attributes::GROUP, true);
            set(Attributes::LINK_ONCE, comdat);
        }
        GroupRole::Member { .. } => {}
        GroupRole::None => set(Attributes::LINK_ONCE, section.name.starts_with(b".gnu.linkonce")),
    }
    Attributes(bits)
}

/// The section of a symbol that listers show: not one that belongs to the format itself.
pub(crate) fn section_of<'p, 'a>(
    program: &'p Program<'a>,
    symbol: &ProgramSymbol<'_>,
) -> Option<&'p ProgramSection<'a>> {
    match symbol.place {
        SymbolPlace::Section(idx) => program.sections.get(idx as usize).filter(|section| !section.bookkeeping),
        _ => None,
    }
}

/// The name under which a symbol's section is shown.
pub(crate) fn section_name<'p>(program: &'p Program<'_>, symbol: &ProgramSymbol<'_>) -> &'p [u8] {
    match symbol.place {
        SymbolPlace::Undefined => b"*UND*",
        SymbolPlace::Common => b"*COM*",
        SymbolPlace::Absolute => b"*ABS*",
        SymbolPlace::Section(_) => section_of(program, symbol).map_or(b"*ABS*", |section| &section.name),
    }
}

/// A symbol's name; a section's symbol without one is called as the section.
pub(crate) fn symbol_name<'p>(program: &'p Program<'_>, symbol: &'p ProgramSymbol<'_>) -> &'p [u8] {
    if symbol.name.is_empty() && symbol.kind == SymbolKind::Section {
        return section_of(program, symbol).map_or(&symbol.name, |section| &section.name);
    }
    &symbol.name
}

/// The name under which a symbol is shown.
pub(crate) fn shown_name<'p>(
    program: &'p Program<'_>,
    symbol: &'p ProgramSymbol<'_>,
    demangle: Option<Demangle>,
) -> Cow<'p, [u8]> {
    let name = symbol_name(program, symbol);
    match demangle.and_then(|demangle| demangle(name)) {
        Some(text) => Cow::Owned(text.into_bytes()),
        None => Cow::Borrowed(name),
    }
}

/// The number that stands for a symbol: its value, of a common one its size.
pub(crate) fn shown_value(symbol: &ProgramSymbol<'_>) -> u64 {
    if symbol.place == SymbolPlace::Common { symbol.size } else { symbol.value }
}

/// Global in binutils' sense: bound so, and defined here.
pub(crate) fn is_global(symbol: &ProgramSymbol<'_>) -> bool {
    symbol.binding == Binding::Global && !matches!(symbol.place, SymbolPlace::Undefined | SymbolPlace::Common)
}

/// Stands for a section or a source file.
pub(crate) fn is_debugging(symbol: &ProgramSymbol<'_>) -> bool {
    matches!(symbol.kind, SymbolKind::Section | SymbolKind::File)
}
