//! The object model: what a front end, an assembler or a reader makes and a linker, writer or lister takes.
//!
//! An [`Object`] is sections cut into *atoms*, symbols, relocations and groups, in flat arrays. Section bytes are
//! borrowed from the input file until a linker copies them, once, into the output; fresh objects own theirs and have the
//! same shape. Reading what was written gives the same model.
//!
//! Reading order: this file (the model), [`build`] (making one), [`content`] (what changed?), [`archive`], [`shared`]
//! (what a link needs of a shared library), [`program`] (any file, for listers and debuggers), [`list`] with
//! [`list_nm`] and [`list_objdump`] (listings as text), [`copy`] and [`copy_flat`] (what `strip` and `objcopy` ask for),
//! [`resolve`] (the pure resolution policy).
#![forbid(unsafe_code)]

pub mod archive;
pub mod build;
pub mod content;
pub mod copy;
pub mod copy_flat;
pub mod error;
pub mod list;
pub mod list_nm;
pub mod list_objdump;
pub mod list_size;
pub mod list_strings;
pub mod program;
pub mod resolve;
pub mod shared;

pub use error::{ReadError, ReadErrorKind};

use base::define_id;
use base::ids::IdVec;
use std::borrow::Cow;
use std::ops::Range;
use target::{Arch, Formula, RelocKind};

define_id! {
    /// A section of one object.
    pub struct SectionId; "sec"
    /// An atom of one object: the unit that is placed, kept, patched or dropped.
    pub struct AtomId; "atom"
    /// A symbol of one object, local or global.
    pub struct SymId; "sym"
    /// A section group (COMDAT) of one object.
    pub struct GroupId; "group"
}

/// One object file's contents. Ids index the vectors of this object only.
#[derive(Default, Clone, PartialEq, Eq, Debug)]
pub struct Object<'a> {
    pub sections: IdVec<SectionId, Section<'a>>,
    /// In section order, and within a section by offset; the atoms of a section cover it without overlap.
    pub atoms: IdVec<AtomId, Atom>,
    pub symbols: IdVec<SymId, Symbol>,
    /// Grouped by atom, within an atom by offset. [`Atom::relocs`] indexes it.
    pub relocs: Vec<Reloc>,
    pub groups: IdVec<GroupId, Group>,
    /// Symbol names, referred to by [`StrRef`]. Each is followed by a NUL and the first byte is one, so that a writer can
    /// take the table as it is.
    pub strings: Cow<'a, [u8]>,
}

/// A range of [`Object::strings`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub struct StrRef {
    pub start: u32,
    pub len: u32,
}

/// What a section is for, as every format means it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum SectionKind {
    /// Program bytes: code, constants or data, by [`SectionFlags`].
    Progbits,
    /// Zero-filled at load; has a size and no bytes.
    Nobits,
    /// Notes for tools and loaders.
    Note,
    InitArray,
    FiniArray,
    PreinitArray,
    /// Frame tables that unwinders read.
    Unwind,
    /// Anything else that the format knows by number, kept as it is.
    Other(u32),
}

/// Section properties, neutral of format.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub struct SectionFlags(pub u32);

impl SectionFlags {
    pub const NONE: SectionFlags = SectionFlags(0);
    /// Occupies memory at run time.
    pub const ALLOC: SectionFlags = SectionFlags(1);
    pub const WRITE: SectionFlags = SectionFlags(2);
    pub const EXEC: SectionFlags = SectionFlags(4);
    /// Elements of `entry_size` bytes may be merged with equal ones.
    pub const MERGE: SectionFlags = SectionFlags(8);
    /// With `MERGE`: the elements are NUL-terminated strings of `entry_size`-byte characters.
    pub const STRINGS: SectionFlags = SectionFlags(16);
    pub const TLS: SectionFlags = SectionFlags(32);
    /// Dropped by a final link.
    pub const EXCLUDE: SectionFlags = SectionFlags(64);
    /// Kept by garbage collection.
    pub const RETAIN: SectionFlags = SectionFlags(128);
    /// Must follow the order of the section that `link_order` names.
    pub const LINK_ORDER: SectionFlags = SectionFlags(256);
    pub const COMPRESSED: SectionFlags = SectionFlags(512);
    /// Reachable only with large-model addressing.
    pub const LARGE: SectionFlags = SectionFlags(1024);
    /// To be placed in a special memory area ([`SectionExtra::info`] says in which).
    pub const MBIND: SectionFlags = SectionFlags(2048);

    pub const fn has(self, other: SectionFlags) -> bool {
        self.0 & other.0 != 0
    }

    #[must_use]
    pub const fn with(self, other: SectionFlags) -> SectionFlags {
        SectionFlags(self.0 | other.0)
    }
}

/// What a section's text says of it beyond what every format means: kept for writing, in the format's own numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SectionExtra {
    /// Flags that have no [`SectionFlags`] of their own.
    pub flags: u64,
    pub info: u32,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section<'a> {
    pub name: Cow<'a, [u8]>,
    pub kind: SectionKind,
    pub flags: SectionFlags,
    /// In bytes, a power of two.
    pub align: u64,
    /// Size of an element of a mergeable or table section, else 0.
    pub entry_size: u64,
    /// The bytes; empty for [`SectionKind::Nobits`].
    pub data: Cow<'a, [u8]>,
    /// In bytes; equals `data.len()` except for [`SectionKind::Nobits`].
    pub size: u64,
    pub atoms: Range<AtomId>,
    /// The group it belongs to, or [`GroupId::NONE`](base::Id::NONE).
    pub group: GroupId,
    /// With [`SectionFlags::LINK_ORDER`], else [`SectionId::NONE`](base::Id::NONE).
    pub link_order: SectionId,
    pub extra: SectionExtra,
}

