//! Sections of assembly text, their subsections, and the state that belongs to a place in one.

use crate::symbols::{HOME, Place, SymRef};
use crate::unit::Assembler;
use mc::CodeBuffer;
use obj::{Binding, SectionExtra, SectionFlags, SectionKind};

/// A section of assembly text.
pub(crate) struct Section {
    pub name: Box<[u8]>,
    pub kind: SectionKind,
    pub flags: SectionFlags,
    pub entry_size: u64,
    /// Signature symbol of its group.
    pub group: Option<SymRef>,
    /// Of groups with this signature one is kept.
    pub comdat: bool,
    /// Tells sections of one name apart (`unique`); 0 for none.
    pub unique: u64,
    /// The section that `o` names.
    pub link: Option<SymRef>,
    pub extra: SectionExtra,
    /// Subsections by number: their pieces.
    pub pieces: Vec<(i64, u32)>,
    /// In bytes.
    pub align: u32,
    /// Stands for its beginning.
    pub symbol: SymRef,
    /// Its name was a symbol's already: its own symbol is made where something first needs it.
    pub is_named_late: bool,
    /// Made without being told of: only kept when something is in it.
    pub is_implied: bool,
}

/// A run of code or data that is written from its beginning to its end: the function at hand, or a subsection.
pub(crate) struct Piece {
    pub code: CodeBuffer,
    /// Index of [`Assembler::sections`]; `u32::MAX` for the function at hand.
    pub section: u32,
    pub is_nobits: bool,
    /// Bytes that were asked for where there are none in the file, but for huge spots.
    pub n_zeros: u64,
    pub is_code: bool,
    /// In bytes: what the text of the function at hand asks for.
    pub align: u32,
    /// The open `.cfi_startproc`, and 1 more; 0 for none.
    pub proc: u32,
    /// The frame table that it is ([`crate::frame_text`]).
    pub frame_table: Option<u8>,
}

/// What a section is asked for by.
pub(crate) struct Wanted<'n> {
    pub name: &'n [u8],
    pub kind: SectionKind,
    pub flags: SectionFlags,
    pub entry_size: u64,
    pub group: Option<SymRef>,
    pub comdat: bool,
    pub unique: u64,
    pub link: Option<SymRef>,
    pub extra: SectionExtra,
}

/// What a directive says of a section beside its name: that must be what was said before.
#[derive(Clone, Copy, Default)]
pub(crate) struct Told {
    /// Some property, so that all of them count.
    pub flags: bool,
    pub kind: bool,
}

impl<'n> Wanted<'n> {
    /// As its name alone says.
    pub fn plain(name: &'n [u8]) -> Wanted<'n> {
        let (kind, flags) = known(name).unwrap_or((SectionKind::Progbits, SectionFlags::NONE));
        Wanted {
            name,
            kind,
            flags,
            entry_size: 0,
            group: None,
            comdat: false,
            unique: 0,
            link: None,
            extra: SectionExtra::default(),
        }
    }
}

const ALLOC: SectionFlags = SectionFlags::ALLOC;
const CODE: SectionFlags = ALLOC.with(SectionFlags::EXEC);
const DATA: SectionFlags = ALLOC.with(SectionFlags::WRITE);
const TLS: SectionFlags = DATA.with(SectionFlags::TLS);
const LARGE: SectionFlags = SectionFlags::LARGE;

/// How far a name of the table goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// No further.
    Nothing,
    /// On with a point.
    Dotted,
    Anything,
}
use Rest::{Anything, Dotted, Nothing};

