//! Copying an ELF file with changes: the engine of `strip` and `objcopy`.
//!
//! Pure: bytes and a [`Plan`] in, bytes out. The phases, in order: `read` (the file into sections with their
//! relocations, and symbols), `select` (which sections go), `symbols` (which symbols go, and what becomes of the
//! others), `edit` (names, flags, contents of sections), `layout` (where everything goes), `write` (the bytes).
//!
//! Everything that is loaded stays where it is: a program's segments and the sections in them keep addresses and file
//! offsets; what is not loaded follows them, then the symbol table, relocations, names and section headers. The order and
//! the choice of everything is GNU objcopy's (2.40), because scripts and other tools have come to rely on it, down to how
//! string tables are shared. What GNU gives up when a loaded section goes (the read-only-after-relocation segment)
//! is kept. System V gABI, chapters 4 and 5.

mod edit;
mod layout;
mod make;
mod read;
mod select;
mod strings;
mod symbols;
mod write;

pub use make::{BinaryInput, from_binary};

use crate::defs::SHT_PROGBITS;
use crate::raw::{Elf, Phdr, Shdr};
use obj::copy::{Copied, CopyError, LoadImage, Piece, Plan, Strip};
use std::borrow::Cow;

type Result<T> = std::result::Result<T, CopyError>;

fn refuse<T>(text: impl Into<String>) -> Result<T> {
    Err(CopyError::Plan(text.into()))
}

fn shown(name: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(name)
}

/// A file on its way from input to output.
struct File<'a> {
    bytes: &'a [u8],
    kind: u16,
    entry: u64,
    /// Has a place in memory: a program or a shared library.
    linked: bool,
    phdrs: Vec<Phdr>,
    sections: Vec<Section<'a>>,
    symbols: Vec<Symbol<'a>>,
    /// What each header of the input's section table has become.
    roles: Vec<Role>,
    warnings: Vec<String>,
    complaints: Vec<String>,
}

/// What a header of the section table stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Role {
    /// Nothing that is copied: the null section.
    None,
    /// [`File::sections`] at this index.
    Section(usize),
    /// Relocations of this section.
    Relocs(usize),
    /// The symbol table, its names, the section indices beside it, the names of sections: all made anew.
    Symtab,
    Strtab,
    Xindex,
    Names,
}

/// A section that has contents of its own. Its header's `name` and `offset` are those of the input until `write`.
struct Section<'a> {
    name: Cow<'a, [u8]>,
    /// Before it was renamed.
    old_name: Cow<'a, [u8]>,
    header: Shdr,
    data: Cow<'a, [u8]>,
    /// Address and size as the input has them.
    old_addr: u64,
    old_size: u64,
    /// Where its contents are loaded, which may differ from where they run.
    lma: u64,
    old_lma: u64,
    /// Type in the input.
    old_kind: u32,
    relocs: Option<Relocs<'a>>,
    keep: bool,
    /// Lies in the loaded part of a linked file: never moves.
    fixed: bool,
    /// Signature and members as the input has them.
    group: Option<Group>,
    /// Not loaded although allocated (`noload`).
    never_load: bool,
    /// Index in the output's section table.
    out: u32,
}

impl<'a> Section<'a> {
    /// A section that no input has.
    fn new(name: Cow<'a, [u8]>, header: Shdr, data: Cow<'a, [u8]>) -> Section<'a> {
        Section {
            old_name: name.clone(),
            name,
            header,
            data,
            old_addr: 0,
            old_size: 0,
            lma: 0,
            old_lma: 0,
            old_kind: SHT_PROGBITS,
            relocs: None,
            keep: true,
            fixed: false,
            group: None,
            never_load: false,
            out: 0,
        }
    }
}

/// The relocations of a section that another section carries.
struct Relocs<'a> {
    /// With explicit addends.
    rela: bool,
    data: Cow<'a, [u8]>,
    in_group: bool,
    out: u32,
}

/// A section group.
struct Group {
    flags: u32,
    /// Index of the signature in [`File::symbols`], if it is there.
    signature: Option<usize>,
    /// Indices of headers of the input.
    members: Vec<u32>,
}

