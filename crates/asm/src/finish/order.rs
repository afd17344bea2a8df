//! The order of an object's symbols, as GNU as has it: symbols and sections as the text brings them. Private symbols that
//! relocations need stand where an operand that begins with a name names them for the second time, or else behind all others in
//! the order of the relocations, section by section.
//!
//! The order says nothing to a linker. It is kept because equal files are the plainest proof that two assemblers agree.

use super::Host;
use super::fix::{Pending, Target};
use super::place::Layout;
use crate::symbols::{NEEDED, PRIVATE, Place, SIGNATURE, SymRef, VERSION};
use crate::unit::Assembler;
use base::Id;
use obj::build::ObjectBuilder;
use obj::{AtomId, Binding, SymbolKind};

impl Assembler {
    /// The object has the symbols of the text and no others' order.
    fn is_plain(&self) -> bool {
        self.is_file && !self.has_atoms()
    }

    /// Symbols by the first mention of their names.
    fn by_mention(&self) -> Vec<SymRef> {
        let mut list: Vec<SymRef> = (0..self.tables.syms.len()).map(SymRef::new).collect();
        if !self.tables.replaced.is_empty() {
            // What took a name over stands where the name was first.
            let mut first: Vec<usize> = (0..list.len()).collect();
            for (old, new) in &self.tables.replaced {
                let at = first[old.index()];
                first[new.index()] = at;
                list.swap(at, new.index());
            }
        }
        list
    }

    /// The symbols in the order in which the text brings them; private ones where they had their turn, versions not.
    pub(crate) fn brought(&self) -> Vec<SymRef> {
        let mut order = Vec::new();
        let mut told = self.tables.turns.iter().peekable();
        for (idx, symbol) in self.by_mention().into_iter().enumerate() {
            while let Some(turn) = told.next_if(|turn| turn.1 as usize <= idx) {
                order.push(turn.0);
            }
            if self.tables.syms[symbol.index()].flags & (PRIVATE | VERSION) == 0 {
                order.push(symbol);
            }
        }
        order.extend(told.map(|turn| turn.0));
        order
    }

    /// The symbols in the order of the object's table; private ones that cannot come to stand there are left out.
    pub(super) fn turns(&mut self, pending: &[Pending], layout: &Layout, builder: &ObjectBuilder) -> Vec<SymRef> {
        let list = self.by_mention();
        if !self.is_plain() || self.tables.keep_locals {
            return list;
        }
        let mut order = Vec::with_capacity(list.len());
        let late_sections = self.late_sections(layout);
        let is_late = |symbol: SymRef| late_sections.iter().any(|late| late.1 == symbol);
        // Versions beside a symbol come behind all of them, names of groups alone last.
        let (mut rest, mut versions, mut groups) = (Vec::new(), Vec::<SymRef>::new(), Vec::new());
        let mut told = self.tables.turns.iter().peekable();
        for (idx, &symbol) in list.iter().enumerate() {
            while let Some(&&(symbol, _)) = told.peek().filter(|turn| turn.1 as usize <= idx) {
                order.push(symbol);
                told.next();
            }
            let sym = &self.tables.syms[symbol.index()];
            let names_group =
                sym.flags & (SIGNATURE | NEEDED) == SIGNATURE && sym.place == Place::Undefined && sym.binding.is_none();
            if names_group && !sym.had_turn {
                groups.push(symbol);
            } else if !late_sections.is_empty() && is_late(symbol) {
                // In the turn of its first relocation.
            } else if sym.flags & (PRIVATE | VERSION) == 0 {
                order.push(symbol);
                let instead = if self.is_removed(symbol) { symbol } else { self.renamed(symbol) };
                if instead != symbol {
                    order.push(instead);
                }
                let others = self.tables.extra_of(symbol).map_or(&[][..], |extra| &extra.aliases);
                versions.extend(others.iter().rev().filter(|&&version| version != instead));
            } else if !sym.had_turn && (sym.place == Place::Undefined || sym.flags & SIGNATURE != 0) {
                rest.push(symbol);
            }
        }
        order.extend(told.map(|turn| turn.0));
        let mut late = Vec::new();
        for reloc in pending {
            let (symbol, is_section) = match reloc.target {
                Target::Symbol(symbol) => (symbol, false),
                Target::Place(atom) => match late_sections.iter().find(|late| late.0 == atom) {
                    Some(late) => (late.1, true),
                    None => continue,
                },
                Target::Nothing => continue,
            };
            let sym = &self.tables.syms[symbol.index()];
            if (is_section || sym.flags & PRIVATE != 0) && !sym.had_turn {
                late.push((builder.section_of(reloc.atom), reloc.offset, symbol));
            }
        }
        late.sort_by_key(|&(section, offset, _)| (section, offset));
        for symbol in late.into_iter().map(|last| last.2).chain(rest) {
            let sym = self.tables.sym(symbol);
            if !std::mem::replace(&mut sym.had_turn, true) {
                order.push(symbol);
            }
        }
        order.extend(versions);
        order.extend(groups);
        order
    }

    /// The atoms and symbols of sections whose name was a symbol's before them.
    fn late_sections(&self, layout: &Layout) -> Vec<(AtomId, SymRef)> {
        let late = self.sections.iter().filter(|section| section.is_named_late);
        late.filter_map(|section| Some((layout.atoms[section.pieces[0].1 as usize]?, section.symbol))).collect()
    }

    /// Sections that relocations refer to, by number: where no atoms are told, their symbols stand among the others in the order
    /// in which the text brought them, as GNU as has it. Elsewhere the format's writer makes them.
    pub(super) fn needed_sections(&self, pending: &[Pending], builder: &ObjectBuilder) -> Vec<bool> {
        let mut needed = Vec::new();
        if !self.is_plain() {
            return needed;
        }
        for reloc in pending {
            let Target::Place(atom) = reloc.target else { continue };
            let section = builder.section_of(atom).index();
            if needed.len() <= section {
                needed.resize(section + 1, false);
            }
            needed[section] = true;
        }
        needed
    }

    /// The symbol of a section, if something refers to it.
    pub(super) fn section_symbol(&mut self, symbol: SymRef, host: &mut dyn Host, layout: &Layout, needed: &[bool]) {
        let sym = *self.tables.sym(symbol);
        let Place::At(piece, _) = sym.place else { return };
        let Some(atom) = layout.atoms[piece as usize] else { return };
        let builder = host.builder();
        let is_needed = needed.get(builder.section_of(atom).index()) == Some(&true);
        if is_needed || sym.flags & NEEDED != 0 {
            let id = builder.add_symbol(b"", Binding::Local, SymbolKind::Section);
            builder.define(id, atom, 0, 0);
            self.tables.sym(symbol).object = id;
        }
    }
}