/// Kind and flags of sections by name (gABI, chapter 4, "Special Sections", and those of GNU and of the x86-64 psABI). The first
/// row that fits counts.
#[rustfmt::skip]
static KNOWN_SECTIONS: &[(&[u8], Rest, SectionKind, SectionFlags)] = &[
    (b".text", Dotted, SectionKind::Progbits, CODE), (b".init", Nothing, SectionKind::Progbits, CODE),
    (b".fini", Nothing, SectionKind::Progbits, CODE), (b".plt", Nothing, SectionKind::Progbits, CODE),
    (b".data", Dotted, SectionKind::Progbits, DATA), (b".data1", Nothing, SectionKind::Progbits, DATA),
    (b".bss", Dotted, SectionKind::Nobits, DATA), (b".got", Nothing, SectionKind::Progbits, DATA),
    (b".rodata", Dotted, SectionKind::Progbits, ALLOC), (b".rodata1", Nothing, SectionKind::Progbits, ALLOC),
    (b".tdata", Dotted, SectionKind::Progbits, TLS), (b".tbss", Dotted, SectionKind::Nobits, TLS),
    (b".init_array", Dotted, SectionKind::InitArray, DATA), (b".fini_array", Dotted, SectionKind::FiniArray, DATA),
    (b".preinit_array", Dotted, SectionKind::PreinitArray, DATA),
    (b".noinit", Dotted, SectionKind::Nobits, DATA), (b".gnu.linkonce.n", Dotted, SectionKind::Nobits, DATA),
    (b".persistent.bss", Nothing, SectionKind::Nobits, DATA), (b".persistent", Dotted, SectionKind::Progbits, DATA),
    (b".gnu.linkonce.p", Dotted, SectionKind::Progbits, DATA), (b".gnu.linkonce.b", Dotted, SectionKind::Nobits, DATA),
    (b".note.GNU-stack", Nothing, SectionKind::Progbits, SectionFlags::NONE), (b".note", Anything, SectionKind::Note, SectionFlags::NONE),
    (b".comment", Nothing, SectionKind::Progbits, SectionFlags::NONE), (b".interp", Nothing, SectionKind::Progbits, SectionFlags::NONE),
    (b".gnu.lto_", Anything, SectionKind::Progbits, SectionFlags::EXCLUDE),
    (b".debug", Nothing, SectionKind::Progbits, SectionFlags::NONE), (b".line", Nothing, SectionKind::Progbits, SectionFlags::NONE),
    (b".debug_line", Nothing, SectionKind::Progbits, SectionFlags::NONE), (b".debug_info", Nothing, SectionKind::Progbits, SectionFlags::NONE),
    (b".debug_abbrev", Nothing, SectionKind::Progbits, SectionFlags::NONE), (b".debug_aranges", Nothing, SectionKind::Progbits, SectionFlags::NONE),
    (b".ldata", Dotted, SectionKind::Progbits, DATA.with(LARGE)), (b".lbss", Dotted, SectionKind::Nobits, DATA.with(LARGE)),
    (b".lrodata", Dotted, SectionKind::Progbits, ALLOC.with(LARGE)), (b".gnu.linkonce.lr", Dotted, SectionKind::Progbits, ALLOC.with(LARGE)),
    (b".gnu.linkonce.lt", Dotted, SectionKind::Progbits, CODE.with(LARGE)), (b".gnu.linkonce.lb", Dotted, SectionKind::Nobits, DATA.with(LARGE)),
];

/// The row of a name.
fn known_row(name: &[u8]) -> Option<&'static (&'static [u8], Rest, SectionKind, SectionFlags)> {
    let fits = |row: &&(&[u8], Rest, SectionKind, SectionFlags)| match name.strip_prefix(row.0) {
        Some([]) => true,
        Some([b'.', ..]) => row.1 != Nothing,
        Some(_) => row.1 == Anything,
        None => false,
    };
    KNOWN_SECTIONS.iter().find(fits)
}

/// The kind that a section of this name has where nothing else is said.
pub fn section_kind(name: &[u8]) -> Option<SectionKind> {
    known(name).map(|known| known.0)
}

/// What a name says of its section.
pub(crate) fn known(name: &[u8]) -> Option<(SectionKind, SectionFlags)> {
    /// A table of strings (gABI, `SHT_STRTAB`).
    const STRINGS: SectionKind = SectionKind::Other(3);
    if name.starts_with(b".stab") && name.ends_with(b"str") {
        return Some((STRINGS, SectionFlags::NONE));
    }
    known_row(name).map(|row| (row.2, row.3))
}

/// How long the part of a name is that goes on with a point.
fn known_len(name: &[u8]) -> Option<usize> {
    known_row(name).filter(|row| row.1 == Dotted).map(|row| row.0.len())
}

