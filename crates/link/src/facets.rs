//! What a link asks of an architecture and of an object format: two facets, as tables and functions on bytes.
//!
//! An architecture crate exports one `static` [`ArchLink`]; its functions take bytes and numbers, so each can be tested
//! alone. A format crate implements [`Format`]: it reads inputs, names and orders output sections, and makes the tables
//! that only it knows (headers, dynamic section, symbol tables). What both do *not* decide is in this crate.

use crate::load::ObjId;
use crate::place::SynthKind;
use crate::{Link, Options};
use obj::shared::{SharedLib, SharedSymbol};
use obj::{Object, Section, SectionFlags, SectionKind, SymId};
use target::{Arch, RelocKind};

/// The link facet of an architecture.
pub struct ArchLink {
    pub arch: &'static Arch,
    pub plt: PltDesc,
    /// How far the thread pointer lies from the module's block.
    pub tls: TlsModel,
    /// Kinds that count from the module's block, and what takes their place when the thread pointer is at hand.
    pub local_exec: &'static [(RelocKind, RelocKind)],
    /// The rewrite of the instruction at `offset` for a `transition`, or `None` when it must stay as it is. Only looks.
    pub relax: fn(kind: RelocKind, bytes: &[u8], offset: usize, transition: Transition) -> Option<RewriteId>,
    /// Every rewrite that `relax` may choose; [`RewriteId`] indexes it.
    pub rewrites: &'static [Rewrite],
    /// Fills the gap between two pieces of code.
    pub fill_code: fn(&mut [u8]),
    /// Processor-specific program properties that are kept when all inputs (`and`) or any input (`or`) has them:
    /// ranges of property types.
    pub properties_and: &'static [(u32, u32)],
    pub properties_or: &'static [(u32, u32)],
    pub properties_or_and: &'static [(u32, u32)],
    /// `(type, bits)`: bits of an "all inputs" property that hold only if no PLT is made by these templates.
    pub plt_breaks: &'static [(u32, u32)],
}

impl ArchLink {
    /// What replaces a block-relative kind in code that has the thread pointer at hand.
    pub fn local_exec(&self, kind: RelocKind) -> Option<RelocKind> {
        self.local_exec.iter().find(|(from, _)| *from == kind).map(|&(_, to)| to)
    }
}

/// Index into [`ArchLink::rewrites`]; kept, plus one, in a relocation's spare field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RewriteId(pub u16);

/// One way to rewrite an instruction whose target turned out to be near, local or in this module.
pub struct Rewrite {
    pub name: &'static str,
    /// The row that fills the field afterwards.
    pub kind: RelocKind,
    /// Where the field is afterwards, relative to where it was.
    pub offset: i8,
    /// Added to the addend.
    pub addend: i8,
    /// The following relocation belongs to this sequence and disappears.
    pub drops_next: bool,
    /// Rewrites the bytes; `usize` is the offset of the original field. Returns false if they are not what was checked.
    pub write: fn(&mut [u8], usize) -> bool,
}

/// What has become possible at a relocation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Transition {
    /// The target of a load through the GOT is in this image, in reach of a relative address.
    GotToRelative,
    /// Also has a fixed address below 2 GiB.
    GotToAbsolute,
    GdToIe,
    GdToLe,
    LdToLe,
    IeToLe,
    DescToIe,
    DescToLe,
}

/// Where thread pointer and TLS block lie (the ABI's "variant").
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TlsModel {
    /// Variant II: the block ends at the thread pointer.
    BlockBelow,
    /// Variant I: the block starts `gap` bytes above it, rounded to its alignment.
    BlockAbove { gap: u64 },
}

/// Procedure linkage: sizes in bytes and writers. Addresses are those of the running image before relocation.
pub struct PltDesc {
    pub header_size: u32,
    pub entry_size: u32,
    /// Entry of a symbol that has a bound GOT entry anyway.
    pub direct_entry_size: u32,
    pub align: u32,
    /// Words at the start of the PLT's GOT that belong to the loader.
    pub reserved_got_words: u32,
    pub write_header: fn(&mut [u8], plt: u64, plt_got: u64),
    /// `slot`: the GOT word it jumps through; `index`: of its relocation.
    pub write_entry: fn(&mut [u8], entry: u64, slot: u64, plt: u64, index: u32),
    pub write_direct: fn(&mut [u8], entry: u64, slot: u64),
    /// What an unbound slot holds: the address after the jump of its entry.
    pub lazy_target: fn(entry: u64) -> u64,
    pub unwind: PltUnwind,
}

/// How procedure linkage is unwound, as DWARF call frame information (DWARF 5, 6.4.1).
pub struct PltUnwind {
    /// The whole CIE, length in front; its FDEs give addresses as 4 bytes relative to their place.
    pub cie: &'static [u8],
    /// Instructions of a PLT with a header, from the header's start, and of entries that only jump; padded so that a
    /// record of 17 bytes and these has a size that is a multiple of 8.
    pub lazy: &'static [u8],
    pub jump: &'static [u8],
}

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    Object,
    Shared,
    Archive,
    /// Text: a linker script, perhaps.
    Script,
    /// A file of this or another format that cannot be linked; the text says what.
    Foreign(&'static str),
}