/// A symbol of the symbol table.
#[derive(Clone)]
struct Symbol<'a> {
    name: Cow<'a, [u8]>,
    binding: u8,
    kind: u8,
    other: u8,
    place: Place,
    value: u64,
    size: u64,
    /// A relocation that is copied, or a group, refers to it.
    used: bool,
    keep: bool,
    /// Index in the output.
    out: u32,
}

/// Where a symbol is defined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    Undefined,
    /// [`File::sections`] at this index.
    Section(usize),
    /// In a table that is made anew, or a relocation section.
    Table(Role),
    /// Absolute, common or another reserved index.
    Reserved(u16),
}

impl Section<'_> {
    fn is_alloc(&self) -> bool {
        self.header.flags & crate::defs::SHF_ALLOC != 0
    }

    /// Takes space in the file.
    fn has_contents(&self) -> bool {
        self.header.kind != crate::defs::SHT_NOBITS
    }

    /// Debug information by its name, as BFD tells it.
    fn is_debug(&self) -> bool {
        const PREFIXES: [&[u8]; 6] =
            [b".debug", b".gnu.debuglto_.debug_", b".gnu.linkonce.wi.", b".zdebug", b".line", b".stab"];
        !self.is_alloc()
            && self.group.is_none()
            && (PREFIXES.iter().any(|prefix| self.old_name.starts_with(prefix)) || *self.old_name == *b".gdb_index")
    }
}

/// Copies `bytes` as `plan` says.
///
/// # Errors
/// When the bytes are no ELF file that kit reads, or the plan cannot be carried out on them.
pub fn copy(bytes: &[u8], plan: &Plan) -> Result<Copied> {
    let copied = copy_once(bytes, plan, false)?;
    // The record of atoms is sealed: where what it seals was changed it is only ballast.
    if has_stale_atoms(&copied.bytes)? { copy_once(bytes, plan, true) } else { Ok(copied) }
}

fn copy_once(bytes: &[u8], plan: &Plan, drop_atoms: bool) -> Result<Copied> {
    let mut file = read::read(bytes)?;
    if drop_atoms {
        file.sections.iter_mut().filter(|s| *s.name == *crate::cut::SECTION_NAME).for_each(|s| s.keep = false);
    }
    finish(file, plan)
}

fn finish(mut file: File<'_>, plan: &Plan) -> Result<Copied> {
    let dumps = edit::dumped(&mut file, plan)?;
    change(&mut file, plan)?;
    let bytes = write::write(&mut file, plan)?;
    Ok(Copied { bytes, dumps, warnings: file.warnings, complaints: file.complaints })
}

/// Everything that is decided before places are given. Beyond this point no section or symbol is added or dropped.
fn change(file: &mut File<'_>, plan: &Plan) -> Result<()> {
    select::select(file, plan)?;
    edit::edit(file, plan)?;
    symbols::choose(file, plan)?;
    select::drop_relocs(file, plan);
    Ok(())
}

/// The loaded parts of `bytes` after the changes of `plan`, for formats without sections.
///
/// # Errors
/// As [`copy`].
pub fn load_image(bytes: &[u8], plan: &Plan) -> Result<LoadImage> {
    let mut file = read::read(bytes)?;
    let dumps = edit::dumped(&mut file, plan)?;
    select::select(&mut file, plan)?;
    edit::edit(&mut file, plan)?;
    let pieces = file.sections.iter().filter(|section| {
        section.keep
            && section.is_alloc()
            && section.has_contents()
            && !section.never_load
            && !section.data.is_empty()
            && plan.strip != Strip::NonDebug
    });
    let pieces =
        pieces.map(|section| Piece { name: section.name.to_vec(), address: section.lma, bytes: section.data.to_vec() });
    let pieces = pieces.collect();
    let copied = Copied { bytes: Vec::new(), dumps, warnings: file.warnings, complaints: file.complaints };
    Ok(LoadImage { pieces, entry: file.entry, copied })
}

/// True when `bytes` have a record of atoms that does not fit them.
fn has_stale_atoms(bytes: &[u8]) -> Result<bool> {
    let elf = Elf::parse(bytes)?;
    for (idx, shdr) in elf.shdrs.iter().enumerate() {
        if elf.name(shdr).is_ok_and(|name| name == crate::cut::SECTION_NAME) {
            return Ok(!matches!(crate::cut::Cut::open(&elf, idx as u32, shdr), Ok(Some(_))));
        }
    }
    Ok(false)
}