/// Kinds that systems and processors number themselves may stand anywhere (gABI, `SHT_LOPROC`).
fn is_of_system(kind: SectionKind) -> bool {
    matches!(kind, SectionKind::Unwind) || matches!(kind, SectionKind::Other(number) if number >= 0x7000_0000)
}

/// Flags by which a later mention is held against the first: not those that tell sections of one name apart.
fn compared(flags: SectionFlags, kind: SectionKind) -> (u32, bool) {
    const APART: SectionFlags =
        SectionFlags::RETAIN.with(SectionFlags::LINK_ORDER).with(LARGE).with(SectionFlags::MBIND);
    (flags.0 & !APART.0, flags.has(ALLOC) && kind == SectionKind::Nobits)
}

/// No section: the function at hand.
pub(crate) const NOWHERE: u32 = u32::MAX;

impl Assembler {
    /// The section of that name, group, number and so on, made if it is new.
    pub(crate) fn section(&mut self, wanted: &Wanted<'_>, told: Told) -> u32 {
        let same = |section: &Section| {
            *section.name == *wanted.name
                && section.group == wanted.group
                && section.unique == wanted.unique
                && section.link == wanted.link
                && section.extra.info == wanted.extra.info
                && section.flags.has(SectionFlags::RETAIN) == wanted.flags.has(SectionFlags::RETAIN)
        };
        let recent = self.section_hint.filter(|&at| same(&self.sections[at as usize]));
        if let Some(at) = recent.or_else(|| self.find_section(wanted, same)) {
            self.section_hint = Some(at);
            if told.flags || told.kind {
                self.told_again(at, wanted, told);
            }
            return at;
        }
        let (kind, flags) =
            if told.flags || told.kind { self.told_first(wanted, told) } else { (wanted.kind, wanted.flags) };
        let at = self.sections.len() as u32;
        let may_name = wanted.group.is_none() && wanted.unique == 0;
        let named = self.tables.find(wanted.name);
        let is_free = named.is_none_or(|named| self.tables.sym(named).place == Place::Undefined);
        let symbol =
            if may_name && is_free { self.tables.named(wanted.name) } else { self.tables.nameless(Place::Undefined) };
        self.sections.push(Section {
            name: wanted.name.into(),
            kind,
            flags,
            entry_size: wanted.entry_size,
            group: wanted.group,
            comdat: wanted.comdat,
            unique: wanted.unique,
            link: wanted.link,
            extra: wanted.extra,
            pieces: Vec::new(),
            align: 1,
            symbol,
            is_named_late: !may_name && named.is_some() || self.by_name.contains_key(wanted.name),
            is_implied: false,
        });
        self.by_name.entry(wanted.name.into()).or_default().push(at);
        let piece = self.piece_of(at, 0);
        let start = self.pieces[piece as usize].code.mark();
        let sym = self.tables.sym(symbol);
        (sym.place, sym.kind, sym.binding) =
            (Place::At(piece, start), Some(obj::SymbolKind::Section), Some(Binding::Local));
        self.section_hint = Some(at);
        at
    }

    /// Kind and flags of a section that the text describes: what its name says stands, unless the text may say otherwise.
    fn told_first(&mut self, wanted: &Wanted<'_>, told: Told) -> (SectionKind, SectionFlags) {
        let Some((kind, flags)) = known(wanted.name) else { return (wanted.kind, wanted.flags) };
        let is_array = matches!(kind, SectionKind::InitArray | SectionKind::FiniArray | SectionKind::PreinitArray);
        let name = String::from_utf8_lossy(wanted.name);
        let mut own_kind = if told.kind { wanted.kind } else { kind };
        if own_kind != kind && is_array {
            self.tables.warn(format!("ignoring incorrect section type for {name}"));
            own_kind = kind;
        } else if own_kind != kind && kind != SectionKind::Note && !is_of_system(own_kind) {
            self.tables.warn(format!("setting incorrect section type for {name}"));
        }
        const SYSTEM: SectionFlags =
            SectionFlags::EXCLUDE.with(LARGE).with(SectionFlags::RETAIN).with(SectionFlags::MBIND);
        const PIECES: SectionFlags = SectionFlags::MERGE.with(SectionFlags::STRINGS);
        let more = wanted.flags.0 & !flags.0 & !SYSTEM.0;
        if more == 0 {
            return (own_kind, wanted.flags.with(flags));
        }
        let is_suffixed = known_len(wanted.name).is_some_and(|len| wanted.name.get(len) == Some(&b'.'));
        let plain = wanted.flags.0 & !SYSTEM.0;
        if kind == SectionKind::Note && plain == ALLOC.0 || is_suffixed && more & !PIECES.0 == 0 {
            return (own_kind, wanted.flags.with(flags));
        }
        let is_free = wanted.name == b".interp" && plain == ALLOC.0
            || wanted.name == b".note.GNU-stack" && plain == SectionFlags::EXEC.0;
        if !is_free && wanted.group.is_none() {
            self.tables.warn(format!("setting incorrect section attributes for {name}"));
        }
        (own_kind, wanted.flags)
    }

