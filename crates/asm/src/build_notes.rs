//! `--generate-missing-build-notes=yes`: a note for each section of code, which says what addresses it holds and that an assembler
//! made them ("Watermark" specification, 2018: `.gnu.build.attributes`, an open range with a version attribute).

use crate::expr::Expr;
use crate::sections::{Told, Wanted};
use crate::symbols::Place;
use crate::unit::Assembler;
use mc::buffer::Mark;
use obj::{SectionFlags, SectionKind};
use target::Arch;

const SECTION: &[u8] = b".gnu.build.attributes";
/// `NT_GNU_BUILD_ATTRIBUTE_OPEN`
const OPEN: u32 = 0x100;
/// The version attribute: 3 of the specification, by an assembler, 1 of what it says.
const NAME: &[u8; 8] = b"GA$\x013a1\0";
/// In bytes.
const ALIGN: u32 = 4;

impl Assembler {
    /// Writes the notes unless the text has such itself. Every piece has its final lengths.
    pub(crate) fn write_build_notes(&mut self, arch: &Arch) {
        if !self.options.build_notes || self.has_section(SECTION) {
            return;
        }
        let pointer = arch.layout.pointer.size;
        let told: Vec<u32> = (0..self.sections.len())
            .filter(|&at| {
                let section = &self.sections[at];
                // Of one name the first counts; what may be dropped in favour of another is not told.
                let is_first = self.by_name.get(&*section.name).is_some_and(|same| same.first() == Some(&(at as u32)));
                let is_comdat = section.comdat || section.name.starts_with(b".gnu.linkonce");
                section.flags.has(SectionFlags::EXEC) && is_first && !is_comdat
            })
            .map(|at| self.first_piece(at))
            .collect();
        let wanted = Wanted { kind: SectionKind::Note, ..Wanted::plain(SECTION) };
        let section = self.section(&wanted, Told::default());
        self.tables.piece = self.first_piece(section as usize);
        self.code().settle_if_new();
        self.ask_alignment(ALIGN);
        for piece in told {
            let start = self.tables.nameless(Place::At(piece, Mark::default()));
            let len = self.pieces[piece as usize].code.settled_len();
            let code = self.code();
            for word in [NAME.len() as u32, 2 * u32::from(pointer), OPEN] {
                code.put(u64::from(word), 4);
            }
            code.put_bytes(NAME);
            for offset in [0, i64::from(len)] {
                self.field(Expr { offset, ..Expr::symbol(start) }, pointer);
            }
        }
    }
}
