//! Which places get a name: those of symbols, and a label for every other place that a relocation, a branch or an address
//! in the code refers to.

use super::Unit;
use super::code::{Field, fields};
use crate::disasm::Role;
use base::IdVec;
use obj::{AtomId, Object, RelocTargetKind, Section, SectionFlags, SectionKind, SymId, SymbolDef, SymbolKind};
use std::collections::{BTreeMap, HashSet};
use target::Formula;

pub(super) struct Labels {
    /// Symbols by the atom they are defined in, in the order of their ids.
    symbols: IdVec<AtomId, Vec<SymId>>,
    /// Labels by atom and offset.
    private: BTreeMap<(AtomId, u64), String>,
}

/// Where the label stands by which `addend` bytes from the start of `atom` are named: there, when it is in the atom; pieces of
/// mergeable sections are named by their first byte.
pub(super) fn label_offset(object: &Object<'_>, atom: AtomId, addend: i64) -> u64 {
    let section = &object.sections[object.atoms[atom].section];
    match u64::try_from(addend) {
        Ok(at) if at <= object.atoms[atom].size && !section.flags.has(SectionFlags::MERGE) => at,
        _ => 0,
    }
}

impl Labels {
    pub fn collect(unit: &Unit<'_>) -> Labels {
        let object = unit.object;
        let mut symbols: IdVec<AtomId, Vec<SymId>> = IdVec::new();
        symbols.resize(object.atoms.len(), Vec::new());
        let mut names: HashSet<&[u8]> = HashSet::new();
        for (id, symbol) in object.symbols.enumerated() {
            names.insert(object.symbol_name(id));
            if let SymbolDef::Atom(atom) = symbol.def
                && symbol.kind != SymbolKind::Section
            {
                symbols[atom].push(id);
            }
        }
        let mut wanted: BTreeMap<(AtomId, u64), bool> = BTreeMap::new();
        for (id, atom) in object.atoms.enumerated() {
            let section = &object.sections[atom.section];
            if Some(atom.section) == unit.line_section {
                continue;
            }
            let is_code = section.flags.has(SectionFlags::EXEC) && section.kind != SectionKind::Nobits;
            if is_code {
                code_labels(unit, id, &mut wanted);
            } else {
                data_labels(unit, id, &mut wanted);
            }
        }
        for section in object.sections.iter().filter(|section| is_cut(object, section)) {
            for idx in section.atoms.start.0..section.atoms.end.0 {
                let id = AtomId(idx);
                if !symbols[id].iter().any(|&symbol| object.symbols[symbol].value == 0) {
                    wanted.entry((id, 0)).or_default();
                }
            }
        }
        let (mut constants, mut others) = (0, 0);
        let mut private = BTreeMap::new();
        for (place, is_constant) in wanted {
            // Constants are numbered as the writer of objects numbers them; no symbol has a label's name.
            let (prefix, number) = if is_constant { ("C", &mut constants) } else { ("", &mut others) };
            let label = loop {
                let label = format!(".L{prefix}{number}");
                *number += 1;
                if !names.contains(label.as_bytes()) {
                    break label;
                }
            };
            private.insert(place, label);
        }
        Labels { symbols, private }
    }

    pub fn symbols_of(&self, atom: AtomId) -> &[SymId] {
        &self.symbols[atom]
    }

    pub fn symbols_at(&self, object: &Object<'_>, atom: AtomId, offset: u64) -> Vec<SymId> {
        self.symbols[atom].iter().copied().filter(|&sym| object.symbols[sym].value == offset).collect()
    }

    pub fn private(&self, atom: AtomId, offset: u64) -> Option<&str> {
        self.private.get(&(atom, offset)).map(String::as_str)
    }

    /// All offsets of `atom` at which something has a name, in order.
    pub fn offsets(&self, object: &Object<'_>, atom: AtomId) -> Vec<u64> {
        let mut offsets: Vec<u64> = self.symbols[atom].iter().map(|&sym| object.symbols[sym].value).collect();
        offsets.extend(self.private.range((atom, 0)..=(atom, u64::MAX)).map(|(place, _)| place.1));
        offsets.sort_unstable();
        offsets.dedup();
        offsets
    }
}

/// The section is not one atom that fills it, or holds code.
pub(super) fn is_cut(object: &Object<'_>, section: &Section<'_>) -> bool {
    match object.atoms.range(section.atoms.clone()) {
        [] => false,
        [atom] => section.flags.has(SectionFlags::EXEC) || atom.offset != 0 || atom.size != section.size,
        _ => true,
    }
}

fn want(object: &Object<'_>, atom: AtomId, addend: i64, is_constant: bool, wanted: &mut BTreeMap<(AtomId, u64), bool>) {
    *wanted.entry((atom, label_offset(object, atom, addend))).or_default() |= is_constant;
}

fn code_labels(unit: &Unit<'_>, id: AtomId, wanted: &mut BTreeMap<(AtomId, u64), bool>) {
    let object = unit.object;
    let size = object.atoms[id].size;
    fields(unit, id, &mut |field| match field {
        Field::Relocated(reloc, place, len) => {
            if let RelocTargetKind::Atom(target) = reloc.target.kind() {
                let named = object.needs_name(unit.arch, reloc, target, true);
                let bias =
                    if matches!(place.role, Role::Branch | Role::Relative) { len - i64::from(place.at) } else { 0 };
                want(object, target, reloc.addend.wrapping_add(bias), named, wanted);
            }
        }
        Field::Unplaced(reloc) => {
            if let RelocTargetKind::Atom(target) = reloc.target.kind() {
                want(object, target, reloc.addend, object.needs_name(unit.arch, reloc, target, true), wanted);
            }
        }
        Field::Inner(address) => {
            if address <= size {
                wanted.entry((id, address)).or_default();
            }
        }
    });
}

fn data_labels(unit: &Unit<'_>, id: AtomId, wanted: &mut BTreeMap<(AtomId, u64), bool>) {
    let object = unit.object;
    for reloc in object.atom_relocs(id) {
        let RelocTargetKind::Atom(target) = reloc.target.kind() else { continue };
        let named = object.needs_name(unit.arch, reloc, target, true);
        let is_relative = unit.arch.reloc(reloc.kind).formula == Formula::PcRel;
        let from_start = reloc.addend.wrapping_sub(i64::from(reloc.offset));
        if is_relative && is_table_entry(object, target, from_start) {
            // An entry of a table of distances from the table's start.
            wanted.entry((id, 0)).or_default();
            want(object, target, from_start, named, wanted);
        } else {
            want(object, target, reloc.addend, named, wanted);
        }
    }
}

/// True when a distance is best written from the start of the atom it stands in: what it then goes to lies in its target.
pub(super) fn is_table_entry(object: &Object<'_>, target: AtomId, from_start: i64) -> bool {
    let code = object.sections[object.atoms[target].section].flags.has(SectionFlags::EXEC);
    code && u64::try_from(from_start).is_ok_and(|at| at <= object.atoms[target].size)
}