    /// What is said of a section that is there already. A name with a meaning of its own goes on meaning that; what is said
    /// otherwise of another is an error.
    fn told_again(&mut self, at: u32, wanted: &Wanted<'_>, told: Told) {
        let section = &mut self.sections[at as usize];
        section.extra.flags |= wanted.extra.flags;
        let known = known(wanted.name).map(|known| known.0);
        let name = String::from_utf8_lossy(wanted.name);
        let mut kind = if told.kind { wanted.kind } else { known.unwrap_or(wanted.kind) };
        if let Some(own) = known.filter(|&own| own != kind) {
            self.tables.warn(format!("ignoring incorrect section type for {name}"));
            kind = own;
        }
        let section = &self.sections[at as usize];
        let of_flags = compared(section.flags, section.kind) != compared(wanted.flags, kind);
        let of_entries = wanted.flags.has(SectionFlags::MERGE) && section.entry_size != wanted.entry_size;
        let all = [
            (told.kind && section.kind != kind, "section type"),
            (told.flags && of_flags, "section attributes"),
            (told.flags && of_entries, "section entity size"),
        ];
        for (_, what) in all.into_iter().filter(|row| row.0) {
            match known {
                Some(_) => self.tables.warn(format!("ignoring changed {what} for {name}")),
                None => self.error(format!("changed {what} for {name}")),
            }
        }
    }

    fn find_section(&self, wanted: &Wanted<'_>, same: impl Fn(&Section) -> bool) -> Option<u32> {
        self.by_name.get(wanted.name)?.iter().copied().find(|&at| same(&self.sections[at as usize]))
    }

    /// The section of a name that has its meaning by itself.
    pub(crate) fn standard_section(&mut self, name: &[u8]) -> u32 {
        self.section(&Wanted::plain(name), Told::default())
    }

    /// The piece of a subsection.
    pub(crate) fn piece_of(&mut self, section: u32, number: i64) -> u32 {
        let at = &self.sections[section as usize];
        if let Some(&(_, piece)) = at.pieces.iter().find(|entry| entry.0 == number) {
            return piece;
        }
        let piece = self.pieces.len() as u32;
        let is_nobits = at.kind == SectionKind::Nobits;
        let is_code = at.flags.has(SectionFlags::EXEC);
        let mut code = CodeBuffer::empty(self.syntax.branches());
        code.reset(0);
        let frame_table = if self.is_file { crate::frame_text::table_of(&at.name) } else { None };
        self.pieces.push(Piece { code, section, is_nobits, n_zeros: 0, is_code, align: 1, proc: 0, frame_table });
        self.sections[section as usize].pieces.push((number, piece));
        piece
    }

    /// Goes on in another piece.
    pub(crate) fn switch(&mut self, piece: u32) {
        self.previous = self.tables.piece;
        self.tables.piece = piece;
    }

    /// The code that is written.
    #[inline]
    pub(crate) fn code(&mut self) -> &mut CodeBuffer {
        &mut self.pieces[self.tables.piece as usize].code
    }

    /// Asks for alignment of what is written.
    pub(crate) fn ask_alignment(&mut self, align: u32) {
        let piece = &mut self.pieces[self.tables.piece as usize];
        if self.tables.piece == HOME {
            piece.align = piece.align.max(align);
        } else {
            let section = &mut self.sections[piece.section as usize];
            section.align = section.align.max(align);
        }
    }
}
