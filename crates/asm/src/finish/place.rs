//! Sections of assembly text become sections and atoms of the object.

use super::{Host, MAX_CHAIN};
use crate::section_directive::ABSOLUTE;
use crate::symbols::{Place, SIGNATURE, Severity, SymRef};
use crate::unit::Assembler;
use base::Id;
use mc::buffer::Mark;
use obj::build::{ObjectBuilder, SectionSpec};
use obj::{AtomId, GroupId, SectionFlags, SectionId, SectionKind, SymId};
use target::Arch;

/// Where the pieces went.
#[derive(Default)]
pub(super) struct Layout {
    /// Atom of each piece; none for those that were empty, or appended to another.
    pub atoms: Vec<Option<AtomId>>,
    /// Atoms of the pieces that have several, by where they begin.
    pub cut: Vec<Vec<(u64, AtomId)>>,
}

impl Assembler {
    /// Makes a section of the object for every section.
    pub(super) fn place_sections(&mut self, host: &mut dyn Host, arch: &Arch) -> Layout {
        let mut layout = Layout { atoms: vec![None; self.pieces.len()], cut: Vec::new() };
        let mut ids: Vec<Option<SectionId>> = Vec::new();
        for at in 0..self.sections.len() {
            let piece = self.first_piece(at) as usize;
            let section = &self.sections[at];
            let is_empty = self.pieces[piece].code.wide_len() == 0;
            let is_left_out = *section.name == *ABSOLUTE
                || *section.name == *crate::atoms::NAME && self.has_atoms()
                || !self.is_file && is_empty && section.name.starts_with(b".") && !self.has_labels(piece as u32);
            if is_left_out {
                ids.push(None);
                continue;
            }
            let group = match section.group {
                Some(signature) => self.group(at, signature, host.builder()),
                None => GroupId::NONE,
            };
            let section = &self.sections[at];
            let (flags, entry_size, kind) = (section.flags, section.entry_size, section.kind);
            let is_array = matches!(kind, SectionKind::InitArray | SectionKind::FiniArray | SectionKind::PreinitArray);
            let entry_size = if is_array && self.is_file && entry_size == 0 {
                u64::from(arch.layout.pointer.size)
            } else {
                entry_size
            };
            let spec = SectionSpec { name: &section.name, kind, flags, entry_size, group };
            let mut pad = [0];
            if flags.has(SectionFlags::EXEC) {
                (self.syntax.nops())(&mut pad, 0);
            }
            let builder = host.builder();
            let id = if self.is_file { builder.new_section(spec, pad[0]) } else { builder.section(spec, pad[0]) };
            ids.push(Some(id));
            builder.set_extra(id, section.extra);
            if self.cuts.get(piece).is_some_and(|cuts| !cuts.is_empty()) {
                layout.cut.resize(self.pieces.len(), Vec::new());
                match self.place_cut(host.builder(), piece as u32, (id, kind)) {
                    Ok(made) => {
                        layout.atoms[piece] = made.first().map(|first| first.1);
                        layout.cut[piece] = made;
                    }
                    Err(text) => self.error(text),
                }
                continue;
            }
            let section = &self.sections[at];
            let code = &mut self.pieces[piece].code;
            let atom = if kind == SectionKind::Nobits {
                builder.add_zero_atom(id, section.align, code.wide_len())
            } else {
                let atom = builder.begin_atom(id, section.align);
                code.finish(builder.buffer(id));
                builder.finish_atom(id);
                atom
            };
            layout.atoms[piece] = Some(atom);
            let unreached = self.pieces[piece].code.unreached();
            for (_, displacement) in unreached {
                let text = format!("value of {displacement} too large for field of 1 byte");
                self.error(text);
            }
        }
        for (at, section) in self.sections.iter().enumerate() {
            let Some(link) = section.link else { continue };
            let found = match self.tables.syms[link.index()].place {
                Place::At(piece, _) => Some(self.pieces[piece as usize].section as usize),
                _ => None,
            };
            match (ids[at], found.and_then(|found| ids[found])) {
                (Some(id), Some(to)) => host.builder().set_link_order(id, to),
                _ => {
                    let text = format!("undefined linked-to symbol `{}'", self.tables.shown(link));
                    self.tables.messages.push(crate::symbols::Message {
                        severity: Severity::Error,
                        loc: self.tables.loc,
                        text,
                        calls: Vec::new(),
                    });
                }
            }
        }
        layout
    }

    fn has_labels(&self, piece: u32) -> bool {
        let section = self.pieces[piece as usize].section;
        let own = self.sections.get(section as usize).map(|section| section.symbol);
        self.tables
            .syms
            .iter()
            .enumerate()
            .any(|(idx, sym)| matches!(sym.place, Place::At(of, _) if of == piece) && Some(SymRef::new(idx)) != own)
    }

    /// The group of a section: made with the first section of its signature, whose symbol is made in its turn.
    pub(super) fn group(&mut self, at: usize, signature: SymRef, builder: &mut ObjectBuilder) -> GroupId {
        if let Some(known) = self.groups.iter().find(|known| known.0 == signature) {
            return known.1;
        }
        let comdat = self.sections[at..].iter().any(|section| section.group == Some(signature) && section.comdat);
        self.tables.sym(signature).flags |= SIGNATURE;
        let group = builder.add_group(SymId::NONE, comdat);
        self.groups.push((signature, group));
        group
    }

    /// The atom that a place of a piece lies in, and where in the piece it begins. The line tells at boundaries.
    pub(super) fn atom_at(&self, layout: &Layout, piece: u32, mark: Mark, line: u32) -> Option<(AtomId, u64)> {
        match layout.cut.get(piece as usize) {
            Some(cut) if !cut.is_empty() => {
                let &(start, atom) = cut.get(self.cut_of(piece, mark, line))?;
                Some((atom, start))
            }
            _ => Some((layout.atoms[piece as usize]?, 0)),
        }
    }

    /// The atom of what an expression adds to, and where in its piece that begins.
    pub(super) fn atom_of(&self, layout: &Layout, piece: u32, symbol: Option<SymRef>) -> Option<(AtomId, u64)> {
        if layout.cut.is_empty() {
            return Some((layout.atoms[piece as usize]?, 0));
        }
        let mut symbol = symbol;
        for _ in 0..MAX_CHAIN {
            let Some(at) = symbol else { break };
            let sym = &self.tables.syms[at.index()];
            match sym.place {
                Place::At(of, mark) if of == piece => return self.atom_at(layout, piece, mark, sym.loc.line),
                Place::Value(expr) => symbol = expr.plus,
                _ => break,
            }
        }
        self.atom_at(layout, piece, Mark::default(), u32::MAX)
    }
}