/// How an input section appears in the output.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule<'a> {
    pub name: &'a [u8],
    /// Position of the output section; equal ranks stay in order of first appearance.
    pub rank: u32,
    /// Orders members of the output section, stable.
    pub sort: u32,
    /// Garbage collection never drops it.
    pub keep: bool,
    /// The link makes its own: the input's is dropped (after the format has read it).
    pub drop: bool,
    /// Elements are to be reversed when copied (old-style constructor tables).
    pub reverse: bool,
    /// Read-only once the loader has relocated it.
    pub relro: bool,
    /// Its pieces need not follow each other without gaps: they may have room to grow.
    pub roomy: bool,
}

/// The same for something that the link makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SynthRule<'a> {
    pub name: &'a [u8],
    pub rank: u32,
    pub sort: u32,
    pub kind: SectionKind,
    pub flags: SectionFlags,
    pub entry_size: u64,
    pub relro: bool,
}

/// Files of a format, read and written.
pub trait FileFormat: Sync {
    /// The name that relocation rows know it by.
    fn name(&self) -> &'static str;
    fn identify(&self, bytes: &[u8]) -> FileKind;
    fn read_object<'a>(&self, arch: &'static Arch, bytes: &'a [u8]) -> Result<Object<'a>, String>;
    fn read_shared<'a>(&self, arch: &'static Arch, bytes: &'a [u8]) -> Result<SharedLib<'a>, String>;
    /// The same for a link, which needs few of its symbols.
    fn read_shared_lazily<'a>(&self, arch: &'static Arch, bytes: &'a [u8]) -> Result<LazyShared<'a>, String> {
        let lib = self.read_shared(arch, bytes)?;
        let positions = (1..).take(lib.symbols.len()).collect();
        Ok(LazyShared { lib, positions, names: None })
    }
    /// A finished image as anyone reads it; its relocations are those of run time, and refer to dynamic symbols.
    fn read_image<'a>(&self, bytes: &'a [u8]) -> Result<obj::program::Program<'a>, String>;
    /// Makes a relocatable file of one object.
    fn write_object(&self, arch: &'static Arch, object: &Object<'_>) -> Result<Vec<u8>, String>;
}

/// A shared library of which only those symbols are read that no look-up finds.
pub struct LazyShared<'a> {
    pub lib: SharedLib<'a>,
    /// Of each of the symbols that are read: its position in the library's table, ascending.
    pub positions: Vec<u32>,
    /// The other symbols; `None` when there are none.
    pub names: Option<Box<dyn SharedNames<'a> + 'a>>,
}

/// Definitions of a shared library that are read when they are asked for. Errors are those of what was asked for.
pub trait SharedNames<'a>: Send + Sync {
    /// About how many there are.
    fn count(&self) -> usize;
    /// Adds the definitions of `name` at all versions, with their positions in the library's table, ascending.
    fn named(&self, name: &[u8], found: &mut Vec<(u32, SharedSymbol<'a>)>) -> Result<(), String>;
    /// Adds the names that stand for one of these addresses in the library.
    fn at(&self, addresses: &[u64], found: &mut Vec<&'a [u8]>) -> Result<(), String>;
    /// Adds all, as [`SharedNames::named`] does.
    fn all(&self, found: &mut Vec<(u32, SharedSymbol<'a>)>) -> Result<(), String>;
}

/// The link facet of an object format.
pub trait Format: FileFormat {
    /// Output name and place of a section.
    fn rule<'s>(&self, section: &'s Section<'_>, options: &Options) -> Rule<'s>;
    /// Output name and place of what the link makes.
    fn synth_rule(&self, kind: SynthKind, options: &Options) -> SynthRule<'static>;
    /// After `scan`: adds the format's own sections with their sizes and returns who fills them.
    fn tables<'a>(&self, link: &mut Link<'a>) -> Box<dyn Tables + 'a>;
    /// What the first reserved GOT word holds: the address of the dynamic section, 0 when there is none.
    fn dynamic_address(&self, link: &Link<'_>) -> u64;
    /// The boundary symbols it defines on demand.
    fn edges(&self) -> &'static [crate::edges::EdgeRow];
}

/// The tables that a format added to one link.
pub trait Tables: Send + Sync {
    /// Before addresses: how many bytes of headers the image starts with.
    fn header_size(&self, link: &Link<'_>) -> u64;
    /// After addresses: bytes that follow the last section.
    fn trailer_size(&self, link: &Link<'_>) -> u64;
    /// After addresses: fills tables and headers into the output.
    fn write(&self, link: &Link<'_>, out: &mut [u8]);
    /// After addresses: where the file holds what a patch may change besides atoms.
    fn patch_points(&self, link: &Link<'_>) -> PatchPoints;
}

/// File offsets of fields that follow the atoms they describe.
#[derive(Clone, Debug, Default)]
pub struct PatchPoints {
    /// For each symbol that is defined in an atom: where its size stands, as 64-bit numbers; 0 for "not there".
    pub sizes: Vec<(ObjId, SymId, [u64; 2])>,
    /// For each of [`Link::run_relocs`], in its order: where its 64-bit addend stands.
    pub addends: Vec<u64>,
    /// The build id, if it is a hash of the image.
    pub build_id: Option<std::ops::Range<u64>>,
}
