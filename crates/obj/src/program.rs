//! A file as listers, debugger and emulator see it: sections with addresses, segments, all symbols in the file's order.
//!
//! Objects, programs, shared libraries and core files have this view. Other than [`crate::Object`] it leaves nothing out
//! and interprets little: section symbols are symbols, relocations stand as they are in the file.

use crate::{Binding, SectionFlags, SectionKind, SymbolKind, Visibility};
use std::borrow::Cow;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ProgramKind {
    /// Relocatable.
    #[default]
    Object,
    /// Linked to a fixed address.
    Fixed,
    /// Loadable anywhere: a shared library, or a position-independent program.
    Shared,
    Core,
}

/// One file.
#[derive(Clone, Debug, Default)]
pub struct Program<'a> {
    pub kind: ProgramKind,
    /// Format and architecture as binutils name them: `elf64-x86-64`, `i386:x86-64`.
    pub format_name: &'static str,
    pub arch_name: &'static str,
    pub entry: u64,
    /// In the file's order, bookkeeping included.
    pub sections: Vec<ProgramSection<'a>>,
    pub segments: Vec<Segment>,
    pub symbols: Vec<ProgramSymbol<'a>>,
    pub dynamic_symbols: Vec<ProgramSymbol<'a>>,
    /// Dynamic symbols carry versions in this file.
    pub versioned: bool,
    /// Tags and values of the dynamic section up to its end mark.
    pub dynamic: Vec<(u64, u64)>,
    pub soname: Option<Cow<'a, [u8]>>,
    pub needed: Vec<Cow<'a, [u8]>>,
    /// The program interpreter's path.
    pub interpreter: Option<Cow<'a, [u8]>>,
    /// In file order of their sections.
    pub relocs: Vec<ProgramReloc>,
    /// Those that the dynamic linker applies, in file order; their symbols are [`Program::dynamic_symbols`].
    pub dynamic_relocs: Vec<ProgramReloc>,
}

#[derive(Clone, Debug)]
pub struct ProgramSection<'a> {
    pub name: Cow<'a, [u8]>,
    pub kind: SectionKind,
    pub flags: SectionFlags,
    /// Address in memory, and where it is loaded first.
    pub address: u64,
    pub load_address: u64,
    pub size: u64,
    /// In bytes, from the start of the file.
    pub file_offset: u64,
    pub align: u64,
    /// Size and alignment that a compressed section will have.
    pub decompressed: Option<(u64, u64)>,
    /// The bytes in the file; empty for zero-filled sections.
    pub data: &'a [u8],
    /// Belongs to the format itself: symbol and string tables, relocations of objects.
    pub bookkeeping: bool,
    /// Is the table of a section group, or a member of one.
    pub group: GroupRole,
    /// Its relocations, as indices of [`Program::relocs`].
    pub relocs: std::ops::Range<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum GroupRole {
    #[default]
    None,
    /// `comdat`, here and below: only one group of its signature is kept.
    Table {
        comdat: bool,
    },
    Member {
        comdat: bool,
    },
}

/// A part of the file that the loader maps, or looks at.
#[derive(Clone, Copy, Debug)]
pub struct Segment {
    pub kind: SegmentKind,
    pub readable: bool,
    pub writable: bool,
    pub executable: bool,
    pub file_offset: u64,
    pub address: u64,
    pub physical_address: u64,
    /// Bytes in the file, and in memory.
    pub file_size: u64,
    pub size: u64,
    pub align: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SegmentKind {
    Load,
    Dynamic,
    Interpreter,
    Note,
    Tls,
    Stack,
    ReadOnlyAfterRelocation,
    FrameHeader,
    /// Any other, by its number.
    Other(u32),
}

/// Where a symbol is defined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SymbolPlace {
    Undefined,
    Absolute,
    Common,
    /// Index of [`Program::sections`]; the value is an address (an offset in an object).
    Section(u32),
}

#[derive(Clone, Debug)]
pub struct ProgramSymbol<'a> {
    pub name: Cow<'a, [u8]>,
    /// Of a dynamic symbol: its version, and whether that is the default one.
    pub version: Option<(Cow<'a, [u8]>, bool)>,
    /// Of a dynamic symbol: bound to no version but the file itself.
    pub base_version: bool,
    pub place: SymbolPlace,
    pub value: u64,
    /// In bytes; of a common symbol `value` is the alignment.
    pub size: u64,
    pub binding: Binding,
    pub kind: SymbolKind,
    pub visibility: Visibility,
}

/// A relocation as it stands in the file.
#[derive(Clone, Copy, Debug)]
pub struct ProgramReloc {
    /// Offset in the section, in an object; else an address.
    pub offset: u64,
    /// The format's number.
    pub number: u32,
    /// Index of [`Program::symbols`], or of the dynamic ones; `None` when it refers to no symbol.
    pub symbol: Option<u32>,
    pub addend: i64,
}

/// A file's sections as debug information is read from them.
#[derive(Clone, Debug, Default)]
pub struct DebugFile<'a> {
    /// All of them, by their numbers; what is no debug section has no data here.
    pub sections: Vec<DebugSection<'a>>,
    pub big_endian: bool,
    /// Bytes of an address.
    pub address_size: u8,
}

/// One of them, inflated and relocated.
#[derive(Clone, Debug)]
pub struct DebugSection<'a> {
    pub name: &'a [u8],
    pub data: Cow<'a, [u8]>,
    pub address: u64,
}

impl<'a> Program<'a> {
    /// The section named `name`.
    pub fn section(&self, name: &[u8]) -> Option<&ProgramSection<'a>> {
        self.sections.iter().find(|section| *section.name == *name)
    }

    /// The function that `address` lies in, by the symbol tables, and the offset in it. A function of unknown size
    /// reaches to the next one. For names where there is no debug information.
    pub fn function_at(&self, address: u64) -> Option<(&ProgramSymbol<'a>, u64)> {
        let is_code = |symbol: &&ProgramSymbol<'a>| match symbol.place {
            SymbolPlace::Section(idx) => {
                let exec = || self.sections.get(idx as usize).is_some_and(|s| s.flags.has(SectionFlags::EXEC));
                matches!(symbol.kind, SymbolKind::Function | SymbolKind::IFunc)
                    || symbol.kind == SymbolKind::None && exec()
            }
            _ => false,
        };
        let all = self.symbols.iter().chain(&self.dynamic_symbols);
        // The nearest one below; of several at one address the typed, then the first one.
        let below = all.filter(is_code).filter(|symbol| symbol.value <= address).min_by_key(|symbol| {
            (address - symbol.value, symbol.kind == SymbolKind::None, symbol.binding == Binding::Local)
        })?;
        let offset = address - below.value;
        (below.size == 0 || offset < below.size).then_some((below, offset))
    }

    /// Up to `len` bytes of the memory image at `address`, as far as the file holds them.
    pub fn bytes_at(&self, file: &'a [u8], address: u64, len: u64) -> Option<&'a [u8]> {
        self.segments.iter().filter(|segment| segment.kind == SegmentKind::Load).find_map(|segment| {
            let offset = address.checked_sub(segment.address).filter(|&offset| offset < segment.file_size)?;
            let start = usize::try_from(segment.file_offset.checked_add(offset)?).ok()?;
            let len = usize::try_from(len.min(segment.file_size - offset)).ok()?;
            file.get(start..start.checked_add(len)?)
        })
    }
}
