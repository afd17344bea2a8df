//! Making an object: what code generation, the assembler and the debug writers call.
//!
//! Sections come into being on demand; one atom per section may be open at a time, and its bytes are appended straight
//! to the section's buffer, so that nothing is copied between selection and output. Symbols and relocations may refer to
//! what is not defined yet. [`ObjectBuilder::finish`] puts everything in the model's order: atoms by section, relocations
//! by atom, local symbols before the others.

use crate::{
    Atom, AtomId, Binding, Group, GroupId, Object, Reloc, RelocTarget, RelocTargetKind, Section, SectionExtra,
    SectionFlags, SectionId, SectionKind, StrRef, SymId, Symbol, SymbolDef, SymbolKind, Visibility,
};
use base::hash::QuickMap;
use base::{Id, IdVec};
use std::borrow::Cow;
use target::RelocKind;

/// What a section is asked for by. Two requests with the same name, group and flags give the same section.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SectionSpec<'n> {
    pub name: &'n [u8],
    pub kind: SectionKind,
    pub flags: SectionFlags,
    /// Size of an element of a mergeable or table section, else 0.
    pub entry_size: u64,
    pub group: GroupId,
}

impl<'n> SectionSpec<'n> {
    /// A section of program bytes with `flags`, in no group.
    pub fn progbits(name: &'n [u8], flags: SectionFlags) -> SectionSpec<'n> {
        SectionSpec { name, kind: SectionKind::Progbits, flags, entry_size: 0, group: GroupId::NONE }
    }

    /// A zero-filled section with `flags`, in no group.
    pub fn nobits(name: &'n [u8], flags: SectionFlags) -> SectionSpec<'n> {
        SectionSpec { kind: SectionKind::Nobits, ..SectionSpec::progbits(name, flags) }
    }
}

/// Fills a gap between atoms; the second operand is the section's byte for gaps.
pub type Fill = fn(&mut [u8], u8);

struct BuildSection {
    section: Section<'static>,
    data: Vec<u8>,
    /// Fills the gap before an aligned atom.
    pad: u8,
    fill: Option<Fill>,
    open: AtomId,
}

/// An object under construction. Ids it returns are valid until [`ObjectBuilder::finish`], which may renumber.
pub struct ObjectBuilder {
    sections: IdVec<SectionId, BuildSection>,
    by_name: QuickMap<Box<[u8]>, Vec<SectionId>>,
    atoms: IdVec<AtomId, Atom>,
    symbols: IdVec<SymId, Symbol>,
    relocs: Vec<(AtomId, Reloc)>,
    groups: IdVec<GroupId, Group>,
    strings: Vec<u8>,
}

/// What ids of the builder became in the finished object; private symbols have none there.
pub struct Renumbering {
    pub atoms: IdVec<AtomId, AtomId>,
    pub symbols: IdVec<SymId, SymId>,
}

impl ObjectBuilder {
    pub fn new() -> ObjectBuilder {
        ObjectBuilder {
            sections: IdVec::new(),
            by_name: QuickMap::default(),
            atoms: IdVec::new(),
            symbols: IdVec::new(),
            relocs: Vec::new(),
            groups: IdVec::new(),
            strings: vec![0],
        }
    }

    /// The section of `spec`, made at the end of the section list if it is new. `pad` fills gaps between its atoms.
    pub fn section(&mut self, spec: SectionSpec<'_>, pad: u8) -> SectionId {
        self.section_filled(spec, pad, None)
    }

    /// The same; `fill` writes the gaps between its atoms, where it is given.
    pub fn section_filled(&mut self, spec: SectionSpec<'_>, pad: u8, fill: Option<Fill>) -> SectionId {
        if let Some(same_name) = self.by_name.get(spec.name) {
            for &id in same_name {
                let section = &self.sections[id].section;
                if section.flags == spec.flags && section.group == spec.group && section.kind == spec.kind {
                    return id;
                }
            }
        }
        let id = self.new_section(spec, pad);
        self.sections[id].fill = fill;
        id
    }

    /// A section of its own, whatever others are called.
    pub fn new_section(&mut self, spec: SectionSpec<'_>, pad: u8) -> SectionId {
        let id = self.sections.push(BuildSection {
            section: Section {
                name: Cow::Owned(spec.name.to_vec()),
                kind: spec.kind,
                flags: spec.flags,
                align: 1,
                entry_size: spec.entry_size,
                data: Cow::Borrowed(&[]),
                size: 0,
                atoms: AtomId(0)..AtomId(0),
                group: spec.group,
                link_order: SectionId::NONE,
                extra: SectionExtra::default(),
            },
            data: Vec::new(),
            pad,
            fill: None,
            open: AtomId::NONE,
        });
        if let Some(group) = spec.group.some() {
            self.groups[group].sections.push(id);
        }
        self.by_name.entry(spec.name.into()).or_default().push(id);
        id
    }

    /// Section `id` must follow the order of section `to` ([`SectionFlags::LINK_ORDER`]).
    pub fn set_link_order(&mut self, id: SectionId, to: SectionId) {
        self.sections[id].section.link_order = to;
    }

    /// Gives section `id` what only its format knows.
    pub fn set_extra(&mut self, id: SectionId, extra: SectionExtra) {
        self.sections[id].section.extra = extra;
    }

    /// A new section group; sections join it by their [`SectionSpec`].
    pub fn add_group(&mut self, signature: SymId, comdat: bool) -> GroupId {
        self.groups.push(Group { signature, comdat, sections: Vec::new() })
    }

    /// Names a group that was made before its signature.
    pub fn set_signature(&mut self, group: GroupId, signature: SymId) {
        self.groups[group].signature = signature;
    }

    /// Opens an atom at the next multiple of `align` bytes. Its section must have no open atom.
    pub fn begin_atom(&mut self, id: SectionId, align: u32) -> AtomId {
        let section = &mut self.sections[id];
        assert!(section.open.is_none(), "two open atoms in one section");
        assert!(align.is_power_of_two());
        let offset = base::bytes::align_up(section.section.size, u64::from(align));
        section.section.align = section.section.align.max(u64::from(align));
        section.section.size = offset;
        if section.section.kind != SectionKind::Nobits {
            let end = section.data.len();
            section.data.resize(offset as usize, section.pad);
            if let Some(fill) = section.fill {
                fill(&mut section.data[end..], section.pad);
            }
        }
        let atom = self.atoms.push(Atom { section: id, offset, size: 0, align, relocs: 0..0 });
        section.open = atom;
        atom
    }

    /// The section's buffer; append to it while an atom of the section is open. The atom's first byte is at
    /// [`ObjectBuilder::atom_start`].
    #[inline]
    pub fn buffer(&mut self, section: SectionId) -> &mut Vec<u8> {
        &mut self.sections[section].data
    }

    /// Where in its section's buffer an atom begins.
    #[inline]
    pub fn atom_start(&self, atom: AtomId) -> usize {
        self.atoms[atom].offset as usize
    }

    /// The section that an atom lies in.
    #[inline]
    pub fn section_of(&self, atom: AtomId) -> SectionId {
        self.atoms[atom].section
    }

    /// Closes the section's open atom; its size is what was appended. Returns the size in bytes.
    pub fn finish_atom(&mut self, id: SectionId) -> u64 {
        let section = &mut self.sections[id];
        let atom = &mut self.atoms[section.open];
        section.open = AtomId::NONE;
        atom.size = section.data.len() as u64 - atom.offset;
        section.section.size = section.data.len() as u64;
        atom.size
    }

    /// A whole atom of given bytes.
    pub fn add_atom(&mut self, section: SectionId, align: u32, bytes: &[u8]) -> AtomId {
        let atom = self.begin_atom(section, align);
        self.buffer(section).extend_from_slice(bytes);
        self.finish_atom(section);
        atom
    }

    /// A whole atom of `size` zero bytes in a zero-filled section.
    pub fn add_zero_atom(&mut self, id: SectionId, align: u32, size: u64) -> AtomId {
        assert_eq!(self.sections[id].section.kind, SectionKind::Nobits);
        let atom = self.begin_atom(id, align);
        self.sections[id].open = AtomId::NONE;
        self.sections[id].section.size += size;
        self.atoms[atom].size = size;
        atom
    }

    /// The bytes of a closed atom, to be filled in later.
    pub fn atom_bytes_mut(&mut self, atom: AtomId) -> &mut [u8] {
        let atom = &self.atoms[atom];
        let start = atom.offset as usize;
        &mut self.sections[atom.section].data[start..start + atom.size as usize]
    }

    /// Size of a closed atom, in bytes.
    pub fn atom_size(&self, atom: AtomId) -> u64 {
        self.atoms[atom].size
    }

    /// What kind of section an atom lies in.
    pub fn section_kind(&self, atom: AtomId) -> SectionKind {
        self.sections[self.atoms[atom].section].section.kind
    }

    /// Adds a symbol, undefined until [`ObjectBuilder::define`]. Names are not looked up: the caller keeps one id a name.
    pub fn add_symbol(&mut self, name: &[u8], binding: Binding, kind: SymbolKind) -> SymId {
        let name = self.add_string(name);
        self.symbols.push(Symbol {
            name,
            def: SymbolDef::Undefined,
            binding,
            kind,
            visibility: Visibility::Default,
            value: 0,
            size: 0,
        })
    }

    /// A local symbol without a name: it serves to refer to a place in an atom that is not made yet. Once defined it is dissolved:
    /// the finished object refers to the atom.
    pub fn add_private(&mut self) -> SymId {
        self.add_symbol(b"", Binding::Local, SymbolKind::None)
    }

    /// The symbol of this name that is not local, by looking at all.
    pub fn global_named(&self, name: &[u8]) -> Option<SymId> {
        let is_it = |symbol: &Symbol| {
            symbol.binding != Binding::Local
                && self.strings[symbol.name.start as usize..][..symbol.name.len as usize] == *name
        };
        self.symbols.iter().position(is_it).map(SymId::from_index)
    }

    /// Defines a symbol at `value` bytes into `atom`.
    pub fn define(&mut self, sym: SymId, atom: AtomId, value: u64, size: u64) {
        let symbol = &mut self.symbols[sym];
        symbol.def = SymbolDef::Atom(atom);
        symbol.value = value;
        symbol.size = size;
    }

    /// A symbol, to set what [`ObjectBuilder::add_symbol`] and [`ObjectBuilder::define`] leave.
    pub fn symbol_mut(&mut self, sym: SymId) -> &mut Symbol {
        &mut self.symbols[sym]
    }

    pub fn symbol(&self, sym: SymId) -> &Symbol {
        &self.symbols[sym]
    }

    /// Adds a relocation at `offset` bytes into `atom`.
    #[inline]
    pub fn add_reloc(&mut self, atom: AtomId, offset: u32, kind: RelocKind, target: RelocTarget, addend: i64) {
        self.relocs.push((atom, Reloc { offset, kind, aux: 0, target, addend }));
    }

    /// Adds relocations of `atom`.
    pub fn add_relocs(&mut self, atom: AtomId, relocs: impl ExactSizeIterator<Item = Reloc>) {
        self.relocs.extend(relocs.map(|reloc| (atom, reloc)));
    }

    /// The finished object.
    pub fn finish(self) -> Object<'static> {
        self.finish_renumbered().0
    }

    /// The finished object, and what became of the builder's ids.
    pub fn finish_renumbered(mut self) -> (Object<'static>, Renumbering) {
        let atoms = self.order_atoms();
        let (symbols, before) = self.order_symbols(&atoms);
        let relocs = self.order_relocs(&atoms, &symbols, &before);
        for group in self.groups.as_mut_slice() {
            group.signature = symbols[group.signature];
        }
        let sections = std::mem::take(&mut self.sections);
        let object = Object {
            sections: sections
                .into_items()
                .map(|built| {
                    assert!(built.open.is_none(), "an atom was not finished");
                    Section { data: Cow::Owned(built.data), ..built.section }
                })
                .collect(),
            atoms: self.atoms,
            symbols: self.symbols,
            relocs,
            groups: self.groups,
            strings: Cow::Owned(self.strings),
        };
        (object, Renumbering { atoms, symbols })
    }

    /// Puts atoms in section order. Within a section they were made in order.
    fn order_atoms(&mut self) -> IdVec<AtomId, AtomId> {
        let mut next = 0;
        let mut counts = vec![0u32; self.sections.len()];
        for atom in &self.atoms {
            counts[atom.section.index()] += 1;
        }
        let mut places = Vec::with_capacity(counts.len());
        for (section, &count) in self.sections.as_mut_slice().iter_mut().zip(&counts) {
            places.push(next);
            section.section.atoms = AtomId(next)..AtomId(next + count);
            next += count;
        }
        let renumbered: IdVec<AtomId, AtomId> = self
            .atoms
            .iter()
            .map(|atom| {
                let place = &mut places[atom.section.index()];
                *place += 1;
                AtomId(*place - 1)
            })
            .collect();
        let mut ordered: Vec<Option<Atom>> = vec![None; self.atoms.len()];
        for (atom, id) in std::mem::take(&mut self.atoms).into_items().zip(&renumbered) {
            ordered[id.index()] = Some(atom);
        }
        self.atoms = ordered.into_iter().flatten().collect();
        renumbered
    }

    /// Puts local symbols first, keeping the order among them and among the others. Those that only stand for a place in an atom
    /// get no id: see [`ObjectBuilder::add_private`]. Returns the new ids, and the symbols as they were.
    fn order_symbols(&mut self, atoms: &IdVec<AtomId, AtomId>) -> (IdVec<SymId, SymId>, IdVec<SymId, Symbol>) {
        let is_local = |symbol: &&Symbol| symbol.binding == Binding::Local && private_place(symbol).is_none();
        let n_locals = self.symbols.iter().filter(is_local).count();
        let mut next = [0, n_locals];
        let renumbered: IdVec<SymId, SymId> = self
            .symbols
            .iter()
            .map(|symbol| {
                if private_place(symbol).is_some() {
                    return SymId::NONE;
                }
                let place = &mut next[usize::from(!is_local(&symbol))];
                *place += 1;
                SymId::from_index(*place - 1)
            })
            .collect();
        let place = |symbol: &Symbol| match symbol.def {
            SymbolDef::Atom(atom) => Symbol { def: SymbolDef::Atom(atoms[atom]), ..*symbol },
            _ => *symbol,
        };
        let named = self.symbols.iter().filter(|symbol| private_place(symbol).is_none());
        let (locals, others): (Vec<Symbol>, Vec<Symbol>) =
            named.map(place).partition(|symbol| symbol.binding == Binding::Local);
        let before = std::mem::replace(&mut self.symbols, locals.into_iter().chain(others).collect());
        (renumbered, before)
    }

    /// Groups relocations by atom, in the order of their offsets.
    fn order_relocs(
        &mut self,
        atoms: &IdVec<AtomId, AtomId>,
        symbols: &IdVec<SymId, SymId>,
        before: &IdVec<SymId, Symbol>,
    ) -> Vec<Reloc> {
        // Functions and data alternate: relocations go to their atoms' places in one pass. Within an atom they are mostly in
        // order already.
        let mut next = vec![0u32; self.atoms.len() + 1];
        for &(atom, _) in &self.relocs {
            next[atoms[atom].index() + 1] += 1;
        }
        for at in 1..next.len() {
            next[at] += next[at - 1];
        }
        for (atom, start) in self.atoms.as_mut_slice().iter_mut().zip(next.windows(2)) {
            atom.relocs = start[0]..start[1];
        }
        let mut ordered = match self.relocs.first() {
            Some(&(_, any)) => vec![any; self.relocs.len()],
            None => Vec::new(),
        };
        for &(atom, reloc) in &self.relocs {
            let (target, value) = match reloc.target.kind() {
                RelocTargetKind::Symbol(sym) => match symbols[sym].some() {
                    Some(sym) => (RelocTarget::symbol(sym), 0),
                    None => {
                        let (target, value) = private_place(&before[sym]).expect("only these have no id");
                        (RelocTarget::atom(atoms[target]), value as i64)
                    }
                },
                RelocTargetKind::Atom(target) => (RelocTarget::atom(atoms[target]), 0),
            };
            let place = &mut next[atoms[atom].index()];
            ordered[*place as usize] = Reloc { target, addend: reloc.addend.wrapping_add(value), ..reloc };
            *place += 1;
        }
        for atom in &self.atoms {
            let own = &mut ordered[atom.relocs.start as usize..atom.relocs.end as usize];
            if !own.is_sorted_by_key(|reloc| reloc.offset) {
                own.sort_by_key(|reloc| reloc.offset);
            }
        }
        ordered
    }

    fn add_string(&mut self, text: &[u8]) -> StrRef {
        if text.is_empty() {
            return StrRef::default();
        }
        let start = u32::try_from(self.strings.len()).expect("more than 4 GiB of symbol names");
        self.strings.extend_from_slice(text);
        self.strings.push(0);
        StrRef { start, len: text.len() as u32 }
    }
}

/// The place that a private symbol stands for.
fn private_place(symbol: &Symbol) -> Option<(AtomId, u64)> {
    match symbol.def {
        SymbolDef::Atom(atom)
            if symbol.name.len == 0 && symbol.binding == Binding::Local && symbol.kind != SymbolKind::Section =>
        {
            Some((atom, symbol.value))
        }
        _ => None,
    }
}

impl Default for ObjectBuilder {
    fn default() -> Self {
        ObjectBuilder::new()
    }
}
