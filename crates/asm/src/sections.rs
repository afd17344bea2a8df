//! Sections of assembly text, their subsections, and the state that belongs to a place in one.

use crate::symbols::{HOME, Place, SymRef};
use crate::unit::Assembler;
use mc::CodeBuffer;
use obj::{Binding, SectionFlags, SectionKind};

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
    pub unique: u32,
    /// The section that `o` names.
    pub link: Option<SymRef>,
    /// Subsections by number: their pieces.
    pub pieces: Vec<(i64, u32)>,
    /// In bytes.
    pub align: u32,
    /// Stands for its beginning.
    pub symbol: SymRef,
    /// Made without being told of: only kept when something is in it.
    pub is_implied: bool,
}

/// A run of code or data that is written from its beginning to its end: the function at hand, or a subsection.
pub(crate) struct Piece {
    pub code: CodeBuffer,
    /// Index of [`Assembler::sections`]; `u32::MAX` for the function at hand.
    pub section: u32,
    pub is_nobits: bool,
    pub is_code: bool,
    /// In bytes: what the text of the function at hand asks for.
    pub align: u32,
    /// The open `.cfi_startproc`, and 1 more; 0 for none.
    pub proc: u32,
}

/// What a section is asked for by.
pub(crate) struct Wanted<'n> {
    pub name: &'n [u8],
    pub kind: SectionKind,
    pub flags: SectionFlags,
    pub entry_size: u64,
    pub group: Option<SymRef>,
    pub comdat: bool,
    pub unique: u32,
    pub link: Option<SymRef>,
}

impl<'n> Wanted<'n> {
    /// As its name alone says.
    pub fn plain(name: &'n [u8]) -> Wanted<'n> {
        let (kind, flags) = known(name).unwrap_or((SectionKind::Progbits, SectionFlags::NONE));
        Wanted { name, kind, flags, entry_size: 0, group: None, comdat: false, unique: 0, link: None }
    }
}

const ALLOC: SectionFlags = SectionFlags::ALLOC;
const CODE: SectionFlags = ALLOC.with(SectionFlags::EXEC);
const DATA: SectionFlags = ALLOC.with(SectionFlags::WRITE);
const TLS: SectionFlags = DATA.with(SectionFlags::TLS);

/// Kind and flags of sections by name (gABI, chapter 4, "Special Sections", and what GNU as adds): the name, whether names that
/// go on with a point fit too.
#[rustfmt::skip]
static KNOWN_SECTIONS: &[(&[u8], bool, SectionKind, SectionFlags)] = &[
    (b".text", true, SectionKind::Progbits, CODE), (b".init", false, SectionKind::Progbits, CODE),
    (b".fini", false, SectionKind::Progbits, CODE), (b".plt", false, SectionKind::Progbits, CODE),
    (b".data", true, SectionKind::Progbits, DATA), (b".data1", false, SectionKind::Progbits, DATA),
    (b".bss", true, SectionKind::Nobits, DATA),
    (b".rodata", true, SectionKind::Progbits, ALLOC), (b".rodata1", false, SectionKind::Progbits, ALLOC),
    (b".tdata", true, SectionKind::Progbits, TLS), (b".tbss", true, SectionKind::Nobits, TLS),
    (b".init_array", true, SectionKind::InitArray, DATA), (b".fini_array", true, SectionKind::FiniArray, DATA),
    (b".preinit_array", true, SectionKind::PreinitArray, DATA),
    (b".gnu.linkonce.t", true, SectionKind::Progbits, CODE), (b".gnu.linkonce.d", true, SectionKind::Progbits, DATA),
    (b".gnu.linkonce.r", true, SectionKind::Progbits, ALLOC), (b".gnu.linkonce.b", true, SectionKind::Nobits, DATA),
    (b".gnu.linkonce.td", true, SectionKind::Progbits, TLS), (b".gnu.linkonce.tb", true, SectionKind::Nobits, TLS),
    (b".eh_frame", false, SectionKind::Progbits, ALLOC),
    (b".note.GNU-stack", false, SectionKind::Progbits, SectionFlags::NONE), (b".note", true, SectionKind::Note, SectionFlags::NONE),
    (b".ldata", true, SectionKind::Progbits, DATA.with(SectionFlags::LARGE)), (b".lbss", true, SectionKind::Nobits, DATA.with(SectionFlags::LARGE)),
    (b".lrodata", true, SectionKind::Progbits, ALLOC.with(SectionFlags::LARGE)),
];

/// What a name says of its section.
pub(crate) fn known(name: &[u8]) -> Option<(SectionKind, SectionFlags)> {
    let fits = |row: &&(&[u8], bool, SectionKind, SectionFlags)| match name.strip_prefix(row.0) {
        Some([]) => true,
        Some([b'.', ..]) => row.1,
        _ => false,
    };
    KNOWN_SECTIONS.iter().find(fits).map(|row| (row.2, row.3))
}

/// No section: the function at hand.
pub(crate) const NOWHERE: u32 = u32::MAX;

impl Assembler {
    /// The section of that name, group and number, made if it is new. A second mention may leave out what the first one said; what
    /// it says otherwise is told.
    pub(crate) fn section(&mut self, wanted: &Wanted<'_>, said: bool) -> u32 {
        let same = |section: &Section| {
            *section.name == *wanted.name && section.group == wanted.group && section.unique == wanted.unique
        };
        let recent = self.section_hint.filter(|&at| same(&self.sections[at as usize]));
        let found = recent.or_else(|| self.find_section(wanted, same));
        if let Some(at) = found {
            self.section_hint = Some(at);
            let section = &self.sections[at as usize];
            let mut differs = None;
            if said && section.flags != wanted.flags {
                differs = Some("attributes");
            }
            if said && section.entry_size != wanted.entry_size && wanted.flags.has(SectionFlags::MERGE) {
                differs = Some("entity size");
            }
            if let Some(what) = differs {
                let name = String::from_utf8_lossy(wanted.name).into_owned();
                self.tables.warn(format!("ignoring changed section {what} for {name}"));
            }
            return at;
        }
        let at = self.sections.len() as u32;
        let may_name = wanted.group.is_none() && wanted.unique == 0;
        let known = self.tables.find(wanted.name);
        let is_free = known.is_none_or(|known| self.tables.sym(known).place == Place::Undefined);
        let symbol =
            if may_name && is_free { self.tables.named(wanted.name) } else { self.tables.nameless(Place::Undefined) };
        self.sections.push(Section {
            name: wanted.name.into(),
            kind: wanted.kind,
            flags: wanted.flags,
            entry_size: wanted.entry_size,
            group: wanted.group,
            comdat: wanted.comdat,
            unique: wanted.unique,
            link: wanted.link,
            pieces: Vec::new(),
            align: 1,
            symbol,
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

    fn find_section(&self, wanted: &Wanted<'_>, same: impl Fn(&Section) -> bool) -> Option<u32> {
        self.by_name.get(wanted.name)?.iter().copied().find(|&at| same(&self.sections[at as usize]))
    }

    /// The section of a name that has its meaning by itself.
    pub(crate) fn standard_section(&mut self, name: &[u8]) -> u32 {
        self.section(&Wanted::plain(name), false)
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
        self.pieces.push(Piece { code, section, is_nobits, is_code, align: 1, proc: 0 });
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