/// One function or one data object of ours; for a foreign object a whole section, carrying many symbols at offsets
/// (other compilers leave no relocation for calls inside a section, so it cannot be cut).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Atom {
    pub section: SectionId,
    /// Offset and size in its section, in bytes.
    pub offset: u64,
    pub size: u64,
    /// In bytes, a power of two.
    pub align: u32,
    /// Its relocations, as indices of [`Object::relocs`].
    pub relocs: Range<u32>,
}

/// One relocation: its row in the architecture's table decides what is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reloc {
    /// Offset in the atom, in bytes.
    pub offset: u32,
    pub kind: RelocKind,
    /// Spare for formats that pair relocations.
    pub aux: u16,
    pub target: RelocTarget,
    pub addend: i64,
}

/// What a relocation refers to: a symbol, or an atom (whose offset is part of the addend). Four bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RelocTarget(u32);

/// [`RelocTarget`] taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RelocTargetKind {
    Symbol(SymId),
    Atom(AtomId),
}

impl RelocTarget {
    const ATOM: u32 = 1 << 31;

    #[inline]
    pub const fn symbol(sym: SymId) -> RelocTarget {
        debug_assert!(sym.0 < Self::ATOM);
        RelocTarget(sym.0)
    }

    #[inline]
    pub fn atom(atom: AtomId) -> RelocTarget {
        debug_assert!(atom.0 < Self::ATOM);
        RelocTarget(atom.0 | Self::ATOM)
    }

    #[inline]
    pub fn kind(self) -> RelocTargetKind {
        if self.0 & Self::ATOM == 0 {
            RelocTargetKind::Symbol(SymId(self.0))
        } else {
            RelocTargetKind::Atom(AtomId(self.0 & !Self::ATOM))
        }
    }
}

impl std::fmt::Debug for RelocTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.kind().fmt(f)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Binding {
    Local,
    Global,
    Weak,
    /// One definition in the whole process, also across shared libraries (`STB_GNU_UNIQUE`).
    Unique,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum SymbolKind {
    /// Untyped.
    None,
    Object,
    Function,
    /// Stands for a section; has no name of its own.
    Section,
    /// Name of the source file.
    File,
    Tls,
    /// Its value is the address of a resolver that returns the function.
    IFunc,
    /// A [`SymbolDef::Common`] that says so by its type, too; else such a symbol is an `Object`.
    Common,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Visibility {
    Default,
    Protected,
    Hidden,
    Internal,
}

/// Where a symbol is defined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SymbolDef {
    Undefined,
    /// `value` is an offset in the atom.
    Atom(AtomId),
    /// `value` is the symbol's value.
    Absolute,
    /// A tentative definition: `value` is its alignment, `size` its size.
    Common,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Symbol {
    pub name: StrRef,
    pub def: SymbolDef,
    pub binding: Binding,
    pub kind: SymbolKind,
    pub visibility: Visibility,
    /// Meaning depends on `def`.
    pub value: u64,
    /// In bytes, 0 when unknown.
    pub size: u64,
}

/// A group of sections that is kept or dropped as one. Of COMDAT groups with equal signatures one is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// The symbol whose name is the signature.
    pub signature: SymId,
    pub comdat: bool,
    pub sections: Vec<SectionId>,
}

impl<'a> Object<'a> {
    /// The name of a symbol.
    #[inline]
    pub fn symbol_name(&self, sym: SymId) -> &[u8] {
        self.str(self.symbols[sym].name)
    }

    #[inline]
    pub fn str(&self, at: StrRef) -> &[u8] {
        &self.strings[at.start as usize..at.start as usize + at.len as usize]
    }

    /// The bytes of an atom; empty for zero-filled ones.
    pub fn atom_bytes(&self, atom: AtomId) -> &[u8] {
        let atom = &self.atoms[atom];
        let section = &self.sections[atom.section];
        if section.kind == SectionKind::Nobits {
            return &[];
        }
        &section.data[atom.offset as usize..(atom.offset + atom.size) as usize]
    }

    /// True when `reloc` must name its target `atom` by a symbol of its own: a section's symbol in a mergeable section means
    /// "the piece at the addend", so that it serves only for an address as it is, of the atom's first byte. GNU as keeps local
    /// labels in the same cases. Where allocated sections are not cut into pieces, and in others, one atom may be a whole
    /// section: its relocations say "the piece at the addend" themselves, unless that is biased.
    pub fn needs_name(&self, arch: &Arch, reloc: &Reloc, atom: AtomId, of_pieces: bool) -> bool {
        let section = &self.sections[self.atoms[atom].section];
        if !section.flags.has(SectionFlags::MERGE) {
            return false;
        }
        let is_address = arch.reloc(reloc.kind).formula == Formula::Abs;
        let is_alone = section.atoms.end.0 - section.atoms.start.0 == 1 && self.atoms[atom].offset == 0;
        let whole = is_alone && !(of_pieces && section.flags.has(SectionFlags::ALLOC));
        let inside = u64::try_from(reloc.addend).is_ok_and(|addend| addend < section.size);
        !(is_address && reloc.addend == 0 || whole && (is_address || inside))
    }

    /// The relocations of an atom.
    pub fn atom_relocs(&self, atom: AtomId) -> &[Reloc] {
        let range = &self.atoms[atom].relocs;
        &self.relocs[range.start as usize..range.end as usize]
    }
}
