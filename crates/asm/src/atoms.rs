//! Atom boundaries in assembly text (`docs/decisions/0050`): a section `.kit.atoms` whose numbers are label differences.

use crate::cursor::Cursor;
use crate::directive::{Outcome, number, symbol};
use crate::symbols::{Loc, Place, Severity, SymRef};
use crate::unit::Assembler;
use mc::buffer::Mark;
use obj::build::ObjectBuilder;
use obj::{AtomId, SectionId, SectionKind};

/// The section that is read, not kept.
pub(crate) const NAME: &[u8] = b".kit.atoms";
/// What it begins with.
const MARK: &[u8] = b"kitcuts1";

/// An atom as text says it.
pub(crate) struct Said {
    begin: SymRef,
    end: SymRef,
    log2: u32,
    loc: Loc,
}

/// An atom of a section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    begin: Mark,
    end: Mark,
    /// Of its BEGIN label.
    line: u32,
    log2: u32,
}

impl Assembler {
    /// The text says where atoms are.
    pub fn has_atoms(&self) -> bool {
        !self.atoms_said.is_empty()
    }

    /// Inside the section that says so.
    pub(crate) fn is_atoms_section(&self) -> bool {
        let section = self.pieces[self.tables.piece as usize].section;
        self.is_file && self.sections.get(section as usize).is_some_and(|section| *section.name == *NAME)
    }

    /// `.uleb128 END-BEGIN, LOG2`; false when the section is something else.
    pub(crate) fn say_atom(&mut self, line: &mut Cursor) -> Result<bool, String> {
        if !self.code().begins_with(MARK) {
            return Ok(false);
        }
        // The labels count, not the number that their difference may already be.
        let told = "an atom is told by the difference of two labels";
        let end = symbol(self, line).map_err(|_| told)?;
        if !line.eat(b'-') {
            return Err(told.into());
        }
        let begin = symbol(self, line).map_err(|_| told)?;
        line.expect(b',')?;
        let log2 = number(self, line)?;
        let log2 = u32::try_from(log2).ok().filter(|&log2| log2 < 32).ok_or("an alignment is too large")?;
        let loc = self.tables.loc;
        self.atoms_said.push(Said { begin, end, log2, loc });
        Ok(true)
    }

    /// Finds the places of the atoms, by section.
    pub(crate) fn cut(&mut self) {
        let said = std::mem::take(&mut self.atoms_said);
        self.cuts = (0..self.pieces.len()).map(|_| Vec::new()).collect();
        for atom in &said {
            let place = |symbol: SymRef| match self.tables.syms[symbol.index()].place {
                Place::At(piece, mark) => Some((piece, mark)),
                _ => None,
            };
            let problem = match (place(atom.begin), place(atom.end)) {
                (Some((piece, begin)), Some((other, end))) if piece == other => {
                    let line = self.tables.syms[atom.begin.index()].loc.line;
                    let cuts = &mut self.cuts[piece as usize];
                    if end < begin || cuts.last().is_some_and(|last| begin < last.end) {
                        Some("atoms overlap or are not in order")
                    } else {
                        cuts.push(Cut { begin, end, line, log2: atom.log2 });
                        None
                    }
                }
                _ => Some("an atom needs two labels of one section"),
            };
            if let Some(text) = problem {
                self.tables.say(Severity::Error, atom.loc, text.into());
            }
        }
        self.atoms_said = said;
    }

    /// Which atom of its section a place belongs to; the line tells at boundaries.
    pub(crate) fn cut_of(&self, piece: u32, mark: Mark, line: u32) -> usize {
        let Some(cuts) = self.cuts.get(piece as usize) else { return 0 };
        let mut at = cuts.partition_point(|cut| cut.begin <= mark).saturating_sub(1);
        while at > 0 && cuts[at].begin == mark && line < cuts[at].line {
            at -= 1;
        }
        at
    }

    /// Makes the atoms of a section that has its lengths: where each begins.
    pub(crate) fn place_cut(
        &mut self,
        builder: &mut ObjectBuilder,
        piece: u32,
        (id, kind): (SectionId, SectionKind),
    ) -> Result<Vec<(u64, AtomId)>, String> {
        let mut bytes = Vec::new();
        let code = &mut self.pieces[piece as usize].code;
        let len = code.wide_len();
        if kind != SectionKind::Nobits {
            code.finish(&mut bytes);
        }
        let mut made = Vec::new();
        let mut size = 0u64;
        for cut in &self.cuts[piece as usize] {
            let (begin, end) = (code.wide_place(cut.begin), code.wide_place(cut.end));
            let align = 1u32 << cut.log2;
            if Some(begin) != size.checked_next_multiple_of(u64::from(align)) {
                return Err(format!("an atom at offset {begin:#x} does not follow the one before it"));
            }
            let atom = if kind == SectionKind::Nobits {
                builder.add_zero_atom(id, align, end.wrapping_sub(begin))
            } else {
                builder.add_atom(id, align, &bytes[begin as usize..end as usize])
            };
            made.push((begin, atom));
            size = end;
        }
        if size != len {
            return Err("bytes stand behind the last atom of a section".into());
        }
        if kind != SectionKind::Nobits {
            // What is between atoms stays as the text has it.
            builder.buffer(id).copy_from_slice(&bytes);
        }
        Ok(made)
    }
}

/// `.uleb128` where it tells of an atom.
pub(crate) fn told(asm: &mut Assembler, line: &mut Cursor) -> Option<Outcome> {
    if !asm.is_atoms_section() {
        return None;
    }
    match asm.say_atom(line) {
        Ok(true) => Some(Ok(())),
        Ok(false) => None,
        Err(message) => Some(Err(message)),
    }
}
